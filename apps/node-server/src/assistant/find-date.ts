import { addDays, dateToUtcMs, isDate, weekdayOf } from '../timetable/service-days.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const months =
  'january february march april may june july august september october november december'.split(' ')

/** The day a question means, as yyyymmdd; undefined when it names none. `words` are normalised. */
export function findDate(
  text: string,
  words: readonly string[],
  today: number,
): number | undefined {
  return (
    isoDate(text) ?? relativeDay(words, today) ?? monthDay(words, today) ?? weekday(words, today)
  )
}

function isoDate(text: string): number | undefined {
  const match = /\b(\d{4})-(\d{2})-(\d{2})\b/.exec(text)
  const date = match === null ? 0 : Number(`${match[1]}${match[2]}${match[3]}`)
  return isDate(date) ? date : undefined
}

function relativeDay(words: readonly string[], today: number): number | undefined {
  const tomorrow = words.indexOf('tomorrow')
  if (tomorrow >= 0) return addDays(today, words[tomorrow - 1] === 'after' ? 2 : 1)
  if (words.includes('today') || words.includes('tonight') || words.includes('now')) return today
  return undefined
}

/** "24 november", "november 24th", with or without a year; without one, the next such day. */
function monthDay(words: readonly string[], today: number): number | undefined {
  for (const [at, word] of words.entries()) {
    const month = word.length < 3 ? -1 : months.findIndex((name) => name.startsWith(word))
    // "may" alone is no month: "may I cancel"
    const neighbours = [
      words[at - 1],
      words[at - 1] === 'of' ? words[at - 2] : undefined,
      words[at + 1],
    ]
    const day = neighbours.map(dayOfMonth).find((found) => found !== undefined)
    if (month < 0 || day === undefined) continue
    const year = words.map(Number).find((number) => number > 2000 && number < 2100)
    const thisYear = Math.floor(today / 10_000)
    const date = (y: number) => y * 10_000 + (month + 1) * 100 + day
    const meant = date(year ?? thisYear)
    const next = year === undefined && meant < today ? date(thisYear + 1) : meant
    if (isDate(next)) return next
  }
  return undefined
}

function dayOfMonth(word: string | undefined): number | undefined {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word ?? '')
  const day = Number(match?.[1] ?? 0)
  return day >= 1 && day <= 31 ? day : undefined
}

/** The next such day; today when it is that day. */
function weekday(words: readonly string[], today: number): number | undefined {
  for (const word of words) {
    const wanted =
      word.length < 3
        ? -1
        : weekdays.findIndex((name) => name === word || name.slice(0, 3) === word)
    if (wanted >= 0) return addDays(today, (wanted - weekdayOf(today) + 7) % 7)
  }
  return undefined
}

export const dayText = (date: number): string =>
  new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(dateToUtcMs(date))
