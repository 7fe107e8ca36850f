/** A notice with what a mail says of its booking: names, money and times as people read them. */
import {
  accountState,
  type BookingState,
  type BookingView,
  customerOf,
  findAccount,
  findArchived,
  findBooking,
  findRun,
  getStation,
  info,
  type NoticeView,
} from '@quorail/booking-fsm'
import { localTime, moneyText } from './local-texts.ts'

export interface NoticeFacts {
  readonly to: string
  readonly name: string
  /** Of the booking, or of all legs of its trip. */
  readonly journeys: readonly JourneyFacts[]
  readonly pnr: string
  readonly total: string
  /** Sums that the notice itself names. */
  readonly refund: string | undefined
  readonly amount: string | undefined
  /** Who it is about, where it is not about all. */
  readonly passengers: readonly string[]
  readonly everybody: boolean
  readonly minutes: number | undefined
  readonly payUntil: string | undefined
  /** Until then another train may be chosen. */
  readonly choiceUntil?: string | undefined
  /** With it a new password is set. It is in the mail and nowhere else. */
  readonly resetCode?: string | undefined
  /** Opens what a guest bought. It is in the mail and nowhere else. */
  readonly guestLink?: string | undefined
}

export interface JourneyFacts {
  readonly train: string
  readonly from: string
  readonly departure: string
  readonly to: string
  readonly arrival: string
  readonly classCode: string
  /** `Ann Example: coach 2, seat 4A`, of those who travel. */
  readonly seats: readonly string[]
}

/** Undefined when there is nobody to tell any more, or nothing to tell of. */
export function factsOf(state: BookingState, notice: NoticeView): NoticeFacts | undefined {
  const account = findAccount(state, notice.accountId)
  if (account === undefined || accountState(state, account.accountId) === 'erased') return undefined
  const customer = customerOf(state, notice.bookingId)
  if (customer?.email === '') return undefined
  const booking = notice.bookingId === 0 ? undefined : findBooking(state, notice.bookingId)
  // Of what is over long ago only the reference is here: its journey is not news any more.
  const archived = booking === undefined ? findArchived(state, notice.bookingId) : undefined
  if (notice.bookingId !== 0 && booking === undefined && archived === undefined) return undefined
  const { data } = notice
  const currency = booking?.currency ?? (archived && info(state).currency) ?? ''
  const sum = (minor: unknown) =>
    typeof minor === 'number' && currency !== '' ? moneyText(minor, currency) : undefined
  const positions = Array.isArray(data.passengers) ? (data.passengers as readonly number[]) : []
  const legs = booking === undefined ? [] : legsOf(state, booking, notice)
  return {
    to: customer?.email ?? account.email,
    name: customer?.displayName ?? account.displayName,
    journeys: legs.map((leg) => journeyFacts(state, leg)),
    pnr: booking?.pnr ?? archived?.pnr ?? '',
    total: sum(legs.reduce((total, leg) => total + leg.priceMinor, 0)) ?? '',
    refund: sum(data.refundMinor),
    amount: sum(data.amountMinor),
    passengers: positions.flatMap((at) => booking?.passengers[at]?.name ?? []),
    everybody: positions.length === booking?.passengers.length,
    minutes: typeof data.minutes === 'number' ? data.minutes : undefined,
    payUntil: payUntil(state, booking),
    choiceUntil: choiceUntil(state, booking, data.choiceUntilMs),
  }
}

/** A sale and its money are of the whole trip; the rest is of one train. */
function legsOf(state: BookingState, booking: BookingView, notice: NoticeView): BookingView[] {
  const whole = [
    'guestLink',
    'bookingConfirmed',
    'latePaymentAccepted',
    'latePaymentVoided',
    'fareNotPaid',
  ]
  if (!whole.includes(notice.kind)) return [booking]
  return booking.tripBookingIds.flatMap((id) => findBooking(state, id) ?? [])
}

function journeyFacts(state: BookingState, booking: BookingView): JourneyFacts {
  const run = findRun(state, booking.runId)
  const [from, to] = [run?.stops[booking.fromStop], run?.stops[booking.toStop]]
  const start = from && getStation(state, from.stationId)
  const end = to && getStation(state, to.stationId)
  const startZone = start?.timeZone ?? 'UTC'
  const endZone = end?.timeZone ?? startZone
  const departureMs = from?.departureMs ?? 0
  return {
    train: [run?.trainNumber, run?.trainName].filter(Boolean).join(' '),
    from: start?.name ?? '',
    departure: localTime(departureMs, startZone, { nameZone: startZone !== endZone }),
    to: end?.name ?? '',
    arrival: localTime(to?.arrivalMs ?? 0, endZone, { nameZone: startZone !== endZone }),
    classCode: booking.classCode,
    seats: booking.passengers
      .filter(({ cancelledAtMs }) => cancelledAtMs === 0 || booking.status === 'cancelled')
      .map((of) =>
        of.seat < 0
          ? `${of.name}: the seat is given later`
          : `${of.name}: coach ${of.coachLabel}, seat ${of.seatLabel}`,
      ),
  }
}

function choiceUntil(state: BookingState, booking: BookingView | undefined, atMs: unknown) {
  if (booking === undefined || typeof atMs !== 'number') return undefined
  return localTime(atMs, zoneOfStart(state, booking), { nameZone: true })
}

/** Deadlines are told in the time of where the journey begins. */
function payUntil(state: BookingState, booking: BookingView | undefined): string | undefined {
  if (booking === undefined || booking.status !== 'held') return undefined
  return localTime(booking.expiresAtMs, zoneOfStart(state, booking), { nameZone: true })
}

function zoneOfStart(state: BookingState, booking: BookingView): string {
  const stop = findRun(state, booking.runId)?.stops[booking.fromStop]
  const station = stop && getStation(state, stop.stationId)
  return station?.timeZone ?? 'UTC'
}
