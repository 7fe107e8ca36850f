import type {
  AcceptRefund,
  CancelBooking,
  CancellationBand,
  Entry,
  OfferRefund,
  PayRefund,
  Reply,
} from '../../src/index.ts'
import { roleOf } from './caller.ts'
import { debit } from './ledger.ts'
import { sendRefund } from './money.ts'
import { tell } from './notice-commands.ts'
import { owed } from './owed.ts'
import { ownBooking } from './own-booking.ts'
import { refuse } from './refuse.ts'
import { halfUp } from './rule-commands.ts'
import { checkBoolean, checkId, checkInt, checkLength, maxSafe } from './shapes.ts'
import { roundedTo } from './tariff-commands.ts'
import {
  departureAt,
  everyBooking,
  losesTrain,
  type ModelBooking,
  type ModelRefundRule,
  type ModelTerms,
  runOf,
  type World,
} from './world.ts'

export function cancelBooking(world: World, entry: Entry, command: CancelBooking): Reply {
  checkId(command.bookingId, 'bookingId')
  checkInt(command.expectedRefundMinor, 0, maxSafe, 'expectedRefundMinor')
  const booking = ownBooking(world, entry, command.bookingId)
  needCancellable(world, booking)
  const parts = termsOf(world, booking, stillThere(booking), world.now)
  const refund = sum(parts, 'refund')
  if (refund !== command.expectedRefundMinor) refuse('refundChanged', { figure: refund })
  leave(world, booking, parts, false)
  return { type: 'bookingCancelled', refundMinor: refund }
}

export function offerRefund(world: World, entry: Entry, command: OfferRefund): Reply {
  checkId(command.bookingId, 'bookingId')
  checkLength(command.passengers, 0, 6, 'passengers')
  command.passengers.forEach((position, i) => {
    checkInt(position, 0, 5, `passengers[${i}]`)
    if (command.passengers.slice(0, i).some((earlier) => earlier >= position)) {
      refuse('invalidField', { field: `passengers[${i}]` })
    }
  })
  const booking = ownBooking(world, entry, command.bookingId)
  needCancellable(world, booking)
  command.passengers.forEach((position, i) => {
    const passenger = booking.passengers[position]
    if (passenger === undefined) refuse('invalidField', { field: `passengers[${i}]` })
    if (passenger.cancelledAt > 0) refuse('passengerCancelled', { field: `passengers[${i}]` })
  })
  const chosen = command.passengers.length === 0 ? stillThere(booking) : command.passengers
  const rule = booking.refundRule
  const lasts = rule !== undefined && 'lines' in rule ? rule.offerMs : 600_000
  const departure = departureAt(world, runOf(world, booking), booking.fromStop)
  const parts = termsOf(world, booking, chosen, world.now)
  booking.offer = {
    id: ++world.given.offers,
    expiresAt: Math.min(world.now + lasts, departure),
    parts,
  }
  return {
    type: 'refundOffered',
    offerId: booking.offer.id,
    passengers: [...chosen],
    refundMinor: sum(parts, 'refund'),
    chargeMinor: sum(parts, 'charge'),
    taxMinor: sum(parts, 'tax'),
    expiresAtMs: booking.offer.expiresAt,
  }
}

export function acceptRefund(world: World, entry: Entry, command: AcceptRefund): Reply {
  checkId(command.bookingId, 'bookingId')
  checkId(command.offerId, 'offerId')
  checkBoolean(command.payLater, 'payLater')
  const booking = ownBooking(world, entry, command.bookingId)
  const { offer } = booking
  if (offer === undefined || offer.id !== command.offerId) refuse('offerNotOpen')
  if (losesTrain(world, booking)) refuse('runCancelled')
  if (offer.expiresAt <= world.now) refuse('offerExpired')
  leave(world, booking, offer.parts, command.payLater)
  return { type: 'bookingCancelled', refundMinor: sum(offer.parts, 'refund') }
}

export function payRefund(world: World, entry: Entry, command: PayRefund): Reply {
  checkId(command.bookingId, 'bookingId')
  const isStaff = ['staff', 'operator', 'cluster'].includes(roleOf(world, entry))
  const booking = isStaff
    ? everyBooking(world).find((b) => b.id === command.bookingId)
    : (archivedOf(world, entry, command.bookingId) ?? ownBooking(world, entry, command.bookingId))
  if (booking === undefined) refuse('bookingNotFound')
  const refundMinor = owed(world, booking)
  if (refundMinor === 0) refuse('nothingOwed')
  sendRefund(world, booking, refundMinor)
  return { type: 'refundQueued', refundMinor }
}

