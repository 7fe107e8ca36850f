import {
  archivedCount,
  type BookingState,
  type BookingView,
  findArchived,
  findBooking,
  findBookingByPnr,
  findRun,
  info,
  isPnr,
  type LedgerTotals,
  ledgerTotals,
  listChargebacks,
  nextExpiryMs,
  occupancy,
  seatMap,
} from '../../src/index.ts'
import { isSame } from './same.ts'

/**
 * What must be true of the machine after every entry, whatever the model thinks: the invariants of
 * inventory, holds and money, seen from outside through the queries. Throws at the first broken one.
 */
export class Invariants {
  private readonly pnrs = new Map<number, string>()
  private readonly givenPnrs = new Set<string>()
  private readonly statuses = new Map<number, string>()
  private readonly liveOn = new Map<number, string>()
  /** As they were last seen. */
  private readonly last = new Map<number, BookingView>()
  /** Of them, who holds seats that are not sold, and who has seats on each run. */
  private readonly held = new Map<number, BookingView>()
  private readonly live = new Map<number, Map<number, BookingView>>()
  private readonly money = new Map<number, Money>()
  private totals: LedgerTotals | undefined
  private inArchive = { paid: 0, open: 0 }
  /** Of the payments that are archived without a stub: what the provider has of them for good. */
  private readonly atProvider = new Map<number, number>()
  private now = 0

  /** Without `touched` everything; with it those bookings, and what all of them add up to. */
  check(
    state: BookingState,
    touched?: ReadonlySet<number>,
    archiveChanged = true,
    viewOf = (id: number) => findBooking(state, id),
  ): void {
    const { nowMs } = info(state)
    must(nowMs >= this.now, `the clock went back from ${this.now} to ${nowMs}`)
    this.now = nowMs
    const thorough = touched === undefined
    const seen = this.look(state, touched ?? everyId(state), viewOf)
    for (const booking of seen) {
      this.checkNames(state, booking, thorough)
      this.checkStatus(booking)
      checkRefunds(booking)
      if (booking.tripBookingIds[0] === booking.bookingId) {
        checkMoney(booking.tripBookingIds.map((id) => this.last.get(id) as BookingView))
      }
    }
    for (const shared of sharing(seen, this.last)) checkGivenBack(state, shared)
    let first = Number.POSITIVE_INFINITY
    for (const { bookingId, expiresAtMs } of this.held.values()) {
      must(expiresAtMs > nowMs, `${bookingId} should have expired`)
      first = Math.min(first, expiresAtMs)
    }
    const runIds = thorough ? this.live.keys() : new Set(seen.map((b) => b.runId))
    for (const runId of runIds) this.checkSeats(state, runId, thorough)
    for (const { runId } of thorough ? this.last.values() : []) {
      must(findRun(state, runId) !== undefined, `run ${runId} is gone`)
    }
    if (archiveChanged) this.inArchive = { paid: this.paidInArchive(state), open: openIn(state) }
    const totals = ledgerTotals(state)
    if (seen.length > 0 || !isSame(totals, this.totals)) this.checkLedger(totals)
    this.totals = totals
    const next = nextExpiryMs(state)
    if (this.held.size > 0) must(next !== undefined && next <= first, `next expiry is ${next}`)
  }

  /** Looks at the bookings; what is archived is seen no more. */
  private look(
    state: BookingState,
    ids: Iterable<number>,
    viewOf: (id: number) => BookingView | undefined,
  ): BookingView[] {
    const seen: BookingView[] = []
    for (const id of ids) {
      const booking = viewOf(id)
      if (booking === undefined) {
        must(findArchived(state, id) !== undefined, `booking ${id} is gone`)
        this.checkArchived(id)
        this.forget(id)
        continue
      }
      this.note(booking)
      seen.push(booking)
    }
    return seen
  }

