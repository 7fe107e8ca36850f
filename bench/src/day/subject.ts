/** A day in the life of a railway: 200,000 searches and 20,000 bookings in one process. */
import {
  type BookingState,
  findRun,
  ledgerTotals,
  nextExpiryMs,
  occupancy,
  searchConnections,
} from '@quorail/booking-fsm'
import { randomFrom } from '../fsm/railway.ts'
import { type Findings, number, type Table, verdict } from '../harness/report.ts'
import { Durations } from '../harness/sample.ts'
import { type Percentiles, percentilesOf } from '../harness/statistics.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { DAY_MS, feedOptions, memory, type Opened, openFeed } from '../search/open-feed.ts'
import { questionsOn } from '../search/questions.ts'
import { Books } from './books.ts'
import { Customers } from './customers.ts'
import { type Invariants, watchInvariants } from './invariants.ts'

export const daySubject: Subject = {
  options: {
    ...feedOptions,
    searches: 'N: how many searches the day has (200,000)',
    bookings: 'N: how many bookings are made (20,000)',
    seed: 'N: another day (1)',
    invariants: 'yes: after each entry also those of the tests of booking-fsm; slower',
  },
  pace: { seconds: 1, rounds: 1 },
  run,
}

const ACCOUNTS = 5_000
/** The whole state is checked so often in a day. */
const WHOLE_CHECKS = 10

interface Day {
  readonly customers: Customers
  readonly books: Books
  readonly searches: Durations
  readonly found: number
  readonly seconds: number
  readonly bytes: number
}

async function run(request: Request): Promise<Findings> {
  const searches = countOf('searches', request, 200_000)
  const bookings = countOf('bookings', request, 20_000)
  const isWatched = yesOrNo(request.options.invariants)
  const opened = await openFeed(request.options)
  const { state } = opened.railway
  const seed = countOf('seed', request, 1)
  const invariants = isWatched ? await watchInvariants(state) : undefined
  const day = live(opened, searches, bookings, seed, request.progress, invariants)
  const times = percentilesOf([day.searches.taken()])
  const entries = percentilesOf([day.customers.entries.taken()])
  const orphans = day.books.orphans().length
  const { checks } = day.books
  return {
    tables: [
      dayTable(opened, day),
      countsTable(day),
      timesTable({ 'a search': times, 'an entry': entries }),
      ledgerTable(state, orphans),
      occupancyTable(state, day.books),
    ],
    verdicts: [
      verdict('searches, p99', times?.p99 ?? 0, 'ms', { atMost: 20 }),
      verdict('entries, p99', entries?.p99 ?? 0, 'ms', { atMost: 20 }),
      verdict('orphaned payments', orphans, 'payments', { atMost: 0 }),
    ],
    notes: [
      `After each entry the runs of its bookings were counted anew from their rows (${number(checks.runs)} times), seats and segments, and the ledger summed; ${number(checks.states)} times all runs, all payments, and the hash of the state loaded from its rows.`,
      ...(invariants === undefined
        ? []
        : [
            `The invariants of booking-fsm's tests held after each of ${number(invariants.looks.entries)} entries, and ${number(invariants.looks.states)} times of the whole state.`,
          ]),
    ],
    measurements: [],
    figures: {
      ...(invariants && { invariants: invariants.looks }),
      searches,
      found: day.found,
      bookings: day.customers.booked,
      seconds: day.seconds,
      checks,
      counts: Object.fromEntries(day.customers.counts),
      statuses: Object.fromEntries(day.books.statuses()),
      ledger: ledgerTotals(state),
      latencyMs: { searches: times, entries },
      bytesPerRun: opened.bytes / opened.runs,
      bytesPerBooking: day.bytes / Math.max(day.customers.booked, 1),
    },
  }
}

