/** What a cancellation gives back and what it costs, by the rule that the booking was sold under. */
import { chargedBackOf } from './chargebacks/charged.ts'
import type { CancellationBand, CancellationLine, TravelState } from './commands.ts'
import { sharedWith } from './exchanges.ts'
import { departureMs, pricesOf, taxesOf } from './fares.ts'
import { isHalf } from './inventory/shares.ts'
import { travelling } from './live.ts'
import { soldAs } from './products/buckets.ts'
import { divideHalfUp, proportion, roundTo } from './rounding.ts'
import type { BookingState } from './state.ts'
import type { Booking, CancellationCharges, Payment, RefundTerms } from './things.ts'
import { legsOf } from './trips.ts'
import { redeemedFor } from './vouchers/using.ts'

/** For the passengers at these positions, at the instant. The three sums of each make up the fare. */
export function termsAt(
  state: BookingState,
  booking: Booking,
  positions: readonly number[],
  atMs: number,
  values: readonly number[] = valuesOf(state, booking),
): RefundTerms[] {
  const rule = state.refundRules.get(booking.refundRuleId)
  const aheadMs = departureMs(booking.run, booking.fromStop) - atMs
  const fares = positions.map((position) => values[position] as number)
  if (soldAs(state, booking)?.refundable === false) {
    return positions.map((position, i) => {
      return { position, refundMinor: 0, chargeMinor: fares[i] as number, taxMinor: 0 }
    })
  }
  if (rule?.charges !== undefined) {
    const { charges } = rule
    return positions.map((position, i) => ({
      position,
      ...chargedTerms(
        charges,
        stateOf(charges, booking, position),
        booking.classCode,
        fares[i] as number,
        aheadMs,
      ),
    }))
  }
  const band = rule?.bands.find((it) => it.untilBeforeDepartureMs < aheadMs)
  const shares = sharesOf(fares, band?.refundBasisPoints ?? 0)
  return positions.map((position, i) => {
    const refundMinor = shares[i] as number
    return { position, refundMinor, chargeMinor: (fares[i] as number) - refundMinor, taxMinor: 0 }
  })
}

/** Who sits on half a berth has terms of their own, where the rule has some. */
function stateOf(charges: CancellationCharges, booking: Booking, position: number): TravelState {
  const sits = isHalf(booking.seats[position] ?? 0)
  return sits && lineOf(charges, 'rac', booking.classCode) !== undefined ? 'rac' : 'confirmed'
}

/** By a rule of charges, for one passenger who has this fare, so long before departure. */
export function chargedTerms(
  charges: CancellationCharges,
  state: TravelState,
  classCode: string,
  fareMinor: number,
  aheadMs: number,
): Omit<RefundTerms, 'position'> {
  const line = lineOf(charges, state, classCode)
  const band = line?.bands.find((it) => it.untilBeforeDepartureMs < aheadMs)
  if (line === undefined || band === undefined) {
    return { refundMinor: 0, chargeMinor: fareMinor, taxMinor: 0 }
  }
  return bandTerms(charges, line, band, fareMinor)
}

/** The greater of the two sums, rounded, with tax: at most the fare. */
export function bandTerms(
  charges: CancellationCharges,
  line: CancellationLine,
  band: CancellationBand,
  fareMinor: number,
): Omit<RefundTerms, 'position'> {
  const percent = divideHalfUp(fareMinor * band.chargeBasisPoints, 10_000)
  const rounded = roundTo(Math.max(band.flatMinor, percent), charges.roundToMinor, charges.rounding)
  const chargeMinor = Math.min(rounded, fareMinor)
  const tax = divideHalfUp(chargeMinor * line.taxBasisPoints, 10_000)
  const taxMinor = Math.min(tax, fareMinor - chargeMinor)
  return { refundMinor: fareMinor - chargeMinor - taxMinor, chargeMinor, taxMinor }
}

/** What is paid back when everybody who still travels is cancelled at the instant. */
export function refundAt(state: BookingState, booking: Booking, atMs: number): number {
  return totalOf(termsAt(state, booking, travelling(booking), atMs)).refundMinor
}

/** Until when the refund at the instant stays what it is. */
export function refundValidUntil(state: BookingState, booking: Booking, atMs: number): number {
  const departure = departureMs(booking.run, booking.fromStop)
  const rule = state.refundRules.get(booking.refundRuleId)
  const [first = 0] = travelling(booking)
  const charges = rule?.charges
  const charged = charges && lineOf(charges, stateOf(charges, booking, first), booking.classCode)
  const now = refundAt(state, booking, atMs)
  for (const { untilBeforeDepartureMs } of charged?.bands ?? rule?.bands ?? []) {
    const end = departure - untilBeforeDepartureMs
    if (end > atMs && end < departure && refundAt(state, booking, end) !== now) return end
  }
  return departure
}

