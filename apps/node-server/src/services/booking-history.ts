import type { AuditRecord, BookingView, Command } from '@quorail/booking-fsm'

/** One thing that happened to a booking, for people. */
export interface Happened {
  readonly atMs: number
  readonly bookingId: number
  readonly by: 'owner' | 'staff' | 'railway'
  readonly action: string
  readonly meaning: string
  readonly reason: string
}

/** What the bookings' own rows say of their holds, and what was recorded about them; the oldest first. */
export function historyOf(
  legs: readonly BookingView[],
  records: readonly AuditRecord[],
): readonly Happened[] {
  const happened = [...legs.flatMap(holdOf), ...records.map((record) => recorded(legs, record))]
  return happened.sort((a, b) => a.atMs - b.atMs)
}

/** That it was held, and how that ended: holds are not recorded, because they come in masses. */
function holdOf({ bookingId, heldAtMs, expiresAtMs, status, payments }: BookingView): Happened[] {
  const of = { bookingId, reason: '' }
  const held = {
    ...of,
    atMs: heldAtMs,
    by: 'owner',
    action: 'held',
    meaning: 'The seats were held.',
  }
  const events: Happened[] = [held as Happened]
  if (status === 'expired') {
    const meaning =
      payments.length === 0
        ? 'Nobody paid in time: the seats were free again.'
        : 'The payment did not come in time: the seats were free again.'
    events.push({ ...of, atMs: expiresAtMs, by: 'railway', action: 'expired', meaning })
  }
  return events
}

function recorded(legs: readonly BookingView[], record: AuditRecord): Happened {
  const { atMs, actor, action, subject, reason } = record
  const bookingId = Number(subject.split(':')[1])
  const owner = legs[0]?.accountId
  const by = actor === 0 ? 'railway' : actor === owner ? 'owner' : 'staff'
  const meaning = meanings[action as Command['type']] ?? `${action} was done.`
  return { atMs, bookingId, by, action, meaning, reason }
}

const meanings: Readonly<Partial<Record<Command['type'], string>>> = {
  extendHold: 'The time to pay was extended.',
  startPayment: 'A payment was begun.',
  recordOutcome: 'The payment provider answered.',
  cancelBooking: 'The booking was cancelled.',
  offerRefund: 'A refund was asked for, and its terms were shown.',
  acceptRefund: 'The terms of a refund were accepted.',
  payRefund: 'Money that was owed was sent.',
  recordChargeback: 'The bank has taken money back; it is in dispute.',
  settleChargeback: 'The dispute about the money is over.',
  issueTickets: 'Tickets were issued.',
  inspectTicket: 'A ticket was inspected.',
}