  private note(booking: BookingView): void {
    const { bookingId, runId } = booking
    this.forget(bookingId)
    this.last.set(bookingId, booking)
    if (isHeld(booking)) this.held.set(bookingId, booking)
    const onRun = this.live.get(runId) ?? new Map<number, BookingView>()
    this.live.set(runId, onRun)
    if (isHeld(booking) || booking.status === 'confirmed') onRun.set(bookingId, booking)
    this.money.set(bookingId, moneyOf(booking))
  }

  private forget(id: number): void {
    const before = this.last.get(id)
    if (before === undefined) return
    this.live.get(before.runId)?.delete(id)
    this.last.delete(id)
    this.held.delete(id)
    this.money.delete(id)
  }

  /** Nothing of it was open, and its money stays where it is. */
  private checkArchived(id: number): void {
    const before = this.last.get(id)
    if (before === undefined) return
    // What was held may have ended in the same entry, by time alone.
    must(before.status !== 'disrupted', `${id} was archived, and its passenger may choose`)
    must(before.owedMinor === 0, `${id} was archived, and is owed something`)
    if (before.tripBookingIds[0] !== id) return
    let paid = 0
    for (const { status, amountMinor, refundedMinor, refundPending } of before.payments) {
      must(!refundPending, `${id} was archived with a refund on its way`)
      if (status === 'captured') paid += amountMinor - refundedMinor
    }
    this.atProvider.set(id, paid)
  }

  /** Ids and PNRs are unique and never change. */
  private checkNames(state: BookingState, booking: BookingView, thorough: boolean): void {
    const known = this.pnrs.get(booking.bookingId)
    if (known === undefined) {
      must(isPnr(booking.pnr), `${booking.pnr} is no PNR`)
      must(!this.givenPnrs.has(booking.pnr), `PNR ${booking.pnr} is there twice`)
      this.givenPnrs.add(booking.pnr)
      this.pnrs.set(booking.bookingId, booking.pnr)
    } else must(known === booking.pnr, `PNR of ${booking.bookingId} changed`)
    if (!thorough) return
    must(
      findBookingByPnr(state, booking.pnr)?.bookingId === booking.bookingId,
      `${booking.pnr} is not found`,
    )
  }

  private checkStatus(booking: BookingView): void {
    const before = this.statuses.get(booking.bookingId) ?? 'new'
    if (before !== booking.status) {
      const ways = allowed[before] ?? []
      // What a draw gave may be paid in the entry that gave it.
      const atOnce = before === 'new' && ways.some((way) => allowed[way]?.includes(booking.status))
      must(
        ways.includes(booking.status) || atOnce,
        `${booking.bookingId}: ${before} became ${booking.status}`,
      )
      this.statuses.set(booking.bookingId, booking.status)
    }
  }

