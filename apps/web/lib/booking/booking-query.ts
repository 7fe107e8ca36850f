import type { Timestamp } from '@bufbuild/protobuf/wkt'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { toMs } from '@/lib/format/time'

/** A booking and how far the node's clock was ahead of the browser's when it was read. */
export interface TimedBooking {
  readonly booking: Booking
  readonly serverOffsetMs: number
  /** The log index it was read at; 0 when the answer did not say. */
  readonly index: bigint
}

export function bookingKey(bookingId: string) {
  return ['mine', 'booking', bookingId] as const
}

export function withServerTime(
  answer: {
    booking?: Booking | undefined
    now?: Timestamp | undefined
    index?: bigint
  },
  browserNow = Date.now(),
): TimedBooking | undefined {
  if (answer.booking === undefined) return undefined
  const now = toMs(answer.now)
  const serverOffsetMs = now === 0 ? 0 : now - browserNow
  return { booking: answer.booking, serverOffsetMs, index: answer.index ?? 0n }
}
