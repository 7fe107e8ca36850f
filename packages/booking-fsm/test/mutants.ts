/**
 * Planted bugs: each a small change of the source text, made in a copy. The generated histories must
 * find every one; a mutant that survives means that they look away. When a line here no longer
 * matches the source, the test says so: bring it up to date.
 */

import { agentMutants } from './mutants/agents.ts'
import { archiveMutants } from './mutants/archive.ts'
import { calendarMutants } from './mutants/calendars.ts'
import { chargebackMutants } from './mutants/chargebacks.ts'
import { companyMutants } from './mutants/companies.ts'
import { consistMutants } from './mutants/consist.ts'
import { delayMutants } from './mutants/delays.ts'
import { disruptionMutants } from './mutants/disruption.ts'
import { drawMutants } from './mutants/draws.ts'
import { engineMutants } from './mutants/engine.ts'
import { exchangeMutants } from './mutants/exchanges.ts'
import { guestMutants } from './mutants/guests.ts'
import { inventoryMutants } from './mutants/inventory.ts'
import { laterSeatMutants } from './mutants/later-seats.ts'
import { foundBy, type Mutant, mutant } from './mutants/mutant.ts'
import { nodeMutants } from './mutants/nodes.ts'
import { noticeMutants } from './mutants/notices.ts'
import { peopleMutants } from './mutants/people.ts'
import { productMutants } from './mutants/products.ts'
import { salesMutants } from './mutants/sales.ts'
import { searchMutants } from './mutants/search.ts'
import { sharedBerthMutants } from './mutants/shared-berths.ts'
import { ticketMutants } from './mutants/tickets.ts'
import { voucherMutants } from './mutants/vouchers.ts'
import { waitingMutants } from './mutants/waiting.ts'

