import { type BookingState, type StationView, searchStations } from '@quorail/booking-fsm'
import { normaliseSearchText, searchTermsOf } from '../timetable/normalise-search-text.ts'

export interface StationMention {
  readonly station: StationView
  /** Positions of its first word, and of the word behind its last. */
  readonly from: number
  readonly to: number
}

const wordsAtMost = 5
const candidates = 5
/** A part of a name counts from this length on: "valdor" is clear enough, "val" is not. */
const partLength = 5
/** Words of questions that are also codes of stations somewhere. */
const notStations = new Set(['a', 'an', 'and', 'any', 'are', 'at', 'for', 'from', 'how', 'i', 'in'])
for (const word of 'is it me my of on or the to via what when which day free seat seats'.split(
  ' ',
)) {
  notStations.add(word)
}

/** The stations a question names, in its order, the longest reading first. */
export function findStationMentions(
  state: BookingState,
  words: readonly string[],
): StationMention[] {
  const mentions: StationMention[] = []
  let from = 0
  while (from < words.length) {
    const mention = mentionAt(state, words, from)
    if (mention === undefined) {
      from += 1
    } else {
      mentions.push(mention)
      from = mention.to
    }
  }
  return mentions
}

function mentionAt(state: BookingState, words: readonly string[], from: number) {
  for (let length = Math.min(wordsAtMost, words.length - from); length > 0; length--) {
    const text = words.slice(from, from + length).join(' ')
    if (length === 1 && notStations.has(text)) continue
    const station = stationCalled(state, text)
    if (station !== undefined) return { station, from, to: from + length }
  }
  return undefined
}

function stationCalled(state: BookingState, text: string): StationView | undefined {
  const found = searchStations(state, text, candidates)
  const exact = found.find((station) => termsOf(station).includes(text))
  if (exact !== undefined) return exact
  if (text.length < partLength) return undefined
  const begins = found.filter((station) => termsOf(station).some((term) => term.startsWith(text)))
  return begins.length === 1 ? begins[0] : undefined
}

const termsOf = ({ name, aliases, code }: StationView) => searchTermsOf([name, ...aliases, code])

export const wordsOf = (text: string): string[] =>
  normaliseSearchText(text)
    .split(' ')
    .filter((word) => word !== '')