  /** Live seats are disjoint, and every count of free and taken seats agrees with them. */
  private checkSeats(state: BookingState, runId: number, thorough: boolean): void {
    const live = [...(this.live.get(runId)?.values() ?? [])].sort(
      (a, b) => a.bookingId - b.bookingId,
    )
    // Between the thorough checks, only runs on which something has changed.
    const signature = live.map((b) => `${b.bookingId}${b.status}`).join()
    if (!thorough && this.liveOn.get(runId) === signature) return
    // Of a run that is archived nobody is left.
    if (live.length === 0 && findRun(state, runId) === undefined) return
    this.liveOn.set(runId, signature)
    const run = findRun(state, runId)
    const shown = occupancy(state, runId)
    if (run === undefined || shown === undefined) throw new Error(`run ${runId} is gone`)
    const taken = run.stops.slice(1).map(() => new Map<number, string>())
    // Who has no seat yet is on no seat.
    let nobody = 0
    const sitting = new Map<string, number>()
    for (const booking of live) {
      must(booking.passengers.length > 0, 'a booking without a passenger')
      must(run.stops[booking.fromStop]?.boarding === true, 'boards where nobody may')
      must(run.stops[booking.toStop]?.alighting === true, 'alights where nobody may')
      for (const { seat, shared, cancelledAtMs } of booking.passengers) {
        if (cancelledAtMs > 0) continue
        if (shared) {
          const [from, to] = [booking.fromStop, booking.toStop]
          for (let segment = from; segment < to; segment++) {
            const place = `${seat}/${segment}`
            sitting.set(place, (sitting.get(place) ?? 0) + 1)
            must((sitting.get(place) ?? 0) <= 2, `run ${runId}: three sit on ${place}`)
          }
          continue
        }
        const place = seat < 0 ? --nobody : seat
        for (let segment = booking.fromStop; segment < booking.toStop; segment++) {
          const on = taken[segment]
          must(on !== undefined && !on.has(place), `run ${runId}: seat ${seat} is sold twice`)
          on?.set(place, booking.status)
        }
      }
    }
    taken.forEach((seats, segment) => {
      const map = seatMap(state, runId, segment, segment + 1)
      must(map.length === shown.capacity, `run ${runId} has ${map.length} seats`)
      for (const seat of map) {
        must(
          !seat.free || !seats.has(seat.seat),
          `run ${runId}: seat ${seat.seat} is shown wrongly`,
        )
      }
      const seated = [...seats.keys()].filter((seat) => seat >= 0).length
      const blocked = shown.segments[segment]?.blocked ?? 0
      must(
        map.filter((seat) => !seat.free).length === seated + blocked,
        `run ${runId}: somebody has a seat that nobody has, or one that is off sale`,
      )
      const sold = [...seats.values()].filter((status) => status === 'confirmed').length
      const counted = shown.segments[segment]
      must(
        counted?.sold === sold && counted.held === seats.size - sold,
        `run ${runId}: the counts of segment ${segment} are wrong`,
      )
    })
  }

  private paidInArchive({ archive }: BookingState): number {
    let sum = 0
    for (const [id, paid] of this.atProvider) sum += archive.paymentOf(id)?.leftMinor ?? paid
    return sum
  }

  private checkLedger(totals: LedgerTotals): void {
    const { providerClearing, refundsPayable } = totals
    const sum = Object.values(totals).reduce((all, one) => all + one, 0)
    must(sum === 0, 'the ledger does not balance')
    let [moved, owed, carried] = [0, 0, 0]
    for (const it of this.money.values()) {
      moved += it.moved
      owed += it.owed
      carried += it.carried
    }
    // Wherever it is: floats and differences of tills move none of it.
    const { cashInTills, cashInSafe, cashDifferences, terminalClearing } = totals
    const byBanks = totals.chargebacks + totals.chargebackLosses
    const owedToUs = totals.receivables + totals.bank + byBanks
    const atCounters = cashInTills + cashInSafe + cashDifferences + terminalClearing + owedToUs
    must(
      providerClearing + atCounters === moved + this.inArchive.paid,
      'money at the provider is not what was moved',
    )
    must(-totals.exchangeCredit === carried, 'what is carried over is not what waits for its money')
    must(-refundsPayable === owed + this.inArchive.open, 'what is owed is not what was agreed')
  }
}

/** What one booking adds to the sums: taken less given back, still owed, and carried over and not yet paid. */
interface Money {
  readonly moved: number
  readonly owed: number
  readonly carried: number
}

function moneyOf(booking: BookingView): Money {
  const { payments, exchange, voucher } = booking
  let [moved, owed, carried] = [0, agreedFor(booking), 0]
  if (booking.tripBookingIds[0] === booking.bookingId) {
    for (const payment of payments) {
      if (payment.status === 'captured') moved += payment.amountMinor
      moved -= payment.refundedMinor
      owed -= payment.refundedMinor
    }
    owed -= voucher?.refundedMinor ?? 0
  }
  const waits = payments.some((p) => p.status === 'authorised')
  if (exchange !== undefined && exchange.confirmedAtMs > 0 && waits) carried = exchange.carriedMinor
  return { moved, owed, carried }
}

