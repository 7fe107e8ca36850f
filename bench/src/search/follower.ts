/** Searches asked of a follower of three processes, while the leader sells what is found. */
import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { create, toBinary } from '@bufbuild/protobuf'
import { getStation, searchConnections } from '@quorail/booking-fsm'
import { SearchConnectionsRequestSchema } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { repositoryFolder } from '../../../tools/product/repository.ts'
import { Callers } from '../cluster/callers.ts'
import type { Leg } from '../cluster/drivers.ts'
import { Nodes } from '../cluster/nodes.ts'
import { usageOf } from '../cluster/process-figures.ts'
import { type Quorail, startQuorail } from '../cluster/quorail.ts'
import { openSales } from '../cluster/railway.ts'
import type { SearchTarget } from '../cluster/search-driver.ts'
import { wholeOption } from '../cluster/whole-option.ts'
import { Bookings } from '../failover/bookings.ts'
import { randomFrom } from '../fsm/railway.ts'
import { type Cleanup, withCleanup } from '../harness/cleanup.ts'
import { type Case, measure } from '../harness/measure.ts'
import { type Findings, number, verdict } from '../harness/report.ts'
import { percentilesOf } from '../harness/statistics.ts'
import type { Request } from '../harness/subject.ts'
import { DAYS, type Opened, openFeed } from './open-feed.ts'
import { questionsOn } from './questions.ts'

const SEARCHES_PER_SECOND = 1_000
const P99_MS = 20
const CALLERS = 8
const CLOSED = `from a follower, ${CALLERS} callers`
const OPEN = `from a follower, ${SEARCHES_PER_SECOND.toLocaleString('en')}/s at any time`

export function searchAtFollower(request: Request): Promise<Findings> {
  return withCleanup((cleanup) => run(request, cleanup))
}

async function run(request: Request, cleanup: Cleanup): Promise<Findings> {
  const perSecond = wholeOption('cluster', request.options.cluster, 500)
  const today = new Date().toISOString().slice(0, 10)
  const shift = request.options['shift-dates-to'] ?? today.replaceAll('-', '')
  const options = { ...request.options, 'shift-dates-to': shift, from: today.replaceAll('-', '') }
  const opened = await openFeed(options)
  const callers = new Callers(1, cleanup)
  const quorail = await startQuorail({
    ...{ folder: tmpdir(), callers, cleanup, runs: opened.runs, open: openSales },
  })
  await importFeed(quorail, request.options.feed ?? '', shift)
  const nodes = new Nodes(quorail.cluster)
  const leader = await nodes.whole(120_000, 0n)
  const follower = quorail.cluster.nodeIds.find((id) => id !== leader.id) ?? ''
  const url = (await nodes.ask(follower))?.address ?? ''
  const target: SearchTarget = { kind: 'search', url, questions: questionsFor(opened) }
  const sold = quorail.target('stream', 'hold', leader.address)
  const bookings = new Bookings(
    { target: { ...sold, legs: legsOn(opened) }, clients: 1, perSecond },
    cleanup,
  )
  const asking = (name: string, rate: number | undefined): Case => ({
    ...{ name, unit: 'searches' },
    async run(seconds) {
      const before = usageOf(quorail.cluster.pid(follower))
      const report = await callers.run({ target, callers: CALLERS, seconds, perSecond: rate })
      const after = usageOf(quorail.cluster.pid(follower))
      const cpuSeconds = Math.max(0.01, (after.cpuMicros - before.cpuMicros) / 1e6)
      return { ...report, cpuSeconds, counts: { failed: failed(report.failures) } }
    },
  })
  const cases = [asking(CLOSED, undefined), asking(OPEN, SEARCHES_PER_SECOND)]
  await bookings.take()
  const began = performance.now()
  const measured = await measure(cases, request.pace, request.progress)
  const { latenciesMs, failures } = await bookings.take()
  const seconds = (performance.now() - began) / 1_000
  const [closed, open] = measured
  const holdLatencyMs = percentilesOf([latenciesMs])
  return {
    tables: [
      {
        title: `Searches in a second, asked of a follower while ${number(latenciesMs.length / seconds)} holds/s are sold`,
        columns: ['case', 'median', 'least', 'most', 'p50 ms', 'p99 ms', 'CPU µs', 'failed'],
        rows: measured.map(
          ({ name, perSecond: rate, latencyMs, cpuMicrosPerOperation, counts }) => [
            name,
            ...[rate.median, rate.least, rate.most, latencyMs?.p50, latencyMs?.p99].map((it) =>
              number(it ?? Number.NaN),
            ),
            ...[number(cpuMicrosPerOperation), String(counts.failed ?? 0)],
          ],
        ),
      },
    ],
    verdicts: [
      verdict('searches from a follower', closed?.perSecond.median ?? 0, 'searches/s', {
        atLeast: SEARCHES_PER_SECOND,
      }),
      verdict(`${OPEN}, p99`, open?.latencyMs?.p99 ?? Number.NaN, 'ms', { atMost: P99_MS }),
      verdict('holds meanwhile', latenciesMs.length / seconds, 'holds/s', {
        atLeast: perSecond * 0.9,
      }),
    ],
    notes: [
      `${number(opened.stations)} stations, ${number(opened.trains)} trains, ${number(opened.runs)} runs; all departures of a day, up to two changes, up to four weeks ahead.`,
      'Processor time is that of the follower, with what it does for the holds. The callers write frames of HTTP/2 by hand.',
      `Holds: p99 ${number(holdLatencyMs?.p99 ?? Number.NaN)} ms; ${failed(failures)} were refused or failed.`,
    ],
    measurements: measured,
    figures: { holdLatencyMs, holdFailures: failures, perSecond },
  }
}

