import { importGtfs } from '../timetable/gtfs/import-gtfs.ts'
import { isDate } from '../timetable/service-days.ts'
import { membersOf } from './default-cluster.ts'
import { exitCodes } from './exit-codes.ts'
import { failureText } from './failure-text.ts'
import { createImportSender, type ImportSender } from './import-sender.ts'
import { parseWords } from './parse-words.ts'
import { codeOfEnvironment, type Login, loginOf, staffTransport } from './staff-transport.ts'
import { UsageError } from './usage-error.ts'

export const importUsage = `quorail import-gtfs FILE: brings a timetable (GTFS, a zip file or a folder) into the cluster

  --cluster LIST          the nodes, as for serve (default: those of npm start)
  --ca FILE               who signs the nodes' certificates, if not a public authority (or QUORAIL_CA)
  --email EMAIL           a staff account; its password comes from QUORAIL_PASSWORD, the code of its second
                          factor, if it has one, from QUORAIL_CODE
  --data DIR              or: log in as the staff of the demo in this folder (default .quorail)
  --shift-dates-to DATE   moves the feed so that it begins then, by whole weeks (YYYY-MM-DD)
  --from DATE             opens runs from this day on (YYYY-MM-DD; default: today)
  --days-ahead N          opens runs at most so many days behind the first one (default 60)
  --abort-open-import     gives up an import that was left open
  --json                  prints the result as JSON

A later version of a feed is imported the same way: trains that are there get the days they have not got, new and
changed ones are added, and what is on sale with other times is left as it is and reported.

Exit codes: 0 on sale; 1 not readable as GTFS, or refused: nothing was put on sale; 2 wrong usage.
`

/** Imports a feed; resolves to the exit code. */
export async function importGtfsCommand(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const [source] = positionals
  if (values.help) {
    process.stdout.write(importUsage)
    return exitCodes.done
  }
  if (source === undefined || positionals.length > 1)
    throw new UsageError('Say one FILE to import.')
  const login = loginOf(values.email, values.data)
  const endpoints = membersOf(values.cluster).map(({ clientUrl }) => clientUrl)
  try {
    const result = await importGtfs({
      source,
      nowMs: Date.now(),
      abortOpenImport: values['abort-open-import'],
      shiftDatesTo: dayOf('--shift-dates-to', values['shift-dates-to']),
      fromDate: dayOf('--from', values.from),
      ...(values['days-ahead'] === undefined ? {} : { daysAhead: Number(values['days-ahead']) }),
      ...connect(endpoints, login),
      log: (text) => process.stderr.write(`${text}\n`),
    })
    if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
    return result.status === 'imported' ? exitCodes.done : exitCodes.failed
  } catch (error) {
    process.stderr.write(`${failureText(error)}\n`)
    return exitCodes.failed
  }
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      email: { type: 'string' },
      data: { type: 'string', default: '.quorail' },
      'shift-dates-to': { type: 'string' },
      from: { type: 'string' },
      'days-ahead': { type: 'string' },
      'abort-open-import': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}

function dayOf(option: string, text: string | undefined): number | undefined {
  const date = Number((text ?? '').replaceAll('-', ''))
  if (text === undefined) return undefined
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && isDate(date)) return date
  throw new UsageError(`${option} must be a day like 2026-12-01, not “${text}”.`)
}

/** Nobody is called before the feed is read and checked. */
const connect = (endpoints: readonly string[], login: Login): ImportSender =>
  createImportSender(staffTransport(endpoints, { ...login, code: codeOfEnvironment() }))