/** What was owed after a complaint is paid out of the archive. */
function archivedOf(world: World, entry: Entry, bookingId: number): ModelBooking | undefined {
  return world.archived.find((b) => b.id === bookingId && b.accountId === entry.actor)
}

/** When everybody who still travels is cancelled. */
export function refundNow(world: World, booking: ModelBooking, instant: number): number {
  return termsOf(world, booking, stillThere(booking), instant).reduce((sum, t) => sum + t.refund, 0)
}

export function stillThere(booking: ModelBooking): number[] {
  return booking.passengers.flatMap(({ cancelledAt }, at) => (cancelledAt === 0 ? [at] : []))
}

/** How long before departure the bands end that may matter to the booking. */
export function bandEnds(booking: ModelBooking): number[] {
  const { refundRule: rule, classCode } = booking
  if (rule === undefined) return []
  const sits = stillThere(booking).some((at) => booking.passengers[at]?.half !== undefined)
  const bands = 'lines' in rule ? bandsFor(rule.lines, classCode, sits) : rule.bands
  return bands.map((band) => band.untilBeforeDepartureMs)
}

export function termsOf(
  world: World,
  booking: ModelBooking,
  positions: readonly number[],
  instant: number,
): ModelTerms[] {
  const { refundRule: rule, classCode } = booking
  const before = departureAt(world, runOf(world, booking), booking.fromStop) - instant
  const fareAt = (position: number) => worthOf(booking, position)
  if (booking.product?.of.refundable === false) {
    return positions.map((at) => ({ position: at, refund: 0, charge: fareAt(at), tax: 0 }))
  }
  if (rule !== undefined && 'lines' in rule) {
    return positions.map((position) => {
      const sits = booking.passengers[position]?.half !== undefined
      const band = bandsFor(rule.lines, classCode, sits).find(
        (b) => b.untilBeforeDepartureMs < before,
      )
      const tax = lineFor(rule.lines, classCode, sits)?.taxBasisPoints ?? 0
      const fare = fareAt(position)
      if (band === undefined) return { position, refund: 0, charge: fare, tax: 0 }
      return { position, ...chargeOf(rule, band, tax, fare) }
    })
  }
  const band = rule?.bands.find((b) => b.untilBeforeDepartureMs < before)
  const share = BigInt(band?.refundBasisPoints ?? 0)
  const exact = positions.map((position) => BigInt(fareAt(position)) * share)
  const refunds = exact.map((parts) => Number(parts / 10_000n))
  let left =
    halfUp(
      exact.reduce((a, b) => a + b, 0n),
      10_000n,
    ) - refunds.reduce((a, b) => a + b, 0)
  // One more each time to the one who lost most, the first of equals.
  const lost = exact.map((parts) => parts % 10_000n)
  for (; left > 0; left--) {
    const most = lost.reduce((best, it, at) => (it > (lost[best] ?? 0n) ? at : best), 0)
    refunds[most] = (refunds[most] ?? 0) + 1
    lost[most] = -1n
  }
  return positions.map((position, i) => {
    const refund = refunds[i] ?? 0
    return { position, refund, charge: fareAt(position) - refund, tax: 0 }
  })
}

type Charges = Extract<ModelRefundRule, { lines: unknown }>

/** What is left of the price when some of it came back by itself. */
export function worthOf(booking: ModelBooking, position: number): number {
  const passenger = booking.passengers[position]
  return (passenger?.price ?? 0) - (passenger?.compensated ?? 0)
}

function chargeOf(
  rule: Charges,
  band: CancellationBand,
  taxBasisPoints: number,
  fare: number,
): Omit<ModelTerms, 'position'> {
  const percent = halfUp(BigInt(fare) * BigInt(band.chargeBasisPoints), 10_000n)
  const least = Math.max(percent, band.flatMinor)
  const charge = Math.min(fare, roundedTo(least, rule.roundToMinor, rule.rounding))
  const full = halfUp(BigInt(charge) * BigInt(taxBasisPoints), 10_000n)
  const tax = Math.min(full, fare - charge)
  return { charge, tax, refund: fare - charge - tax }
}

