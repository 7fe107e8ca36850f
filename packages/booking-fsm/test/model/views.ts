import type {
  BookingView,
  ExchangeView,
  JourneyQuery,
  JourneyView,
  OccupancyView,
  OutboxView,
  PaymentView,
  RefundOfferView,
  RefundQuote,
  SeatProperty,
  SeatView,
  TicketView,
} from '../../src/index.ts'
import { bandEnds, refundNow } from './cancel-commands.ts'
import { modelBookingDelay, modelLate } from './delay-commands.ts'
import { modelChanges, modelChoice } from './disruption-commands.ts'
import { priceEach } from './fare-lines.ts'
import { freeFor } from './free-places.ts'
import { laterRule } from './later-seats.ts'
import { owed } from './owed.ts'
import { modelCheapest, modelProduct } from './product-commands.ts'
import { isFree, isPlace, placesAreClosed, residual, seatsOf } from './seat-choice.ts'
import { offeredSeats } from './seat-rules.ts'
import { sharersAhead } from './shared-berths.ts'
import { modelBookingVoucher } from './voucher-commands.ts'
import { modelWaiting } from './waiting-commands.ts'
import {
  bookingOf,
  departureAt,
  drawOf,
  dueFor,
  isCancelled,
  isLive,
  isOfRun,
  isReseating,
  legsNow,
  legsOf,
  type ModelBooking,
  type ModelRun,
  payerOf,
  runOf,
  trainOf,
  type World,
} from './world.ts'

/** What the model would show. A PNR is '' and stations are named by code in place of an id. */
export function modelBooking(world: World, booking: ModelBooking): BookingView {
  const run = runOf(world, booking)
  // Of who is not on board any more other coaches say nothing.
  const seats = run.own !== undefined && !isLive(booking) ? [] : seatsOf(trainOf(world, run))
  const payments: PaymentView[] = world.payments
    .filter((p) => p.bookingId === payerOf(booking))
    .map((p) => ({
      paymentId: p.id,
      status: p.status,
      amountMinor: p.amount,
      refundedMinor: p.refunded,
      refundPending: p.refundPending,
      declineReason: p.reason,
    }))
  return {
    bookingId: booking.id,
    pnr: '',
    accountId: booking.accountId,
    status: booking.status,
    runId: booking.runId,
    fromStop: booking.fromStop,
    toStop: booking.toStop,
    classCode: booking.classCode,
    passengers: booking.passengers.map(
      ({ name, said, seat, half, type, price, lines, cancelledAt, refund, compensated }) => ({
        name,
        ...said,
        seat,
        shared: half !== undefined,
        seatLabel: seats[seat] === undefined ? '' : `${seats[seat].row}${seats[seat].letter}`,
        coachLabel: seats[seat]?.coachLabel ?? '',
        priceMinor: price,
        passengerType: type,
        lines,
        cancelledAtMs: cancelledAt,
        refundMinor: refund,
        compensationMinor: compensated,
      }),
    ),
    priceMinor: booking.price,
    currency: world.cluster?.currency ?? '',
    heldAtMs: booking.heldAt,
    expiresAtMs: booking.expiresAt,
    confirmedAtMs: booking.confirmedAt,
    cancelledAtMs: booking.cancelledAt,
    refundMinor: booking.refund,
    owedMinor: owed(world, booking),
    refundOffer: modelOffer(world, booking),
    dueMinor: dueFor(world, bookingOf(world, payerOf(booking))),
    exchange: modelExchange(booking),
    exchangedFor: Math.max(
      0,
      ...world.bookings.map((b) => (b.exchange?.old === booking.id ? b.id : 0)),
    ),
    changes: modelChanges(world, booking),
    disruption: modelChoice(world, booking),
    delay: modelBookingDelay(world, booking),
    payments,
    waiting: modelWaiting(world, booking),
    pool: booking.pool,
    sharersAhead: sharersAhead(world, booking),
    product: modelProduct(booking),
    voucher: modelBookingVoucher(world, booking),
    tripId: booking.trip,
    tripBookingIds: legsOf(world, booking).map((leg) => leg.id),
    journeyBookingIds: legsNow(world, booking).map((leg) => leg.id),
    tripPriceMinor: legsOf(world, booking).reduce((sum, leg) => sum + leg.price, 0),
  }
}

