import type { AccountView, BookingState } from '@quorail/booking-fsm'
import {
  type BookingView,
  bookingsOf,
  findBookingByPnr,
  findRun,
  getStation,
  info,
  type JourneyView,
  refundQuote,
} from '@quorail/booking-fsm'
import { journeysOnDay } from '../services/timetable-service.ts'
import { dateInZone } from '../timetable/service-days.ts'
import { dayText } from './find-date.ts'
import { clockText, dateTimeText, durationText, moneyText } from './texts.ts'
import { type Understanding, understand } from './understand.ts'

export interface AnswerContext {
  readonly state: BookingState
  readonly nowMs: number
  /** Who asks; undefined when not logged in. */
  readonly account: AccountView | undefined
  readonly earlier: readonly string[]
}

const journeysShown = 6
const bookingsShown = 5
const lastTrips = 200

/** The answer of the node itself: facts from the state, in plain words. */
export function builtInAnswer(question: string, context: AnswerContext): string {
  const understood = understand(question, context)
  switch (understood.intent) {
    case 'journeys':
      return journeysAnswer(understood, context)
    case 'oneStation':
      return `I know ${understood.station.name}. Tell me where from and where to, for example: “${example(context)}”.`
    case 'bookings':
      return bookingsAnswer(context)
    case 'refund':
      return refundAnswer(understood.pnr, context)
    case 'help':
      return helpAnswer(context)
  }
}

/** Whether the question is one that the built-in answers understand. */
export const isUnderstood = (question: string, context: AnswerContext): boolean =>
  understand(question, context).intent !== 'help'

function helpAnswer(context: AnswerContext): string {
  return [
    'I am the built-in assistant. I can tell you',
    `- trains, free seats and prices on a day: “${example(context)}”`,
    '- your bookings: “Show my bookings”',
    '- what you would get back: “What is the refund for my booking?” or with its code',
  ].join('\n')
}

function example({ state }: AnswerContext): string {
  const [from, to] = [getStation(state, 1), getStation(state, 2)]
  return from && to
    ? `Trains from ${from.name} to ${to.name} tomorrow`
    : 'Trains from one station to another tomorrow'
}

function journeysAnswer(
  { from, to, date }: Extract<Understanding, { intent: 'journeys' }>,
  { state, nowMs }: AnswerContext,
): string {
  const route = `from ${from.name} to ${to.name}`
  if (date < dateInZone(nowMs, from.timeZone))
    return `${dayText(date)} is over. Ask me about today or a later day.`
  const found = journeysOnDay(state, from, to.stationId, date, 1, nowMs)
  if (found.length === 0) {
    return `I find no direct train ${route} on ${dayText(date)} that has not left yet. Try another day, or the other direction.`
  }
  const count = found.length === 1 ? 'is one direct train' : `are ${found.length} direct trains`
  const lines = found
    .slice(0, journeysShown)
    .map((journey) => journeyLine(state, journey, from.timeZone))
  const more = found.length - lines.length
  const rest = more > 0 ? [`…and ${more} more: the search page shows them all.`] : []
  return [`There ${count} ${route} on ${dayText(date)}:`, ...lines, ...rest].join('\n')
}

function journeyLine(state: BookingState, journey: JourneyView, fromZone: string): string {
  const { currency } = info(state)
  const toZone = getStation(state, journey.toStationId)?.timeZone ?? fromZone
  const offers = journey.classes.map(({ classCode, freeSeats, pricePerPassengerMinor }) => {
    const free = freeSeats === 0 ? 'sold out' : `${freeSeats} free`
    return `class ${classCode} ${moneyText(pricePerPassengerMinor, currency)}, ${free}`
  })
  const times = `${clockText(journey.departureMs, fromZone)} – ${clockText(journey.arrivalMs, toZone)}`
  const duration = durationText(journey.arrivalMs - journey.departureMs)
  return `- ${journey.trainNumber}: ${times} (${duration}); ${offers.join('; ')}`
}