const failed = (failures: Readonly<Record<string, number>>): number =>
  Object.values(failures).reduce((sum, count) => sum + count, 0)

/** By the same command as everybody's: the ids come out as in the feed that was opened here. */
async function importFeed({ cluster, operator }: Quorail, feed: string, shift: string) {
  const date = shift.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')
  const words = ['--cluster', cluster.cluster, '--email', operator.email, '--shift-dates-to', date]
  await promisify(execFile)(
    process.execPath,
    [
      ...['apps/node-server/src/main.ts', 'import-gtfs', path.resolve(feed), ...words],
      ...['--days-ahead', String(DAYS - 1)],
    ],
    { cwd: repositoryFolder, env: { ...process.env, QUORAIL_PASSWORD: operator.password } },
  )
}

const howMany = 2_000

function questionsFor({ railway: { state }, firstMs }: Opened): readonly string[] {
  const questions = questionsOn(state, randomFrom(1))
  return Array.from({ length: howMany }, () => {
    const { fromStationId, toStationId, earliestMs, passengerTypes } = questions.next(firstMs)
    const request = create(SearchConnectionsRequestSchema, {
      fromCode: getStation(state, fromStationId)?.code ?? '',
      toCode: getStation(state, toStationId)?.code ?? '',
      // Tomorrow at least: today has departures that are over.
      date: new Date(earliestMs + 86_400_000).toISOString().slice(0, 10),
      passengerTypes: [...passengerTypes],
    })
    return Buffer.from(toBinary(SearchConnectionsRequestSchema, request)).toString('base64')
  })
}

/** Journeys that people have found, to be sold. */
function legsOn({ railway: { state }, firstMs }: Opened): readonly Leg[] {
  const questions = questionsOn(state, randomFrom(2))
  return Array.from({ length: howMany }, () => questions.next(firstMs + 86_400_000))
    .flatMap((query) => searchConnections(state, query).slice(0, 1))
    .flatMap(({ legs }) => legs.slice(0, 1))
    .map(({ runId, fromStop, toStop }) => ({ runId, fromStop, toStop }))
}