function everyId(state: BookingState): number[] {
  const { bookings } = info(state)
  return Array.from({ length: bookings + archivedCount(state) }, (_, i) => i + 1)
}

/** Complaints: what was agreed since, and is not done. */
function openIn(state: BookingState): number {
  let open = 0
  for (const id of archivedCount(state) > 0 ? everyId(state) : []) {
    const stub = findArchived(state, id)
    if (stub?.familyId === id) open += stub.owedMinor
  }
  for (const { amountMinor } of state.archive.effects.values()) open += amountMinor
  return open
}

const allowed: Readonly<Record<string, readonly string[]>> = {
  new: ['held', 'waiting'],
  waiting: ['held', 'paying', 'confirmed', 'released', 'lapsed', 'cancelled'],
  // What costs nothing is confirmed at once.
  held: ['paying', 'released', 'expired', 'confirmed'],
  // A late authorisation may bring an expired booking back; a refused capture cancels a sale.
  paying: ['held', 'confirmed', 'expired', 'released'],
  expired: ['confirmed'],
  // Its train does not go: rebooked, or paid back.
  disrupted: ['confirmed', 'cancelled'],
  confirmed: ['cancelled', 'disrupted', 'exchanged'],
}

function isHeld(booking: BookingView): boolean {
  return booking.status === 'held' || booking.status === 'paying'
}

function checkRefunds(booking: BookingView): void {
  const id = booking.bookingId
  const { priceMinor, refundMinor } = booking
  must(refundMinor >= 0 && refundMinor <= priceMinor, `booking ${id} refunds ${refundMinor}`)
  const gone = booking.passengers.filter((p) => p.cancelledAtMs > 0)
  const parts = gone.reduce((sum, p) => sum + p.refundMinor, 0)
  must(parts === refundMinor, `the refunds of ${id}'s passengers are ${parts}`)
  for (const p of booking.passengers) {
    must(p.refundMinor >= 0 && p.refundMinor <= p.priceMinor, `${id}: a refund above its fare`)
    must(p.refundMinor === 0 || p.cancelledAtMs > 0, `${id}: a refund for one who travels`)
  }
  must(
    (gone.length === booking.passengers.length) === (booking.status === 'cancelled'),
    `${id} is ${booking.status} and ${gone.length} of its passengers are cancelled`,
  )
  const offer = booking.refundOffer
  must(
    offer === undefined ||
      (booking.status === 'confirmed' &&
        offer.passengers.every((at) => booking.passengers[at]?.cancelledAtMs === 0)),
    `${id} has an offer for somebody who is cancelled`,
  )
}

/** Of a trip, or of a booking by itself: paid once, and no more given back than was agreed. */
function checkMoney(legs: readonly BookingView[]): void {
  const [first] = legs
  if (first === undefined) return
  const { bookingId: id, payments, owedMinor } = first
  const priceMinor = legs.reduce((sum, leg) => sum + leg.priceMinor, 0)
  must(first.tripPriceMinor === priceMinor, `the price of ${id} is not that of its legs`)
  const less = (first.exchange?.carriedMinor ?? 0) + (first.voucher?.amountMinor ?? 0)
  const dueMinor = first.waiting?.reserveMinor ?? priceMinor - less
  must(first.dueMinor === dueMinor && dueMinor >= 0, `${first.dueMinor} is to be paid for ${id}`)
  const inForce = payments.filter((p) => p.status === 'authorised' || p.status === 'captured')
  must(inForce.length <= 1, `booking ${id} is paid twice`)
  for (const payment of payments) {
    // What was reserved of who waited in vain is not its price.
    const seatless = first.passengers.every(({ seat }) => seat < 0) && first.status !== 'waiting'
    const isDue = payment.amountMinor === dueMinor || payment.status === 'declined'
    must(isDue || seatless, `a payment of ${id} is not its price`)
    must(payment.refundedMinor >= 0, `a payment of ${id} has a negative refund`)
    must(payment.refundedMinor <= dueMinor, `a payment of ${id} gave back more than it took`)
    const moved = payment.status === 'captured' || payment.refundedMinor === 0
    must(moved, `booking ${id} was given back what it never paid`)
  }
  must(owedMinor >= 0, `${id} owes its passenger a negative sum`)
  const sold = legs.filter((leg) =>
    ['confirmed', 'cancelled', 'disrupted', 'exchanged'].includes(leg.status),
  )
  must(sold.length === 0 || sold.length === legs.length, `${id}: some legs are sold, some are not`)
  if (sold.length === 0) {
    must(new Set(legs.map((leg) => leg.status)).size === 1, `the legs of ${id} differ`)
    must(new Set(legs.map((leg) => leg.expiresAtMs)).size === 1, `the legs of ${id} end apart`)
  }
  if (legs.some((leg) => leg.status === 'confirmed')) {
    must(inForce.length === 1, `booking ${id} is confirmed and not paid`)
  }
  if (inForce.length === 1) {
    const waits = first.status === 'waiting' && inForce[0]?.status === 'authorised'
    must(sold.length > 0 || waits, `${id} took money and gave nothing`)
  }
}