export function totalOf(terms: readonly RefundTerms[]): Omit<RefundTerms, 'position'> {
  const total = { refundMinor: 0, chargeMinor: 0, taxMinor: 0 }
  for (const { refundMinor, chargeMinor, taxMinor } of terms) {
    total.refundMinor += refundMinor
    total.chargeMinor += chargeMinor
    total.taxMinor += taxMinor
  }
  return total
}

/** The part of the refunds that is tax on the fare: in proportion to what is given back of it. */
export function taxReturned(booking: Booking, terms: readonly RefundTerms[]): number {
  const [prices, taxes] = [pricesOf(booking), taxesOf(booking)]
  return terms.reduce((sum, { position, refundMinor }) => {
    const [price, tax] = [prices[position] as number, taxes[position] as number]
    return sum + proportion(tax, refundMinor, price)
  }, 0)
}

/** What each passenger's fare is still worth: the price, less what came back of it by itself. */
export function valuesOf(state: BookingState, booking: Booking): readonly number[] {
  const prices = pricesOf(booking)
  const back = state.compensations.get(booking.bookingId)
  if (back === undefined) return prices
  return prices.map((price, at) =>
    back.reduce((left, it) => (it.position === at ? left - it.amountMinor : left), price),
  )
}

/** Of those cancelled one by one as it is written; of a whole booking by its rule at that time. */
export function refundsOf(state: BookingState, booking: Booking): readonly RefundTerms[] {
  if (booking.cancelled.length > 0) return booking.cancelled.map(({ terms }) => terms)
  if (booking.refundMinor === 0) return []
  // What came back by itself before would have been written.
  const everybody = [...booking.seats.keys()]
  return termsAt(state, booking, everybody, booking.cancelledAtMs, pricesOf(booking))
}

/** Agreed, and neither paid nor on its way; of all that the booking's money is shared with. */
export function owedMinor(state: BookingState, booking: Booking): number {
  const unpaid = unpaidMinor(state, booking)
  // What a bank has given back already is not given once more.
  return unpaid > 0 ? Math.max(0, unpaid - chargedBackOf(state, booking)) : unpaid
}

/** Agreed to go back, and neither gone nor on its way: whatever a bank took by itself. */
export function unpaidMinor(state: BookingState, booking: Booking): number {
  let owed = 0
  for (const lead of sharedWith(state, booking)) {
    owed += agreedOf(state, lead)
    for (const payment of lead.payments) owed -= payment.refundedMinor + onItsWay(payment)
    owed -= redeemedFor(state, lead)?.refundedMinor ?? 0
  }
  return owed
}

/** Refunds that are queued and not answered. */
export function onItsWay({ effects }: Payment): number {
  return effects.reduce((sum, it) => (it.kind === 'refund' ? sum + it.amountMinor : sum), 0)
}

/** All that was ever agreed to go back of a booking or the legs of its trip. */
function agreedOf(state: BookingState, lead: Booking): number {
  let agreed = 0
  for (const { bookingId, refundMinor } of legsOf(lead)) {
    agreed += refundMinor
    for (const { amountMinor } of state.compensations.get(bookingId) ?? []) agreed += amountMinor
  }
  const exchange = state.exchanges.get(lead.bookingId)
  if (exchange === undefined || exchange.confirmedAtMs === 0) return agreed
  return agreed + exchange.surplusMinor + (exchange.undone ? exchange.carriedMinor : 0)
}

export function lineOf({ lines }: CancellationCharges, state: TravelState, classCode: string) {
  const ofState = lines.filter((line) => line.state === state)
  return (
    ofState.find((line) => line.classCode === classCode) ??
    ofState.find((line) => line.classCode === '')
  )
}

/** The share of all of them together, half up, in parts by the largest remainder, the first ones first. */
function sharesOf(amounts: readonly number[], basisPoints: number): number[] {
  const products = amounts.map((amount) => amount * basisPoints)
  const shares = products.map((product) => (product - (product % 10_000)) / 10_000)
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)
  const left = divideHalfUp(sum(products), 10_000) - sum(shares)
  const byRemainder = [...products.keys()].sort(
    (a, b) => ((products[b] as number) % 10_000) - ((products[a] as number) % 10_000) || a - b,
  )
  for (const at of byRemainder.slice(0, left)) shares[at] = (shares[at] as number) + 1
  return shares
}