function bookingsAnswer({ state, account, nowMs }: AnswerContext): string {
  if (account === undefined) return 'Log in, and I can show you your bookings.'
  const live = bookingsOf(state, account.accountId, lastTrips).filter((booking) =>
    ['held', 'paying', 'confirmed'].includes(booking.status),
  )
  const coming = live.filter((booking) => departureOf(state, booking) > nowMs)
  if (coming.length === 0) {
    return `You have no trips ahead, ${account.displayName}. Shall we find one? Ask me for trains.`
  }
  const lines = coming.slice(0, bookingsShown).map((booking) => bookingLine(state, booking))
  const more = coming.length - lines.length
  const rest = more > 0 ? [`…and ${more} more in “My trips”.`] : []
  const count = coming.length === 1 ? 'one trip' : `${coming.length} trips`
  return [`You have ${count} ahead:`, ...lines, ...rest].join('\n')
}

const statusTexts = {
  held: 'held, not paid yet',
  paying: 'being paid',
  confirmed: 'confirmed',
} as const

function bookingLine(state: BookingState, booking: BookingView): string {
  const status = statusTexts[booking.status as keyof typeof statusTexts] ?? booking.status
  const seats = booking.passengers.map((p) => `${p.coachLabel}/${p.seatLabel}`).join(', ')
  return `- ${booking.pnr}: ${tripText(state, booking)}; seats ${seats}; ${status}`
}

function tripText(state: BookingState, booking: BookingView): string {
  const run = findRun(state, booking.runId)
  const [from, to] = [run?.stops[booking.fromStop], run?.stops[booking.toStop]]
  const [origin, target] = [
    getStation(state, from?.stationId ?? 0),
    getStation(state, to?.stationId ?? 0),
  ]
  if (run === undefined || from === undefined || !origin || !target) return 'a trip'
  const when = dateTimeText(from.departureMs, origin.timeZone)
  return `${run.trainNumber} from ${origin.name} to ${target.name}, ${when}`
}

const departureOf = (state: BookingState, booking: BookingView): number =>
  findRun(state, booking.runId)?.stops[booking.fromStop]?.departureMs ?? 0

function refundAnswer(pnr: string | undefined, context: AnswerContext): string {
  const { state, account, nowMs } = context
  if (account === undefined) return 'Log in, and I can tell you what you would get back.'
  const booking = pnr === undefined ? undefined : findBookingByPnr(state, pnr)
  // The same answer for "not yours" and "does not exist".
  if (pnr !== undefined && booking?.accountId !== account.accountId) {
    return `I find no booking ${pnr} in your account.`
  }
  const confirmed = bookingsOf(state, account.accountId, lastTrips).filter(
    (one) => one.status === 'confirmed' && departureOf(state, one) > nowMs,
  )
  const asked = booking === undefined ? confirmed.slice(0, bookingsShown) : [booking]
  if (asked.length === 0) return 'You have no confirmed trip ahead that could be cancelled.'
  const lines = asked.map((one) => refundLine(one, context))
  return [
    ...lines,
    'To cancel, open the ticket in “My trips”: it shows the refund before you decide.',
  ].join('\n')
}

function refundLine(booking: BookingView, { state, nowMs }: AnswerContext): string {
  const trip = `${booking.pnr} (${tripText(state, booking)})`
  const quote = refundQuote(state, booking.bookingId, nowMs)
  if (booking.status === 'cancelled') {
    return `- ${trip} was cancelled; the refund is ${moneyText(booking.refundMinor, booking.currency)}.`
  }
  if (quote === undefined) return `- ${trip} can not be cancelled for money (any more).`
  const run = findRun(state, booking.runId)
  const zone = getStation(state, run?.stops[booking.fromStop]?.stationId ?? 0)?.timeZone ?? 'UTC'
  const [refund, price] = [quote.refundMinor, quote.priceMinor].map((minor) =>
    moneyText(minor, booking.currency),
  )
  return `- ${trip}: you would get back ${refund} of ${price}, until ${dateTimeText(quote.validUntilMs, zone)}.`
}