function live(
  { railway, firstMs }: Opened,
  searches: number,
  bookings: number,
  seed: number,
  progress: Request['progress'],
  invariants: Invariants | undefined,
): Day {
  const random = randomFrom(seed)
  const books = new Books()
  const customers = new Customers(railway, books, random, ACCOUNTS, invariants)
  const questions = questionsOn(railway.state, random)
  const durations = new Durations()
  const before = memory()
  const began = performance.now()
  let found = 0
  for (let at = 0; at < searches; at++) {
    railway.nowMs = firstMs + Math.floor((at * DAY_MS) / searches)
    const due = nextExpiryMs(railway.state)
    if (due !== undefined && due <= railway.nowMs) customers.tick()
    const question = questions.next(railway.nowMs)
    const asked = performance.now()
    const connections = searchConnections(railway.state, question)
    durations.add(performance.now() - asked)
    found += connections.length
    // As many bookings are still to be made as searches are left for them.
    const open = (bookings - customers.booked) / (searches - at)
    const connection = connections[Math.floor(random() * connections.length)]
    const buys = customers.booked < bookings && random() < open * 1.5
    if (connection !== undefined && buys) {
      customers.buy(connection, question.passengerTypes.length)
      if (random() < 0.08) customers.cancelOne()
    }
    if (at % Math.ceil(searches / WHOLE_CHECKS) === 0) {
      books.checkAll(railway.state)
      invariants?.checkAll(railway.state)
      progress(at, searches)
    }
  }
  customers.settle(false)
  books.checkAll(railway.state)
  invariants?.checkAll(railway.state)
  progress(searches, searches)
  const seconds = (performance.now() - began) / 1_000
  return { customers, books, searches: durations, found, seconds, bytes: memory() - before }
}

function dayTable(opened: Opened, { customers, seconds, found, bytes, searches }: Day): Table {
  const count = searches.taken().length
  return {
    title: 'A day',
    columns: ['what', '', ''],
    rows: [
      ['stations, trains', `${number(opened.stations)}, ${number(opened.trains)}`, ''],
      ['runs, 30 days of them', number(opened.runs), ''],
      ['import', number(opened.importSeconds), 's'],
      ['searches', number(count), ''],
      ['connections found', number(found), ''],
      ['bookings', number(customers.booked), ''],
      ['all of it, checks included', number(seconds), 's'],
      ['memory for each run, with its timetable', number(opened.bytes / opened.runs), 'bytes'],
      [
        'memory for each booking, with the books that check it',
        number(bytes / Math.max(customers.booked, 1)),
        'bytes',
      ],
    ],
  }
}

function countsTable({ customers, books }: Day): Table {
  const sorted = (counts: ReadonlyMap<string, number>) =>
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    title: 'What became of it',
    columns: ['what', 'how many'],
    rows: [
      ...sorted(customers.counts).map(([what, count]) => [`orders ${what}`, number(count)]),
      ...sorted(books.statuses()).map(([status, count]) => [`bookings ${status}`, number(count)]),
    ],
  }
}

function timesTable(times: Readonly<Record<string, Percentiles | undefined>>): Table {
  return {
    title: 'How long, in milliseconds',
    columns: ['what', 'p50', 'p99', 'p99.9', 'max'],
    rows: Object.entries(times).map(([what, of]) => [
      what,
      ...[of?.p50 ?? 0, of?.p99 ?? 0, of?.p999 ?? 0, of?.max ?? 0].map(number),
    ]),
  }
}

function ledgerTable(state: BookingState, orphans: number): Table {
  const totals = Object.entries(ledgerTotals(state))
  const sum = totals.reduce((all, [, minor]) => all + Number(minor), 0)
  const euros = (minor: number) => (minor / 100).toFixed(2)
  return {
    title: 'Money, EUR',
    columns: ['account', 'debit less credit'],
    rows: [
      ...totals.map(([account, minor]) => [account, euros(Number(minor))]),
      ['all accounts', euros(sum)],
      ['orphaned payments', String(orphans)],
    ],
  }
}

/** The runs with the fullest segments, each segment with its share of seats that are sold or held. */
function occupancyTable(state: BookingState, books: Books): Table {
  const runs = [...books.runIds()].flatMap((runId) => {
    const view = occupancy(state, runId)
    if (view === undefined) return []
    const shares = view.segments.map(({ sold, held }) => (sold + held) / view.capacity)
    return [{ runId, shares, most: Math.max(...shares) }]
  })
  runs.sort((a, b) => b.most - a.most || a.runId - b.runId)
  const percent = (share: number) => `${Math.round(share * 100)}`
  return {
    title: 'Occupancy of the fullest runs, per cent of the seats on each segment',
    columns: ['run', 'most', 'segments'],
    rows: runs.slice(0, 10).map(({ runId, shares, most }) => {
      const run = findRun(state, runId)
      const segments = shares.map(percent).join(' ')
      return [`${run?.trainNumber} on ${run?.serviceDate}`, percent(most), segments]
    }),
  }
}

function countOf(option: string, { options }: Request, otherwise: number): number {
  const count = Number(options[option] ?? otherwise)
  if (Number.isSafeInteger(count) && count > 0 && count <= 10_000_000) return count
  throw new UsageError(`--${option} is a whole number from 1 to 10,000,000.`)
}

function yesOrNo(given: string | undefined): boolean {
  if (given === undefined || given === 'yes' || given === 'no') return given === 'yes'
  throw new UsageError('--invariants is yes or no.')
}
