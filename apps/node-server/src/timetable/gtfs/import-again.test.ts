import { createClient, type Transport } from '@connectrpc/connect'
import { listRuns, listTrains } from '@quorail/booking-fsm'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { beforeEach, describe, expect, it } from 'vitest'
import { createImportSender, type ImportSender } from '../../cli/import-sender.ts'
import type { MemoryHost } from '../../testing/memory-host.ts'
import { loginTo, memoryServices } from '../../testing/memory-services.ts'
import { serviceDayBaseMs } from '../service-days.ts'
import { importGtfs } from './import-gtfs.ts'
import { feedFolder, withFeed } from './testing.ts'

/** The command line's way: the steps and what is on sale go through the service of a node. */
const day = 86_400_000
const monday = Date.UTC(2026, 2, 16, 3)
let host: MemoryHost
let staff: Transport
let sender: ImportSender
let lines: string[]

beforeEach(() => {
  const services = memoryServices(monday)
  host = services.host
  staff = withHeaders(services.transport, loginTo(host, 'st@example.org', 'staff').headers)
  sender = createImportSender(staff)
  lines = []
})

function withHeaders(transport: Transport, headers: Record<string, string>): Transport {
  return {
    stream: transport.stream.bind(transport),
    unary: (method, signal, timeoutMs, header, input, values) =>
      transport.unary(method, signal, timeoutMs, { ...header, ...headers }, input, values),
  }
}

const oddities = feedFolder('oddities')
async function run(source = oddities, more: object = {}) {
  const log = (text: string) => lines.push(text)
  const result = await importGtfs({ source, nowMs: monday, daysAhead: 4, log, ...sender, ...more })
  if (result.status !== 'imported') throw new Error(JSON.stringify(result))
  return result
}
const runsOf = (trainId: number) =>
  listRuns(host.state, { trainId, fromDate: 20260101, toDate: 20261231, limit: 1_000 })
const trainsOf = (number: string) =>
  listTrains(host.state)
    .filter((train) => train.number === number && train.calendar === undefined)
    .map((train) => ({ ...train, dates: runsOf(train.trainId).map((it) => it.serviceDate) }))
const everything = () =>
  listTrains(host.state).map(({ trainId }) => [trainId, runsOf(trainId).length])

/** IC 102, which leaves Tannberg at 16:15, leaves five minutes later. */
const later = {
  'stop_times.txt': (text: string) =>
    text.replace('t-unsorted,16:15:00,16:15:00', 't-unsorted,16:20:00,16:20:00'),
}