function modelExchange({ exchange }: ModelBooking): ExchangeView | undefined {
  if (exchange === undefined) return undefined
  const sum = (of: 'refund' | 'charge' | 'tax') => exchange.parts.reduce((a, p) => a + p[of], 0)
  return {
    oldBookingId: exchange.old,
    valueMinor: sum('refund'),
    chargeMinor: sum('charge'),
    taxMinor: sum('tax'),
    carriedMinor: exchange.carried,
    surplusMinor: exchange.surplus,
    confirmedAtMs: exchange.confirmedAt,
  }
}

function modelOffer(world: World, { offer }: ModelBooking): RefundOfferView | undefined {
  if (offer === undefined || offer.expiresAt <= world.now) return undefined
  const sum = (of: 'refund' | 'charge' | 'tax') => offer.parts.reduce((a, p) => a + p[of], 0)
  return {
    offerId: offer.id,
    passengers: offer.parts.map((part) => part.position),
    refundMinor: sum('refund'),
    chargeMinor: sum('charge'),
    taxMinor: sum('tax'),
    expiresAtMs: offer.expiresAt,
  }
}

/** The oldest unanswered effect of each payment, by id. */
export function modelOutbox(world: World): OutboxView[] {
  return world.effects
    .filter((effect) => !effect.answered)
    .filter((it) => world.payments.find((p) => p.id === it.paymentId)?.token !== '')
    .filter(
      (effect, _at, open) =>
        !open.some((other) => other.paymentId === effect.paymentId && other.id < effect.id),
    )
    .sort((a, b) => a.id - b.id)
    .map((effect) => {
      const payment = world.payments.find((p) => p.id === effect.paymentId)
      const isArchived = world.archived.some((b) => b.id === payment?.bookingId)
      return {
        outboxId: effect.id,
        key: effect.key,
        kind: effect.kind,
        paymentId: effect.paymentId,
        bookingId: payment?.bookingId ?? 0,
        amountMinor: effect.amount,
        currency: world.cluster?.currency ?? '',
        // A card is not kept of what is archived: a refund goes by the provider's own reference.
        paymentToken: isArchived ? '' : (payment?.token ?? ''),
        providerReference: effect.kind === 'authorise' ? '' : (payment?.reference ?? ''),
      }
    })
}

function blockedSeats(world: World, run: ModelRun): number {
  return world.blocks
    .filter((block) => isOfRun(block, run))
    .reduce((sum, block) => sum + block.seats.length, 0)
}

export function modelOccupancy(world: World, runId: number): OccupancyView | undefined {
  const run = world.runs.find((r) => r.id === runId && r.importId === 0)
  if (run === undefined) return undefined
  const train = trainOf(world, run)
  const on = (segment: number, sold: boolean) =>
    world.bookings
      .filter((b) => b.runId === runId && isLive(b) && (b.status === 'confirmed') === sold)
      .filter((b) => b.fromStop <= segment && segment < b.toStop)
      .flatMap((b) => b.passengers)
      .filter((p) => p.cancelledAt === 0 && p.half === undefined).length
  return {
    runId,
    capacity: seatsOf(train).length,
    segments: train.stops.slice(1).map((_, at) => ({
      sold: on(at, true),
      held: on(at, false),
      blocked: blockedSeats(world, run),
    })),
  }
}

export function modelRefundQuote(
  world: World,
  booking: ModelBooking,
  now: number,
): RefundQuote | undefined {
  if (booking.status !== 'confirmed') return undefined
  const departure = departureAt(world, runOf(world, booking), booking.fromStop)
  if (departure <= now) return undefined
  const refundMinor = refundNow(world, booking, now)
  // The instants at which the figure may change: the ends of the bands, and the departure.
  const ends = bandEnds(booking).map((before) => departure - before)
  const change = ends
    .filter((end) => end > now && end < departure)
    .sort((a, b) => a - b)
    .find((end) => refundNow(world, booking, end) !== refundMinor)
  const { id: bookingId, price: priceMinor } = booking
  return { bookingId, priceMinor, refundMinor, validUntilMs: change ?? departure }
}

export function modelSeatMap(
  world: World,
  run: ModelRun,
  fromStop: number,
  toStop: number,
): Pick<SeatView, 'seat' | 'free' | 'properties' | 'residual' | 'offered'>[] {
  const closed = placesAreClosed(world, run)
  const classes = [...new Set(trainOf(world, run).coaches.map((coach) => coach.classCode))]
  const offered = classes.flatMap((of) => offeredSeats(world, run, fromStop, toStop, of))
  return seatsOf(trainOf(world, run)).map((seat) => {
    const free = isFree(world, run, seat.seat, fromStop, toStop)
    return {
      seat: seat.seat,
      free,
      properties: seat.properties as SeatProperty[],
      residual: free ? residual(world, run, seat.seat, fromStop, toStop) : 0,
      offered:
        offered.includes(seat.seat) &&
        drawOf(world, run.id) === undefined &&
        !isReseating(world, run.id) &&
        !(closed && isPlace(seat)) &&
        laterRule(world, run, seat.classCode) === undefined,
    }
  })
}