/** What an exchange costs each of them; undefined when the rule has none now. */
export function exchangeCharges(
  world: World,
  booking: ModelBooking,
  positions: readonly number[],
  instant: number,
): { parts: ModelTerms[]; surplusBack: boolean } | undefined {
  const { refundRule: rule, product } = booking
  if (rule === undefined || !('lines' in rule) || product?.of.exchangeable === false) {
    return undefined
  }
  const line = lineFor(rule.lines, booking.classCode, false)
  const before = departureAt(world, runOf(world, booking), booking.fromStop) - instant
  const band = line?.exchange?.bands.find((b) => b.untilBeforeDepartureMs < before)
  if (line?.exchange === undefined || band === undefined) return undefined
  const parts = positions.map((position) => ({
    position,
    ...chargeOf(rule, band, line.taxBasisPoints, worthOf(booking, position)),
  }))
  return { parts, surplusBack: line.exchange.surplusBack }
}

/** The tax on the fare that goes back with a refund: in proportion. */
export function fareTaxIn(booking: ModelBooking, position: number, refund: number): number {
  const passenger = booking.passengers[position]
  if (passenger === undefined || passenger.price === 0) return 0
  const tax = passenger.lines.reduce((sum, line) => sum + line.taxMinor, 0)
  return halfUp(BigInt(tax) * BigInt(refund), BigInt(passenger.price))
}

type Lines = Extract<NonNullable<ModelBooking['refundRule']>, { lines: unknown }>['lines']

/** `sits`: on half a berth; then by the lines for that, where there are some. */
function lineFor(lines: Lines, classCode: string, sits: boolean): Lines[number] | undefined {
  for (const state of sits ? ['rac', 'confirmed'] : ['confirmed']) {
    const ofState = lines.filter((line) => line.state === state)
    const exact = ofState.find((line) => line.classCode === classCode)
    const line = exact ?? ofState.find((it) => it.classCode === '')
    if (line !== undefined) return line
  }
  return undefined
}

function bandsFor(lines: Lines, classCode: string, sits: boolean): Lines[number]['bands'] {
  return lineFor(lines, classCode, sits)?.bands ?? []
}

export function needCancellable(world: World, booking: ModelBooking): void {
  if (booking.status === 'cancelled') refuse('alreadyCancelled')
  if (booking.status === 'exchanged') refuse('alreadyExchanged')
  if (booking.status !== 'confirmed') refuse('notConfirmed')
  if (losesTrain(world, booking)) refuse('runCancelled')
  if (departureAt(world, runOf(world, booking), booking.fromStop) <= world.now)
    refuse('runDeparted')
  const inPlace = world.bookings.filter((b) => b.exchange?.old === booking.id)
  if (inPlace.some((b) => ['held', 'paying'].includes(b.status))) refuse('exchangeOpen')
}

export function leave(
  world: World,
  booking: ModelBooking,
  parts: readonly ModelTerms[],
  payLater: boolean,
): void {
  for (const { position, refund, tax } of parts) {
    const passenger = booking.passengers[position]
    if (passenger === undefined) throw new Error(`booking ${booking.id} has no ${position}`)
    passenger.cancelledAt = world.now
    passenger.refund = refund
    passenger.tax = tax
  }
  if (stillThere(booking).length === 0) {
    booking.status = 'cancelled'
    booking.cancelledAt = world.now
  }
  booking.offer = undefined
  const [refund, tax] = [sum(parts, 'refund'), sum(parts, 'tax')]
  booking.refund += refund
  const fareTax = parts.reduce((sum, p) => sum + fareTaxIn(booking, p.position, p.refund), 0)
  debit(world, 'fareRevenue', refund - fareTax + tax)
  debit(world, 'taxPayable', fareTax)
  debit(world, 'refundsPayable', -refund)
  debit(world, 'taxPayable', -tax)
  if (!payLater) sendRefund(world, booking, refund)
  const passengers = parts.map((part) => part.position)
  tell(world, booking.accountId, booking.id, 'bookingCancelled', {
    refundMinor: refund,
    passengers,
  })
}

function sum(parts: readonly ModelTerms[], of: 'refund' | 'charge' | 'tax'): number {
  return parts.reduce((total, part) => total + part[of], 0)
}
