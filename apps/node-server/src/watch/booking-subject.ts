import {
  type BookingView,
  findArchived,
  findBooking,
  needsSecondFactor,
} from '@quorail/booking-fsm'
import { BookingSchema } from '@quorail/proto/quorail/booking/v1/types_pb'
import type { BookingSubject } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { isStaff } from '../auth/principal.ts'
import { notLoggedIn, unknownBooking } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import { bookingMessage } from '../mapping/views.ts'
import { type EncodedBody, encodeBody } from './encoded-body.ts'
import { fingerprintOf, sameBytes } from './fingerprint.ts'
import type { Look, Subject } from './subject.ts'
import { ofBooking, ofRun, seatsOf } from './touched.ts'

/** A booking: who it belongs to and staff may see it, as with GetBooking; others are told that it is not there. */
export function watchBooking(host: NodeHost, { bookingId }: BookingSubject): Subject {
  const id = Number(bookingId)
  let madeOf: readonly string[] = [ofBooking(id)]
  let owner: number | undefined
  let isWaiting = false
  let encoded: EncodedBody | undefined

  return {
    name: `booking ${id}`,
    get madeOf() {
      return madeOf
    },
    // How many stand before somebody changes with every seat of the run.
    get gapMs() {
      return isWaiting ? 1_000 : 20
    },
    tellsTime: false,
    shrink: () => undefined,
    admit(principal) {
      if (principal === undefined) throw notLoggedIn()
      const { accountId, role } = principal.account
      if (needsSecondFactor(host.state, accountId, host.nowMs())) throw refusalError(noFactor)
      if (owner === undefined || (accountId !== owner && !isStaff(role))) throw unknownBooking()
    },
    whole: () => encoded,
    look(): Look {
      const booking = findBooking(host.state, id)
      if (booking === undefined) {
        owner = findArchived(host.state, id)?.accountId
        return { type: 'ended' }
      }
      owner = booking.accountId
      isWaiting = booking.waiting !== undefined
      madeOf = thingsOf(booking)
      const next = encodeBody('booking', BookingSchema, bookingMessage(host.state, booking))
      if (encoded !== undefined && sameBytes(encoded.data, next.data)) return { type: 'same' }
      encoded = next
      return { type: 'changed', fingerprint: fingerprintOf(next.data), change: next }
    },
  }
}

/** With what is paid or expires together, and what it was or may become. */
function thingsOf(booking: BookingView): string[] {
  const { bookingId, runId, tripBookingIds, journeyBookingIds, exchangedFor, exchange } = booking
  const bookings = [bookingId, ...tripBookingIds, ...journeyBookingIds, exchangedFor]
  if (exchange !== undefined) bookings.push(exchange.oldBookingId)
  const runs = booking.waiting?.options.map((option) => option.runId) ?? []
  const things = [...bookings.map(ofBooking), ofRun(runId), ...runs.map(seatsOf)]
  return [...new Set(things)]
}

const noFactor = {
  type: 'refused',
  code: 'secondFactorRequired',
  seats: [],
  figure: 0,
  field: '',
} as const
