/** Views of the state machine, as messages of the API. Ids become bigint here and nowhere else. */
import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf'
import {
  type AccountView,
  type BookingState,
  type BookingView,
  type BookingVoucherView,
  type CheapestView,
  type ExchangeView,
  type FareLineView,
  findJourney,
  getStation,
  info,
  type JourneyDraw,
  type JourneyView,
  type LegView,
  type PartyClassOffer,
  type PaymentView,
  type RefundOfferView,
  type StationView,
  type StopView,
  type WaitingView,
} from '@quorail/booking-fsm'
import { AccountRole, AccountSchema } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  BookingSchema,
  BookingStatus,
  ClassOfferSchema,
  ExchangeSchema,
  FareLineSchema,
  JourneyDrawSchema,
  JourneySchema,
  MoneySchema,
  PaymentSchema,
  PaymentStatus,
  RefundOfferSchema,
  StationSchema,
  StopSchema,
  VoucherUseStatus,
  WaitingSchema,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { disruptionFields } from './disruptions.ts'

const roles = {
  passenger: AccountRole.PASSENGER,
  staff: AccountRole.STAFF,
  operator: AccountRole.OPERATOR,
  guest: AccountRole.GUEST,
  agent: AccountRole.AGENT,
} as const

const bookingStatuses = {
  held: BookingStatus.HELD,
  paying: BookingStatus.PAYING,
  confirmed: BookingStatus.CONFIRMED,
  cancelled: BookingStatus.CANCELLED,
  expired: BookingStatus.EXPIRED,
  released: BookingStatus.RELEASED,
  waiting: BookingStatus.WAITING,
  lapsed: BookingStatus.LAPSED,
  exchanged: BookingStatus.EXCHANGED,
  disrupted: BookingStatus.DISRUPTED,
} as const

const paymentStatuses = {
  authorising: PaymentStatus.AUTHORISING,
  authorised: PaymentStatus.AUTHORISED,
  captured: PaymentStatus.CAPTURED,
  declined: PaymentStatus.DECLINED,
  voiding: PaymentStatus.VOIDING,
  voided: PaymentStatus.VOIDED,
} as const

/**
 * Only described, not made: it is written from that (`bytesOf`), or made by Connect. The schema is there for the
 * compiler.
 */
function shape<Desc extends DescMessage>(
  _schema: Desc,
  init: MessageInitShape<Desc>,
): MessageInitShape<Desc> {
  return init
}

/** A `google.protobuf.Timestamp`. */
function instant(ms: number) {
  const seconds = Math.floor(ms / 1_000)
  return { seconds: BigInt(seconds), nanos: (ms - seconds * 1_000) * 1_000_000 }
}

export const money = (minor: number, currency: string) =>
  shape(MoneySchema, { minor: BigInt(minor), currency })

