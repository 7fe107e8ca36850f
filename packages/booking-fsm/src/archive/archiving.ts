/** Bookings and runs leave the memory: their rows go to the archive's tables, a stub of each booking stays. */
import { refundsOf, valuesOf } from '../cancellation.ts'
import { paidBy } from '../cancelling.ts'
import { chargedBack } from '../chargebacks/charged.ts'
import { arrivalMs, pricesOf, taxesOf } from '../fares.ts'
import { suspendClaim } from '../live.ts'
import { eraseNames } from '../party.ts'
import type { StateTable } from '../row-values.ts'
import type { Value } from '../rows.ts'
import { compareKeys } from '../snapshot.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRecord } from '../store.ts'
import { tables } from '../tables.ts'
import type { Booking, Run } from '../things.ts'
import { requestDigest } from './archive.ts'
import { leavingBooking, leavingRun } from './leaving.ts'
import { archivedName } from './names.ts'
import { dropValues, putValues } from './store-values.ts'
import { stubPaymentValues, stubValues } from './stub-rows.ts'
import type { Stub, StubFare, StubPayment } from './things.ts'

/** A family, whole: what is kept of it is worked out before any of it goes. */
export function archiveFamily(work: Work, family: readonly Booking[]): void {
  const { state } = work
  const familyId = family[0]?.bookingId ?? 0
  const isFinal = family.some(
    (booking) =>
      isPaidAtCounter(booking) || isPaidByVoucher(state, booking) || isChargedBack(state, booking),
  )
  const stubs = family.map((booking) => {
    const stub = stubOf(state, booking, familyId)
    return isFinal ? { ...stub, fares: [] } : stub
  })
  const owes = stubs.some(({ fares }) => fares.some(({ keptMinor }) => keptMinor > 0))
  const payments = owes ? family.flatMap(stubPaymentOf) : []
  for (const booking of family) writeName(work, booking)
  for (const [table, { rows }] of Object.entries(leavingBooking)) {
    for (const booking of family) move(work, table as StateTable, rows(state, booking), familyId)
  }
  // Its run may stay for others: what is loaded then has no seats of it.
  for (const booking of family) suspendClaim(state, booking)
  for (const { forget } of Object.values(leavingBooking)) {
    for (const booking of family) forget(state, booking)
  }
  for (const stub of stubs) keepStub(work, stub)
  for (const payment of payments) keepStubPayment(work, payment)
}

export function archiveWholeRun(work: Work, run: Run): void {
  const { state } = work
  for (const [table, { rows }] of Object.entries(leavingRun)) {
    move(work, table as StateTable, rows(state, run), 0)
  }
  for (const { forget } of Object.values(leavingRun)) forget(state, run)
}

/** A new stub, or one with other sums. */
export function keepStub(work: Work, stub: Stub): void {
  const { archive, meta } = work.state
  const values = stubValues(stub)
  putValues(work, 'booking_stubs', archive.values(stub.bookingId), values)
  archive.set(stub, values, meta.pnrKey)
}

export function keepStubPayment(work: Work, payment: StubPayment): void {
  const { archive } = work.state
  const values = stubPaymentValues(payment)
  putValues(work, 'payment_stubs', archive.paymentValues(payment.paymentId), values)
  archive.setPayment(payment, values)
}

function move(
  work: Work,
  table: StateTable,
  rows: readonly (readonly Value[])[],
  familyId: number,
): void {
  const keys = keyColumns.get(table) ?? 1
  // In the order of their keys: a machine that was loaded may have them in another.
  for (const values of rows.toSorted((a, b) => compareKeys(a, b, keys))) {
    dropValues(work, table, values, keys)
    const kept = table === 'bookings' ? withoutNames(values) : values
    writeRecord(work, archivedName(table), [...kept, familyId])
  }
}

const keyColumns: ReadonlyMap<string, number> = new Map(
  tables.map((table) => [table.name, table.keyColumns]),
)
const NAMES = tables
  .find(({ name }) => name === 'bookings')
  ?.columns.findIndex(({ name }) => name === 'names')

/** They stand beside it, so that they can be erased without knowing the rest. */
function withoutNames(values: readonly Value[]): Value[] {
  return values.map((value, at) => (at === NAMES ? eraseNames(value as string) : value))
}

/** What erases the names of an account that is deleted has been here already, or will be. */
function writeName(work: Work, { bookingId, namesJson }: Booking): void {
  writeRecord(work, 'archived_names', [bookingId, namesJson])
}

function stubOf(state: BookingState, booking: Booking, familyId: number): Stub {
  const { bookingId, accountId, passengers, payments, requestKey, status } = booking
  const keys = [requestKey, ...payments.map((payment) => payment.requestKey)]
  return {
    bookingId,
    familyId,
    accountId,
    passengers,
    bought: status !== 'expired' && status !== 'released' && status !== 'lapsed',
    overMs: overMs(booking),
    fares: stubFares(state, booking),
    owedMinor: 0,
    requests: keys
      .filter((key) => key !== '')
      .map(requestDigest)
      .join(''),
  }
}

/** When its journey is over; of what was never confirmed, when it was held. */
export function overMs({ run, toStop, heldAtMs, confirmedAtMs }: Booking): number {
  return confirmedAtMs > 0 ? arrivalMs(run, toStop) : heldAtMs
}

/** Of what an override could still pay back. */
function stubFares(state: BookingState, booking: Booking): StubFare[] {
  const stands = booking.status === 'confirmed' || booking.status === 'cancelled'
  if (!stands || paidBy(booking) === undefined) return []
  const [values, prices, taxes] = [valuesOf(state, booking), pricesOf(booking), taxesOf(booking)]
  const refunds = refundsOf(state, booking)
  return prices.map((priceMinor, at) => {
    const given = refunds.find(({ position }) => position === at)?.refundMinor ?? 0
    const keptMinor = (values[at] as number) - given
    return { keptMinor, priceMinor, taxMinor: taxes[at] as number }
  })
}

/** Cash goes back at a counter, by an effect that the archive has not: it can not be complained about any more. */
function isPaidAtCounter({ payments }: Booking): boolean {
  return payments.some(
    ({ status, paymentToken, amountMinor }) =>
      status === 'captured' && paymentToken === '' && amountMinor > 0,
  )
}

/** A bank has given the money back. */
function isChargedBack(state: BookingState, { payments }: Booking): boolean {
  return payments.some((payment) => chargedBack(state, payment) > 0)
}

/** What would come back of it is a share of the voucher's and a share of the card's: that takes all of the booking. */
function isPaidByVoucher({ voucherUses }: BookingState, { bookingId }: Booking): boolean {
  return voucherUses.get(bookingId)?.status === 'redeemed'
}

function stubPaymentOf(booking: Booking): StubPayment[] {
  // Of a trip they are with the first leg.
  const payment = booking.payments.find(
    ({ status }) => status === 'captured' || status === 'authorised',
  )
  if (payment === undefined) return []
  const { paymentId, amountMinor, refundedMinor, providerReference } = payment
  const { bookingId } = booking
  const leftMinor = amountMinor - refundedMinor
  return [{ paymentId, bookingId, amountMinor, leftMinor, providerReference }]
}