/** Of all whose money is one: what is given back, on its way and owed is what was agreed. */
function checkGivenBack(state: BookingState, shared: readonly BookingView[]): void {
  const leads = shared.filter((b) => b.tripBookingIds[0] === b.bookingId)
  const [first] = shared
  if (first === undefined) return
  const id = first.bookingId
  const agreed = shared.reduce((sum, b) => sum + agreedFor(b), 0)
  const payments = leads.flatMap((b) => b.payments)
  const toVouchers = leads.reduce((sum, b) => sum + (b.voucher?.refundedMinor ?? 0), 0)
  const given = payments.reduce((sum, p) => sum + p.refundedMinor, 0) + toVouchers
  must(
    new Set(shared.map((b) => b.owedMinor)).size === 1,
    `${id} and what it was exchanged for are owed different sums`,
  )
  must(given + first.owedMinor <= agreed, `${id} is owed more than was agreed`)
  const pending = agreed - given - first.owedMinor
  const shown = payments.some((p) => p.refundPending)
  const taken = takenByBanks(state, payments)
  if (taken > 0) {
    must(shown || pending <= taken, `${id}: ${pending} is on its way, and ${taken} at banks`)
    return
  }
  must(pending > 0 === shown, `${id}: ${pending} is on its way, it says`)
}

function takenByBanks(state: BookingState, payments: BookingView['payments']): number {
  const ids = new Set(payments.map(({ paymentId }) => paymentId))
  return listChargebacks(state, 1_000_000)
    .filter(({ paymentId, status }) => ids.has(paymentId) && status !== 'won')
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0)
}

/** All that was agreed to go back of it. */
function agreedFor({ refundMinor, passengers, exchange, payments, status }: BookingView): number {
  const back = passengers.reduce((sum, p) => sum + p.compensationMinor, 0)
  if (exchange === undefined || exchange.confirmedAtMs === 0) return refundMinor + back
  // Sold, and the difference never paid: what was carried over goes back.
  const isPaid = payments.some((p) => p.status === 'authorised' || p.status === 'captured')
  must(isPaid || status === 'cancelled', 'an exchange that is not paid')
  return refundMinor + back + exchange.surplusMinor + (isPaid ? 0 : exchange.carriedMinor)
}

/** The bookings whose money is one, and the legs of trips; each once. */
function sharing(
  some: readonly BookingView[],
  all: ReadonlyMap<number, BookingView>,
): BookingView[][] {
  const groups = new Map<number, BookingView[]>()
  for (const booking of some) {
    let first = booking
    while (first.exchange !== undefined && first.exchange.confirmedAtMs > 0) {
      first = all.get(first.exchange.oldBookingId) as BookingView
    }
    const id = first.tripBookingIds[0] as number
    groups.set(id, [...(groups.get(id) ?? []), booking])
  }
  return [...groups.values()]
}

function must(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}
