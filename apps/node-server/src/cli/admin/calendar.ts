import { newRequestId } from '@quorail/cluster-client'
import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Gives a train other days from a date on. Its number may be of several words: the days are the last one. */
export async function adminCalendar(
  { admin, administration, options }: AdminContext,
  words: readonly string[],
): Promise<void> {
  const [number, days] = [words.slice(0, -1).join(' '), words.at(-1) ?? '']
  const { from, to, added = '', removed = '', zone = '' } = options
  if (number === '') throw new UsageError('Say the train and its days, e.g. "ICE 27 mon,tue".')
  if (from === undefined || to === undefined) {
    throw new UsageError('Say --from DATE and --to DATE (YYYY-MM-DD).')
  }
  const weekdays = weekdaysOf(days)
  const { trainId } = await admin.getTrain({ number })
  const dates = { addedDates: listOf(added), removedDates: listOf(removed) }
  const answer = await administration.setCalendar({
    requestId: newRequestId(),
    trainId,
    calendar: { weekdays, fromDate: from, toDate: to, ...dates },
    timeZone: zone,
  })
  const withdrawn = answer.withdrawnRunIds.map(Number)
  const kept = answer.keptRuns.map((run) => ({ id: Number(run.runId), date: run.serviceDate }))
  print(
    {
      headings: ['RUN', 'DATE', 'STATE'],
      lines: [
        ...withdrawn.map((id) => [String(id), '', 'withdrawn']),
        ...kept.map(({ id, date }) => [String(id), date, 'sold: goes all the same']),
      ],
      json: { trainId: Number(trainId), withdrawn, kept },
      nextPage: '',
    },
    options.json,
  )
}

/** Bit 0 is Monday. */
function weekdaysOf(text: string): number {
  if (text === 'none') return 0
  let weekdays = 0
  for (const name of text.split(',')) {
    const day = dayNames.indexOf(name.toLowerCase())
    if (day < 0) throw new UsageError(`"${name}" is no day. There are: ${dayNames.join(', ')}.`)
    weekdays |= 1 << day
  }
  return weekdays
}

const listOf = (text: string): string[] => (text === '' ? [] : text.split(','))