export const MUTANTS: readonly Mutant[] = [
  ...archiveMutants,
  ...waitingMutants,
  ...sharedBerthMutants,
  ...salesMutants,
  ...inventoryMutants,
  ...laterSeatMutants,
  ...exchangeMutants,
  ...searchMutants,
  ...ticketMutants,
  ...engineMutants,
  ...disruptionMutants,
  ...delayMutants,
  ...noticeMutants,
  ...nodeMutants,
  ...peopleMutants,
  ...drawMutants,
  ...agentMutants,
  ...productMutants,
  ...consistMutants,
  ...chargebackMutants,
  ...voucherMutants,
  ...companyMutants,
  ...guestMutants,
  ...calendarMutants,
  mutant(
    'overlap off by one: the last segment is not looked at',
    'inventory/occupancy.ts',
    '& wordMask(word, from, to)) !== 0) return false',
    '& wordMask(word, from, Math.max(to - 1, from + 1))) !== 0) return false',
  ),
  mutant(
    'a seat that is freed where I board is refused',
    'inventory/occupancy.ts',
    '& wordMask(word, from, to)) !== 0) return false',
    '& wordMask(word, Math.max(from - 1, 0), to)) !== 0) return false',
  ),
  mutant(
    'a booking is cancelled and refunded twice',
    'handlers/cancel-booking.ts',
    `  if (booking.status === 'cancelled') return refuse('alreadyCancelled')
  if (booking.status === 'exchanged') return refuse('alreadyExchanged')
  if (booking.status !== 'confirmed') return refuse('notConfirmed')`,
    `  if (booking.status === 'exchanged') return refuse('alreadyExchanged')
  if (booking.status !== 'confirmed' && booking.status !== 'cancelled') return refuse('notConfirmed')`,
  ),
  mutant(
    'the refund of a booking whose capture is refused is paid all the same',
    'handlers/record-outcome.ts',
    "for (const refund of [...payment.effects]) resolveEffect(work, refund, 'withdrawn', '')",
    '',
  ),
  mutant(
    'a refund may be answered before its capture',
    'handlers/record-outcome.ts',
    'payment.effects[0] !== effect || isAtCounter(payment)',
    'isAtCounter(payment)',
  ),
  mutant(
    'a remembered reply is forgotten when rows are loaded',
    'loading/basics.ts',
    'state.requests.set(kept.requestKey, kept)',
    '',
  ),
  mutant(
    'a booking does not answer for its own request',
    'live.ts',
    "if (booking.requestKey !== '') state.requests.set(booking.requestKey, booking)",
    '',
  ),
  mutant(
    'another request under the same id gets the reply of the first',
    'apply.ts',
    "earlier.contentHash === key.contentHash ? earlier.reply : refuse('requestIdReused')",
    'earlier.reply',
  ),
  mutant(
    'a burned request can still happen',
    'apply.ts',
    "if (earlier?.reply.type === 'burned') return refuse('requestBurned')",
    "if (earlier?.reply.type === 'burned') return dispatch(work, command, key)",
  ),
  mutant(
    'requests are evicted out of order after rows were loaded',
    'load.ts',
    'state.remembered.sort()',
    '',
  ),
  mutant(
    'requests are evicted after half their time',
    'requests.ts',
    'oldest.atMs + REQUEST_LIFE_MS',
    'oldest.atMs + REQUEST_LIFE_MS / 2',
  ),
  mutant(
    "holds expire by this machine's clock",
    'expiry.ts',
    'if (next === undefined || next.expiresAtMs > meta.nowMs) return\n    if (work.freedLists',
    'if (next === undefined || next.expiresAtMs > Date.now()) return\n    if (work.freedLists',
  ),
  mutant(
    'holds live a millisecond too long',
    'expiry.ts',
    'if (next === undefined || next.expiresAtMs > meta.nowMs) return\n    if (work.freedLists',
    'if (next === undefined || next.expiresAtMs >= meta.nowMs) return\n    if (work.freedLists',
  ),
  foundBy(
    'handlers/payments.test.ts',
    mutant(
      'each payment extends the hold',
      'handlers/start-payment.ts',
      'if (!booking.extended) {',
      '{',
    ),
  ),
  mutant(
    'the clock goes back with the stamp of a new leader',
    'apply.ts',
    'meta.nowMs = Math.max(meta.nowMs, entry.timestampMs)',
    'meta.nowMs = entry.timestampMs',
  ),
  mutant(
    "other people's bookings are one's own",
    'actors.ts',
    'return booking?.accountId === work.actor ? booking : undefined',
    'return booking',
  ),
  foundBy(
    'handlers/accounts.test.ts',
    mutant(
      "anybody ends anybody's session",
      'handlers/accounts.ts',
      'if (!isLive || (actor > 0 && actor !== session.accountId))',
      'if (!isLive)',
    ),
  ),
  mutant(
    'everybody may do what staff may',
    'actors.ts',
    "return role === 'staff' || role === 'operator' ?",
    'return role !== undefined ?',
  ),
  {
    name: 'seats are freed twice: cancelled, and again when the capture is refused',
    changes: [
      {
        file: 'live.ts',
        from: 'if (claim === undefined) return\n  freePlaces(booking, seats, claim)',
        to: "freePlaces(booking, seats, claim ?? 'sold')",
      },
      {
        file: 'handlers/record-outcome.ts',
        from: "if (leg.status === 'confirmed' || leg.status === 'disrupted') {\n      endBooking",
        to: '{\n      endBooking',
      },
    ],
  },
  mutant(
    'a late payment takes seats that somebody else has by now',
    'live.ts',
    '    return false\n  }\n  for (const leg of legs) {',
    "    for (const leg of legs) leg.status = 'confirmed'\n    return true\n  }\n  for (const leg of legs) {",
  ),
  mutant(
    'prices are rounded down',
    'rounding.ts',
    'const rounded = dividend + divisor / 2',
    'const rounded = dividend',
  ),
  mutant(
    'money is lost in rounding: refunds by the passenger',
    'cancellation.ts',
    'sharesOf(fares, band?.refundBasisPoints ?? 0)',
    'fares.map((fare) => divideHalfUp(fare * (band?.refundBasisPoints ?? 0), 10_000))',
  ),
  mutant(
    'a band of refunds ends a millisecond late',
    'cancellation.ts',
    'rule?.bands.find((it) => it.untilBeforeDepartureMs < aheadMs)',
    'rule?.bands.find((it) => it.untilBeforeDepartureMs <= aheadMs)',
  ),
  mutant(
    'a ledger line is written on one side only',
    'ledger.ts',
    'line(work, credit, -amountMinor, payment, reason)',
    '',
  ),
  mutant(
    'a refused payment leaves its mark on the booking',
    'handlers/start-payment.ts',
    '(mustBeHeld(named) ?? mustBePayable(state, booking, amountMinor))',
    '((booking.extended = true), mustBeHeld(named) ?? mustBePayable(state, booking, amountMinor))',
  ),
  mutant(
    'a sale is not written',
    'handlers/record-outcome.ts',
    "  for (const leg of legs) writeRow(work, 'bookings', leg)\n  if (exchange",
    '  if (exchange',
  ),
  mutant(
    'the hash keeps what a row was before',
    'store.ts',
    'state.hashHigh = (state.hashHigh - thing.hashHigh + high) >>> 0',
    'state.hashHigh = (state.hashHigh + high) >>> 0',
  ),
  mutant(
    'runs of an open import are on sale',
    'handlers/hold-seats.ts',
    'if (!isVisible(state, run.importId)) {',
    'if (false) {',
  ),
]
