import { create } from '@bufbuild/protobuf'
import {
  type GetSeatMapResponse,
  GetSeatMapResponseSchema,
} from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import type { SeatMapChange } from '@quorail/proto/quorail/watch/v1/watch_pb'

/** The seat map as it is after the change; a new object. */
export function foldSeatMap(map: GetSeatMapResponse, change: SeatMapChange): GetSeatMapResponse {
  const changed = new Map(change.seats.map((seat) => [seat.seat, seat]))
  const { stops, coaches } = map
  const journey = change.journey ?? map.journey
  return create(GetSeatMapResponseSchema, {
    ...(journey && { journey }),
    stops,
    coaches,
    seats: map.seats.map((seat) => changed.get(seat.seat) ?? seat),
  })
}
