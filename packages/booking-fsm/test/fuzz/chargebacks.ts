/** What banks take back. */
import type { Command } from '../../src/commands.ts'
import { leadOf } from '../../src/trips.ts'
import { type FuzzRailway, oneOf } from './bookings.ts'

export function chargebackCommands(
  { state }: FuzzRailway,
  draw: () => number,
  bookingId: number,
): readonly Command[] {
  const known = oneOf([...state.chargebacks.values()], draw)
  const booking = state.bookings.get(bookingId)
  const paid = booking && leadOf(booking).payments.find(({ status }) => status === 'captured')
  const amountMinor = 1 + (draw() % (paid?.amountMinor ?? 9_000))
  const reference = `dispute-${draw() % 40}`
  const fresh = { bookingId, reference, amountMinor, reason: 'fraudulent' } as const
  const again = known && draw() % 3 === 0 ? { ...fresh, bookingId: known.bookingId } : fresh
  return [
    { type: 'recordChargeback', ...again },
    {
      type: 'settleChargeback',
      reference: draw() % 3 > 0 ? (known?.reference ?? reference) : reference,
      won: draw() % 2 === 0,
    },
  ]
}