describe('a feed that is imported again', () => {
  it('adds nothing when it is the same', async () => {
    const first = await run()
    expect(first.changes).toMatchObject({ trainsKnown: 0, daysThere: 0, changed: [], gone: [] })
    expect(first.changes).toMatchObject({
      trainsNew: first.report.trains,
      daysAdded: first.report.runs,
    })
    const before = everything()
    const again = await run()
    expect(again.changes).toEqual({
      trainsKnown: first.report.trains,
      trainsNew: 0,
      daysAdded: 0,
      daysThere: first.report.runs,
      changed: [],
      gone: [],
    })
    expect(everything()).toEqual(before)
    expect(lines.join('\n')).toContain(
      `${first.report.trains} trains known, 0 new; 0 days added, ${first.report.runs} already there`,
    )
  })

  it('adds the days that are new to the trains that are there', async () => {
    await run()
    const trains = everything().length
    const again = await run(oddities, { nowMs: monday + 2 * day })
    expect(everything()).toHaveLength(trains)
    expect(again.changes).toMatchObject({ trainsNew: 0, changed: [], gone: [] })
    expect(trainsOf('IC 102').map(({ dates }) => dates)).toEqual([
      [20260316, 20260317, 20260318, 20260319, 20260320, 20260321, 20260322],
    ])
  })

  it('leaves times that changed on days on sale as they are, and says so', async () => {
    await run()
    const again = await withFeed('oddities', later, (folder) => run(folder, { daysAhead: 6 }))
    const [old, changed] = trainsOf('IC 102')
    const onSale = [20260316, 20260317, 20260318, 20260319, 20260320]
    expect(old?.dates).toEqual(onSale)
    expect(changed?.dates).toEqual([20260321, 20260322])
    expect(again.changes).toMatchObject({
      trainsNew: 1,
      changed: [{ trainId: old?.trainId, number: 'IC 102', dates: onSale }],
      gone: [],
    })
    expect(lines.join('\n')).toContain(`IC 102 (train ${old?.trainId}): 2026-03-16, 2026-03-17`)
  })

  it('puts the new times on sale where the old run was cancelled', async () => {
    await run()
    const [old] = trainsOf('IC 102')
    const cancelled = runsOf(old?.trainId ?? 0)[3]
    const runId = cancelled?.runId ?? 0
    const reply = host.run({ type: 'cancelRun', runId, reason: 'strike' })
    expect(reply.type).not.toBe('refused')
    await withFeed('oddities', later, (folder) => run(folder))
    expect(trainsOf('IC 102').map(({ dates }) => dates.length)).toEqual([5, 1])
    const again = await withFeed('oddities', later, (folder) => run(folder))
    expect(again.changes).toMatchObject({ trainsNew: 0, daysAdded: 0 })
  })

  it('names the imported trains that it has no more, and takes nothing off sale', async () => {
    await run()
    const [night] = trainsOf('NT 402')
    const dropped = {
      'trips.txt': (text: string) => text.replace(/^night,daily,t-after-midnight.*\n/m, ''),
      'stop_times.txt': (text: string) => text.replace(/^t-after-midnight.*\n/gm, ''),
    }
    const again = await withFeed('oddities', dropped, (folder) => run(folder))
    expect(again.changes).toMatchObject({
      daysAdded: 0,
      changed: [],
      gone: [{ trainId: night?.trainId, number: 'NT 402', dates: night?.dates }],
    })
    expect(trainsOf('NT 402')).toEqual([night])
  })

  it('does not double a day that somebody opens while it is under way', async () => {
    await run()
    const [train] = trainsOf('IC 102')
    const trainId = train?.trainId ?? 0
    const runs = [{ serviceDate: 20260321, baseMs: serviceDayBaseMs(20260321, 'Europe/Berlin') }]
    await run(oddities, {
      daysAhead: 5,
      trainsOnSale: async (fromDate: number) => {
        const found = await sender.trainsOnSale(fromDate)
        host.run({ type: 'addRuns', importId: undefined, trainId, trainNumber: '', runs })
        return found
      },
    })
    const dates = trainsOf('IC 102').flatMap((it) => it.dates)
    expect(dates).toEqual([20260316, 20260317, 20260318, 20260319, 20260320, 20260321])
  })

  it('opens nothing before the day that is asked for', async () => {
    const { report } = await run(oddities, { fromDate: 20260318, daysAhead: 2 })
    expect(report).toMatchObject({ firstDate: 20260318, lastDate: 20260320 })
    const earlier = await run(oddities, { fromDate: 20260301, daysAhead: 2 })
    expect(earlier.report).toMatchObject({ firstDate: 20260316, lastDate: 20260318 })
  })
})

it('the trains on sale are listed in portions, each once', async () => {
  await run()
  const administration = createClient(AdministrationService, staff)
  const seen: bigint[] = []
  let afterTrainId = 0n
  do {
    const asked = { afterTrainId, fromDate: '2026-03-17', limit: 4 }
    const part = await administration.listTrainTimes(asked)
    expect(part.trains.length).toBeLessThanOrEqual(4)
    seen.push(...part.trains.map(({ trainId }) => trainId))
    for (const { days } of part.trains) {
      expect(days.every(({ serviceDate }) => serviceDate >= 20260317)).toBe(true)
    }
    afterTrainId = part.nextAfterTrainId
  } while (afterTrainId > 0n)
  const ids = listTrains(host.state).map(({ trainId }) => BigInt(trainId))
  expect(seen).toEqual(ids.sort((a, b) => Number(a - b)))
})
