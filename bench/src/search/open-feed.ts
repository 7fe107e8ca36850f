/** A railway whose timetable is a GTFS feed: imported as `quorail import-gtfs` does it, entry by entry. */
import { statSync } from 'node:fs'
import { createState, LATEST_FEATURE_LEVEL } from '@quorail/booking-fsm'
import { importGtfs } from '@quorail/node-server/gtfs'
import { Railway } from '../fsm/railway.ts'
import { collectGarbage } from '../harness/sample.ts'
import { UsageError } from '../options.ts'

export const feedOptions: Readonly<Record<string, string>> = {
  feed: 'PATH: a folder or zip file with a GTFS feed',
  from: 'YYYYMMDD: the day on which the runs begin that are opened, 30 days of them (20260112)',
  'shift-dates-to': 'YYYYMMDD: moves the feed by whole weeks so that it begins about this day',
}
export const DAYS = 30
export const DAY_MS = 86_400_000
const FARES = [
  { classCode: '1', baseMinor: 500, perThousandKilometresMinor: 18_000 },
  { classCode: '2', baseMinor: 250, perThousandKilometresMinor: 9_000 },
]

export interface Opened {
  readonly railway: Railway
  /** Midnight UTC of the first day. */
  readonly firstMs: number
  readonly stations: number
  readonly trains: number
  readonly runs: number
  readonly importSeconds: number
  /** What the timetable weighs in memory. */
  readonly bytes: number
}

export async function openFeed(options: Readonly<Record<string, string>>): Promise<Opened> {
  const { feed } = options
  if (feed === undefined)
    throw new UsageError('--feed is missing: a folder or zip with a GTFS feed.')
  if (statSync(feed, { throwIfNoEntry: false }) === undefined) {
    throw new UsageError(`--feed: ${feed} is not there.`)
  }
  const shift = options['shift-dates-to']
  if (shift !== undefined) dayOption('shift-dates-to', shift)
  const firstMs = dayOption('from', options.from ?? shift ?? '20260112')
  const railway = new Railway(createState(), 0, firstMs)
  railway.must({
    type: 'foundCluster',
    clusterId: '0123456789abcdef'.repeat(2),
    pnrKey: [1, 2, 3, 4],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: 300_000,
    featureLevel: LATEST_FEATURE_LEVEL,
  })
  railway.must({ type: 'setFareRule', validFromMs: 0, classes: FARES })
  const bands = [
    { untilBeforeDepartureMs: DAY_MS, refundBasisPoints: 10_000 },
    { untilBeforeDepartureMs: 0, refundBasisPoints: 5_000 },
  ]
  railway.must({ type: 'setRefundRule', validFromMs: 0, bands })
  const before = memory()
  const began = performance.now()
  const lines: string[] = []
  const result = await importGtfs({
    source: feed,
    nowMs: firstMs,
    daysAhead: DAYS - 1,
    shiftDatesTo: shift === undefined ? undefined : Number(shift),
    send: (command) => Promise.resolve(railway.must(command)),
    trainsOnSale: () => Promise.resolve([]),
    log: (text) => lines.push(text),
  })
  const importSeconds = (performance.now() - began) / 1_000
  if (result.status !== 'imported') {
    throw new UsageError(`--feed: ${feed} was not imported.\n${lines.join('\n')}`)
  }
  const { stations, trains, runs } = result.report
  return { railway, firstMs, stations, trains, runs, importSeconds, bytes: memory() - before }
}

/** Bytes held, garbage taken away. */
export function memory(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function dayOption(name: string, text: string): number {
  const at = Date.parse(text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'))
  if (!/^\d{8}$/.test(text) || Number.isNaN(at)) {
    throw new UsageError(`--${name} is a day as YYYYMMDD, not "${text}".`)
  }
  return at
}
