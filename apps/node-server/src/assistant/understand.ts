import { type BookingState, isPnr, type StationView } from '@quorail/booking-fsm'
import { dateInZone } from '../timetable/service-days.ts'
import { findDate } from './find-date.ts'
import { findStationMentions, type StationMention, wordsOf } from './find-stations.ts'

/** What a question asks for, as far as the built-in answers can tell. */
export type Understanding =
  | {
      readonly intent: 'journeys'
      readonly from: StationView
      readonly to: StationView
      readonly date: number
    }
  | { readonly intent: 'oneStation'; readonly station: StationView }
  | { readonly intent: 'bookings' }
  | { readonly intent: 'refund'; readonly pnr: string | undefined }
  | { readonly intent: 'help' }

export interface QuestionContext {
  readonly state: BookingState
  readonly nowMs: number
  /** Earlier questions of the conversation, oldest first. */
  readonly earlier: readonly string[]
}

const refundWords = new Set([
  'refund',
  'refunded',
  'cancel',
  'cancelling',
  'cancellation',
  'storno',
])
const bookingWords = new Set([
  'booking',
  'bookings',
  'trip',
  'trips',
  'ticket',
  'tickets',
  'reservation',
])
const searchWords = new Set(
  'train trains seat seats price prices cost fare connection connections free when from'.split(' '),
)

export function understand(question: string, context: QuestionContext): Understanding {
  const words = wordsOf(question)
  const pnr = pnrIn(question)
  if (words.some((word) => refundWords.has(word))) return { intent: 'refund', pnr }
  if (pnr !== undefined) return { intent: 'refund', pnr }
  const mentions = findStationMentions(context.state, words)
  const own = words.includes('my') || words.includes('mine')
  if (mentions.length === 0 && own && words.some((word) => bookingWords.has(word))) {
    return { intent: 'bookings' }
  }
  return journeys(question, words, mentions, context)
}

function journeys(
  question: string,
  words: readonly string[],
  mentions: readonly StationMention[],
  context: QuestionContext,
): Understanding {
  const named = directed(words, mentions)
  const date = dateOf(question, named?.from, context)
  if (named !== undefined)
    return { intent: 'journeys', ...named, date: date ?? lastDate(context, named.from) }
  // "and on Friday?" goes on with the stations of the question before.
  const follows =
    mentions.length === 0 && (date !== undefined || words.some((word) => searchWords.has(word)))
  const before = follows ? lastStations(context) : undefined
  if (before !== undefined) {
    const day = dateOf(question, before.from, context) ?? lastDate(context, before.from)
    return { intent: 'journeys', ...before, date: day }
  }
  const [only] = mentions
  return only === undefined ? { intent: 'help' } : { intent: 'oneStation', station: only.station }
}

/** Which of two stations is where it begins: by "from" and "to", else by their order. */
function directed(words: readonly string[], mentions: readonly StationMention[]) {
  const after = (word: string) => mentions.find((mention) => words[mention.from - 1] === word)
  const [first, second] = mentions
  if (first === undefined || second === undefined) return undefined
  const to = after('to') ?? after('towards') ?? after('for')
  const from = after('from') ?? mentions.find((mention) => mention !== to) ?? first
  const target = to ?? mentions.find((mention) => mention !== from) ?? second
  if (from.station.stationId === target.station.stationId) return undefined
  return { from: from.station, to: target.station }
}

function dateOf(question: string, from: StationView | undefined, context: QuestionContext) {
  const today = dateInZone(context.nowMs, from?.timeZone ?? 'UTC')
  return findDate(question, wordsOf(question), today)
}

function lastStations({ earlier, state }: QuestionContext) {
  for (const question of earlier.toReversed()) {
    const words = wordsOf(question)
    const found = directed(words, findStationMentions(state, words))
    if (found !== undefined) return found
  }
  return undefined
}

/** The day of an earlier question about this; without one, today. */
function lastDate(context: QuestionContext, from: StationView): number {
  for (const question of context.earlier.toReversed()) {
    const date = dateOf(question, from, context)
    if (date !== undefined) return date
  }
  return dateInZone(context.nowMs, from.timeZone)
}

function pnrIn(question: string): string | undefined {
  return question
    .toUpperCase()
    .match(/\b[A-Z0-9]{7}\b/g)
    ?.find(isPnr)
}
