import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { type Measurement, measure } from '../harness/measure.ts'
import { type Findings, number, type Table, type Verdict, verdict } from '../harness/report.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { BULK, type Bulk, bulkTable, measureBulk } from './bulk.ts'
import { cases, HOLD_BOOK, HOLD_ONE } from './cases.ts'
import { RUNS } from './railway.ts'

const HOLDS_PER_SECOND = 100_000
const LOAD_SECONDS = 5
const LOAD_BYTES = 1e9
const LOAD = 'loading'
const ENTRY_MS = 20

export const fsmSubject: Subject = {
  options: {
    bookings: 'N: how many bookings are loaded (1,000,000)',
    sold: 'N: how many bookings a large book has (200,000)',
  },
  pace: { seconds: 3, rounds: 5 },
  run,
}

async function run(request: Request): Promise<Findings> {
  const sold = countOf('sold', request, 200_000)
  const bookings = countOf('bookings', request, 1_000_000)
  const chosen = cases(sold).filter(({ name }) => name.includes(request.only))
  const loads = LOAD.includes(request.only)
  const hasBulk = BULK.includes(request.only)
  if (chosen.length === 0 && !loads && !hasBulk) {
    throw new UsageError(`No case has "${request.only}" in its name.`)
  }
  // First: nothing else is on the machine yet that would make an entry longer.
  const bulk = hasBulk ? measureBulk() : undefined
  const measured = await measure(chosen, request.pace, request.progress)
  const loaded = loads ? loadBooks(bookings) : undefined
  return {
    tables: [
      speedTable(measured),
      ...(loaded === undefined ? [] : [loadTable(loaded)]),
      ...(bulk === undefined ? [] : [bulkTable(bulk)]),
    ],
    verdicts: [
      ...measured.flatMap(verdictsOf),
      ...(loaded === undefined ? [] : loadVerdicts(loaded)),
      ...(bulk === undefined ? [] : bulkVerdicts(bulk)),
    ],
    notes: [
      `${RUNS.toLocaleString('en')} runs of 800 seats and 28 segments, journeys of 1 to 12 segments; one thread, entries made beforehand.`,
      `A large book has ${sold.toLocaleString('en')} bookings sold before, each with its payment.`,
      'Loading: in a process of its own, rows made outside the clock; no database is read.',
    ],
    measurements: measured,
    figures: { ...loaded, ...bulk },
  }
}

function countOf(option: string, { options }: Request, otherwise: number): number {
  const count = Number(options[option] ?? otherwise)
  if (Number.isSafeInteger(count) && count > 0 && count <= 10_000_000) return count
  throw new UsageError(`--${option} is a whole number from 1 to 10,000,000.`)
}

function speedTable(measured: readonly Measurement[]): Table {
  return {
    title: 'In a second, on one core',
    columns: ['case', 'median', 'least', 'most', '', 'per CPU second', 'CPU µs each'],
    rows: measured.map(({ name, unit, perSecond, perCpuSecond, cpuMicrosPerOperation }) => [
      name,
      number(perSecond.median),
      number(perSecond.least),
      number(perSecond.most),
      unit,
      number(perCpuSecond),
      number(cpuMicrosPerOperation),
    ]),
  }
}

interface Load {
  readonly bookings: number
  readonly milliseconds: number
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly heldBytes: number
}
interface Loads {
  readonly loaded: Load
  readonly bytesPerBooking: number
  readonly bytesPerRun: number
}

/** The book, and one with a booking on each run: the difference is what bookings weigh. */
function loadBooks(bookings: number): Loads {
  const [none, few, loaded] = [1, RUNS * 2, Math.max(bookings, RUNS * 4)].map(loadBook)
  if (none === undefined || few === undefined || loaded === undefined) throw new Error('no load')
  const bytesPerBooking =
    (loaded.heldBytes - few.heldBytes) / Math.max(loaded.bookings - few.bookings, 1)
  const bytesPerRun = (few.heldBytes - none.heldBytes - few.bookings * bytesPerBooking) / RUNS
  return { loaded, bytesPerBooking, bytesPerRun }
}

function loadBook(bookings: number): Load {
  const script = path.join(import.meta.dirname, 'load-book.ts')
  const words = ['--expose-gc', script, String(bookings)]
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Loading ${bookings} bookings failed: ${stderr}`)
  return JSON.parse(stdout) as Load
}

function loadTable({ loaded, bytesPerBooking, bytesPerRun }: Loads): Table {
  return {
    title: 'Loading and memory',
    columns: ['what', '', ''],
    rows: [
      ['bookings loaded, each with its payment', number(loaded.bookings), ''],
      ['loadState', number(loaded.milliseconds / 1_000), 's'],
      ['loadState, processor time', number(loaded.cpuSeconds), 's'],
      ['memory of the process at most', number(loaded.peakRssBytes / 1e6), 'MB'],
      ['memory held after it', number(loaded.heldBytes / 1e6), 'MB'],
      ['a booking with its payment', number(bytesPerBooking), 'bytes'],
      ['a run that has bookings (seats and counts)', number(bytesPerRun), 'bytes'],
    ],
  }
}

function verdictsOf({ name, unit, perSecond }: Measurement): readonly Verdict[] {
  if (name !== HOLD_ONE && name !== HOLD_BOOK) return []
  return [verdict(name, perSecond.median, `${unit}/s`, { atLeast: HOLDS_PER_SECOND })]
}

/** By processor time: what else the machine does is not the entry's doing. */
function bulkVerdicts({ works }: Bulk): readonly Verdict[] {
  return Object.entries(works).map(([kind, { longestCpuMs }]) =>
    verdict(`longest entry of ${kind}`, longestCpuMs, 'ms', { atMost: ENTRY_MS }),
  )
}

function loadVerdicts({ loaded }: Loads): readonly Verdict[] {
  const seconds = loaded.milliseconds / 1_000
  return [
    verdict('loading, time', seconds, 's', { atMost: LOAD_SECONDS }),
    verdict('loading, memory at most', loaded.peakRssBytes, 'bytes', { atMost: LOAD_BYTES }),
  ]
}
