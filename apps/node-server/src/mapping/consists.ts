/** Changes of a run's coaches, between the API and the state machine. */
import { create } from '@bufbuild/protobuf'
import {
  type BookingState,
  type ConsistChange,
  type ConsistPreview,
  info,
  type ReseatedView,
} from '@quorail/booking-fsm'
import {
  type ConsistChange as ChangeMessage,
  PreviewConsistResponseSchema,
  ReseatedBookingSchema,
} from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import { coachOfMessage, propertyMessages } from './seats.ts'

export function consistChangeOf(change: ChangeMessage): ConsistChange {
  const { runId, coaches, withoutCoaches, blockedSeats } = change
  return {
    runId: Number(runId),
    coaches: coaches.map(coachOfMessage),
    withoutCoaches: [...withoutCoaches],
    blockedSeats: [...blockedSeats],
  }
}

export function previewMessage(state: BookingState, it: ConsistPreview, index: bigint) {
  const bookings = (views: readonly ReseatedView[]) =>
    views.map((view) => reseatedMessage(state, view))
  return create(PreviewConsistResponseSchema, {
    capacity: it.capacity,
    moved: bookings(it.moved),
    lost: bookings(it.lost),
    released: bookings(it.released),
    unchanged: it.unchanged,
    back: money(state, it.backMinor),
    index,
  })
}

function reseatedMessage(state: BookingState, it: ReseatedView) {
  const { bookingId, pnr, classCode, newClassCode, passengers, backMinor } = it
  return create(ReseatedBookingSchema, {
    bookingId: BigInt(bookingId),
    pnr,
    classCode,
    newClassCode,
    passengers: passengers.map(({ lost, ...of }) => ({ ...of, lost: propertyMessages(lost) })),
    back: money(state, backMinor),
  })
}

function money(state: BookingState, minor: number) {
  return { minor: BigInt(minor), currency: info(state).currency }
}