type ModelJourney = Omit<JourneyView, 'fromStationId' | 'toStationId'>

export function modelJourneys(
  world: World,
  from: string,
  to: string,
  query: Omit<JourneyQuery, 'fromStationId' | 'toStationId'>,
): ModelJourney[] {
  const journeys: ModelJourney[] = []
  for (const run of world.runs.filter((r) => r.importId === 0 && !isCancelled(world, r))) {
    const train = trainOf(world, run)
    const boards = (stop: number) =>
      train.stops[stop]?.stationCode === from && train.stops[stop]?.boarding
    const alights = (stop: number) =>
      train.stops[stop]?.stationCode === to && train.stops[stop]?.alighting
    const stops = train.stops.map((_, at) => at)
    // A train may call twice: no boarding in between, and the first alighting after it.
    const pairs = stops.filter(boards).flatMap((fromStop) => {
      const toStop = stops.find((at) => at > fromStop && alights(at))
      if (toStop === undefined) return []
      const later = stops.some((at) => at > fromStop && at < toStop && boards(at))
      return later ? [] : [[fromStop, toStop] as const]
    })
    for (const [fromStop, toStop] of pairs) {
      const departureMs = departureAt(world, run, fromStop)
      if (departureMs < query.earliestMs || departureMs > query.latestMs) continue
      if (departureMs <= query.nowMs) continue
      const seats = seatsOf(train)
      const classes = [...new Set(train.coaches.map((coach) => coach.classCode))].flatMap(
        (code) => {
          const price = priceEach(world, train, fromStop, toStop, code, query.nowMs)
          if (price === undefined) return []
          const ofClass = seats.filter((seat) => seat.classCode === code)
          const freeSeats = freeFor(world, run, fromStop, toStop, code, query.nowMs)
          const types = Array.from({ length: query.passengers }, () => '')
          const asked = { run, fromStop, toStop, classCode: code, types, now: query.nowMs }
          return [
            {
              classCode: code,
              freeSeats,
              capacity: ofClass.length,
              pricePerPassengerMinor: price,
              enoughSeats: freeSeats >= query.passengers,
              ...modelCheapest(world, asked, freeSeats),
            },
          ]
        },
      )
      if (classes.length === 0) continue
      const end = train.stops[toStop]
      const under = drawOf(world, run.id)
      const start = train.stops[fromStop]
      journeys.push({
        runId: run.id,
        trainNumber: train.number,
        trainName: train.name,
        serviceDate: run.serviceDate,
        fromStop,
        toStop,
        departureMs,
        arrivalMs: run.baseMs + (end?.arrivalSeconds ?? 0) * 1_000,
        ...modelLate(world, run.id, fromStop, toStop),
        distanceMetres: (end?.distanceMetres ?? 0) - (start?.distanceMetres ?? 0),
        stopsBetween: toStop - fromStop - 1,
        classes,
        ...(under !== undefined && {
          draw: { drawId: under.id, untilMs: under.terms.revealByMs },
        }),
      })
    }
  }
  journeys.sort(
    (a, b) => a.departureMs - b.departureMs || a.arrivalMs - b.arrivalMs || a.runId - b.runId,
  )
  return journeys.slice(0, query.limit)
}

/** The latest of each passenger; numbers are given as ''. */
export function modelTickets(world: World, bookingId: number): TicketView[] {
  const all = world.tickets.filter((t) => t.bookingId === bookingId)
  return all
    .filter((t) => !all.some((o) => o.position === t.position && o.version > t.version))
    .sort((a, b) => a.position - b.position)
    .map(({ position, version, issuedAt, voidedAt, scan }) => ({
      ticketNumber: '',
      bookingId,
      position,
      version,
      issuedAtMs: issuedAt,
      voidedAtMs: voidedAt,
      inspectedAtMs: scan?.atMs ?? 0,
      inspectedStop: scan?.stop ?? 0,
      inspectedBy: scan?.deviceId ?? '',
    }))
}