/** `20261122` as `2026-11-22`; 0 as ''. */
export function dateText(date: number): string {
  if (date === 0) return ''
  const text = String(date).padStart(8, '0')
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`
}

export const accountMessage = (account: AccountView) =>
  shape(AccountSchema, {
    accountId: BigInt(account.accountId),
    email: account.email,
    displayName: account.displayName,
    role: roles[account.role],
  })

export const stationMessage = (station: StationView) =>
  shape(StationSchema, {
    code: station.code,
    name: station.name,
    aliases: [...station.aliases],
    timeZone: station.timeZone,
    latitude: station.latitudeE6 / 1e6,
    longitude: station.longitudeE6 / 1e6,
    groupCode: station.groupCode,
    changeSeconds: station.changeSeconds,
    zone: station.zone,
  })

function stationById(state: BookingState, stationId: number) {
  const station = getStation(state, stationId)
  return station === undefined ? {} : stationMessage(station)
}

export const stopMessage = (state: BookingState, stop: StopView) =>
  shape(StopSchema, {
    station: stationById(state, stop.stationId),
    arrival: instant(stop.arrivalMs),
    departure: instant(stop.departureMs),
    distanceMetres: stop.distanceMetres,
    boarding: stop.boarding,
    alighting: stop.alighting,
    lateMinutes: stop.lateMinutes,
    lateFinal: stop.lateFinal,
  })

/** A leg of a connection: its classes are for the whole party. */
export function legMessage(
  state: BookingState,
  leg: LegView,
): MessageInitShape<typeof JourneySchema> {
  const { currency } = info(state)
  const stopsBetween = leg.toStop - leg.fromStop - 1
  const classes = leg.classes.map((offer) => partyOfferMessage(offer, currency))
  return journeyShape(state, { ...leg, stopsBetween, classes: [] }, classes)
}

function voucherOfBooking(voucher: BookingVoucherView, currency: string) {
  const { voucherId, amountMinor, refundedMinor, status } = voucher
  return {
    voucherId: BigInt(voucherId),
    amount: money(amountMinor, currency),
    refunded: money(refundedMinor, currency),
    status: voucherStatuses[status],
  }
}

const voucherStatuses: Readonly<Record<BookingVoucherView['status'], VoucherUseStatus>> = {
  reserved: VoucherUseStatus.RESERVED,
  redeemed: VoucherUseStatus.REDEEMED,
  released: VoucherUseStatus.RELEASED,
}

/** Where the whole party pays less than the full fare. */
function cheapestField({ cheapest }: { readonly cheapest?: CheapestView }, currency: string) {
  return cheapest === undefined ? {} : { cheapest: productOffer(cheapest, currency) }
}

export function productOffer(offer: CheapestView, currency: string) {
  const { code, name, placesLeft, refundable, exchangeable, priceMinor } = offer
  const priceOfParty = money(priceMinor, currency)
  return { code, name, placesLeft, refundable, exchangeable, priceOfParty }
}

export const partyOfferMessage = (offer: PartyClassOffer, currency: string) =>
  shape(ClassOfferSchema, {
    classCode: offer.classCode,
    freeSeats: offer.freeSeats,
    capacity: offer.capacity,
    priceOfParty: money(offer.priceMinor, currency),
    ...cheapestField(offer, currency),
  })

export function journeyMessage(state: BookingState, journey: JourneyView, party: number) {
  const { currency } = info(state)
  const classes = journey.classes.map((offer) => ({
    classCode: offer.classCode,
    freeSeats: offer.freeSeats,
    capacity: offer.capacity,
    pricePerPassenger: money(offer.pricePerPassengerMinor, currency),
    priceOfParty: money(offer.pricePerPassengerMinor * party, currency),
    ...cheapestField(offer, currency),
  }))
  return journeyShape(state, journey, classes)
}

const journeyShape = (
  state: BookingState,
  journey: JourneyView,
  classes: MessageInitShape<typeof ClassOfferSchema>[],
) =>
  shape(JourneySchema, {
    runId: BigInt(journey.runId),
    trainNumber: journey.trainNumber,
    trainName: journey.trainName,
    serviceDate: dateText(journey.serviceDate),
    fromStop: journey.fromStop,
    toStop: journey.toStop,
    from: stationById(state, journey.fromStationId),
    to: stationById(state, journey.toStationId),
    departure: instant(journey.departureMs),
    arrival: instant(journey.arrivalMs),
    distanceMetres: journey.distanceMetres,
    stopsBetween: journey.stopsBetween,
    departureLateMinutes: journey.departureLateMinutes,
    arrivalLateMinutes: journey.arrivalLateMinutes,
    ...(journey.draw !== undefined && { draw: drawMessage(journey.draw) }),
    classes,
  })

export const drawMessage = ({ drawId, untilMs }: JourneyDraw) =>
  shape(JourneyDrawSchema, { drawId: BigInt(drawId), until: instant(untilMs) })

const onBoard: ReadonlySet<string> = new Set(['held', 'paying', 'confirmed'])

export function bookingMessage(
  state: BookingState,
  booking: BookingView,
): MessageInitShape<typeof BookingSchema> {
  const journey = findJourney(state, booking.runId, booking.fromStop, booking.toStop)
  const init: MessageInitShape<typeof BookingSchema> = {
    bookingId: BigInt(booking.bookingId),
    pnr: booking.pnr,
    status: bookingStatuses[booking.status],
    classCode: booking.classCode,
    passengers: booking.passengers.map((passenger) => ({
      name: passenger.name,
      // Who waits has none.
      seat: Math.max(passenger.seat, 0),
      seatGivenLater: passenger.seat < 0 && onBoard.has(booking.status),
      shared: passenger.shared,
      seatLabel: passenger.seatLabel,
      coachLabel: passenger.coachLabel,
      price: money(passenger.priceMinor, booking.currency),
      refund: money(passenger.refundMinor, booking.currency),
      compensation: money(passenger.compensationMinor, booking.currency),
      passengerType: passenger.passengerType,
      birthDate: passenger.birthDate === 0 ? '' : dateText(passenger.birthDate),
      document: passenger.document,
      contact: passenger.contact,
      fareLines: passenger.lines.map((line) => fareLineMessage(line, booking.currency)),
      ...(passenger.cancelledAtMs > 0 && {
        cancelledAt: instant(passenger.cancelledAtMs),
      }),
    })),
    price: money(booking.priceMinor, booking.currency),
    heldAt: instant(booking.heldAtMs),
    expiresAt: instant(booking.expiresAtMs),
    refund: money(booking.refundMinor, booking.currency),
    refundOwed: money(booking.owedMinor, booking.currency),
    pool: booking.pool,
    sharersAhead: booking.sharersAhead,
    ...(booking.product && { product: booking.product }),
    ...(booking.voucher && { voucher: voucherOfBooking(booking.voucher, booking.currency) }),
    tripId: BigInt(booking.tripId),
    tripBookingIds: booking.tripBookingIds.map(BigInt),
    journeyBookingIds: booking.journeyBookingIds.map(BigInt),
    tripPrice: money(booking.tripPriceMinor, booking.currency),
    due: money(booking.dueMinor, booking.currency),
    exchangedFor: BigInt(booking.exchangedFor),
    ...disruptionFields(state, booking, (runId, fromStop, toStop) => {
      const part = findJourney(state, runId, fromStop, toStop)
      return part && journeyMessage(state, part, booking.passengers.length)
    }),
    payments: booking.payments.map((payment) => paymentMessage(payment, booking.currency)),
  }
  if (journey !== undefined)
    init.journey = journeyMessage(state, journey, booking.passengers.length)
  if (booking.confirmedAtMs > 0) init.confirmedAt = instant(booking.confirmedAtMs)
  if (booking.cancelledAtMs > 0) init.cancelledAt = instant(booking.cancelledAtMs)
  if (booking.waiting !== undefined)
    init.waiting = waitingMessage(
      state,
      booking.waiting,
      booking.passengers.length,
      booking.currency,
    )
  if (booking.refundOffer !== undefined)
    init.refundOffer = refundOfferMessage(booking.refundOffer, booking.currency)
  if (booking.exchange !== undefined)
    init.exchange = exchangeMessage(booking.exchange, booking.currency)
  return shape(BookingSchema, init)
}

function waitingMessage(
  state: BookingState,
  waiting: WaitingView,
  party: number,
  currency: string,
): MessageInitShape<typeof WaitingSchema> {
  return shape(WaitingSchema, {
    deadline: instant(waiting.deadlineMs),
    reserve: money(waiting.reserveMinor, currency),
    options: waiting.options.map((option) => {
      const journey = findJourney(state, option.runId, option.fromStop, option.toStop)
      return {
        ...(journey !== undefined && { journey: journeyMessage(state, journey, party) }),
        classCode: option.classCode,
        price: money(option.priceMinor, currency),
        closesAt: instant(option.closesAtMs),
        closed: option.closed,
        ahead: option.ahead,
        pool: option.pool,
        onlyPool: option.onlyPool,
        shared: option.shared,
      }
    }),
  })
}

export const fareLineMessage = (line: FareLineView, currency: string) =>
  shape(FareLineSchema, {
    code: line.code,
    net: money(line.netMinor, currency),
    tax: money(line.taxMinor, currency),
  })

function exchangeMessage(
  exchange: ExchangeView,
  currency: string,
): MessageInitShape<typeof ExchangeSchema> {
  const { confirmedAtMs } = exchange
  return shape(ExchangeSchema, {
    oldBookingId: BigInt(exchange.oldBookingId),
    value: money(exchange.valueMinor, currency),
    charge: money(exchange.chargeMinor, currency),
    tax: money(exchange.taxMinor, currency),
    surplus: money(exchange.surplusMinor, currency),
    confirmedAt: confirmedAtMs > 0 ? instant(confirmedAtMs) : undefined,
  })
}

export const refundOfferMessage = (offer: RefundOfferView, currency: string) =>
  shape(RefundOfferSchema, {
    offerId: BigInt(offer.offerId),
    passengers: [...offer.passengers],
    refund: money(offer.refundMinor, currency),
    charge: money(offer.chargeMinor, currency),
    tax: money(offer.taxMinor, currency),
    expiresAt: instant(offer.expiresAtMs),
  })

const paymentMessage = (payment: PaymentView, currency: string) =>
  shape(PaymentSchema, {
    paymentId: BigInt(payment.paymentId),
    status: paymentStatuses[payment.status],
    amount: money(payment.amountMinor, currency),
    refunded: money(payment.refundedMinor, currency),
    refundPending: payment.refundPending,
    declineReason: payment.declineReason,
  })
