import { findAlternatives, searchConnections, searchStations } from '@quorail/booking-fsm'
import { randomFrom } from '../fsm/railway.ts'
import { type Case, type Measurement, measure } from '../harness/measure.ts'
import { type Findings, number, type Table, verdict } from '../harness/report.ts'
import { Durations, sampled } from '../harness/sample.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { searchAtFollower } from './follower.ts'
import { feedOptions, type Opened, openFeed } from './open-feed.ts'
import { questionsOn } from './questions.ts'

const TWO_CHANGES = 'connections, up to two changes'
const SEARCHES_PER_SECOND = 1_000
const P99_MS = 20

export const searchSubject: Subject = {
  options: {
    ...feedOptions,
    cluster: 'N: asks a follower of three processes, while N holds a second run (500 is meant)',
  },
  pace: { seconds: 6, rounds: 5 },
  run,
}

async function run(request: Request): Promise<Findings> {
  if (request.options.cluster !== undefined) return searchAtFollower(request)
  const opened = await openFeed(request.options)
  const chosen = cases(opened).filter(({ name }) => name.includes(request.only))
  if (chosen.length === 0) throw new UsageError(`No case has "${request.only}" in its name.`)
  const measured = await measure(chosen, request.pace, request.progress)
  const { stations, trains, runs, importSeconds } = opened
  return {
    tables: [speedTable(measured)],
    verdicts: measured.flatMap(verdictsOf),
    notes: [
      `${number(stations)} stations, ${number(trains)} trains, ${number(runs)} runs in 30 days; imported in ${number(importSeconds)} s.`,
      'A question is about 24 hours of departures, up to four weeks ahead; all of the best connections with free seats and prices.',
    ],
    measurements: measured,
    figures: { stations, trains, runs, importSeconds },
  }
}

function cases({ railway: { state, nowMs } }: Opened): readonly Case[] {
  const asking = (
    name: string,
    seed: number,
    ask: (random: () => number) => () => unknown,
  ): Case => {
    const work = ask(randomFrom(seed))
    return { name, unit: 'searches', run: (seconds) => timed(seconds, work) }
  }
  const connections = (maxChanges: number) => (random: () => number) => {
    const questions = questionsOn(state, random)
    return () => searchConnections(state, { ...questions.next(nowMs), maxChanges })
  }
  return [
    asking(TWO_CHANGES, 1, connections(2)),
    asking('connections, up to one change', 2, connections(1)),
    asking('connections, none', 3, connections(0)),
    asking('alternatives to a journey', 4, (random) => {
      const questions = questionsOn(state, random)
      const journeys = Array.from({ length: 200 }, () => questions.next(nowMs))
        .flatMap((query) => searchConnections(state, query))
        .flatMap(({ legs }) => legs)
      return () => {
        const leg = journeys[Math.floor(random() * journeys.length)]
        if (leg === undefined) return undefined
        const { runId, fromStop, toStop } = leg
        const journey = { runId, fromStop, toStop, classCode: '2', passengerTypes: [''], nowMs }
        return findAlternatives(state, journey)
      }
    }),
    asking('stations by what is typed, with slips', 5, (random) => () => {
      const typed = ['hauptbanhof', 'frankfrut', 'ber', 'munchen', 'xyzxyzxyz']
      return searchStations(state, typed[Math.floor(random() * typed.length)] as string, 8)
    }),
  ]
}

function timed(seconds: number, work: () => unknown) {
  return sampled(() => {
    const durations = new Durations()
    const until = performance.now() + seconds * 1_000
    let operations = 0
    for (let at = performance.now(); at < until; ) {
      work()
      const now = performance.now()
      durations.add(now - at)
      operations++
      at = now
    }
    return { operations, latenciesMs: durations.taken() }
  })
}

function speedTable(measured: readonly Measurement[]): Table {
  return {
    title: 'Searches in a second, on one core',
    columns: ['case', 'median', 'least', 'most', 'per CPU second', 'p50 ms', 'p99 ms', 'max ms'],
    rows: measured.map(({ name, perSecond, perCpuSecond, latencyMs }) => [
      name,
      ...[perSecond.median, perSecond.least, perSecond.most, perCpuSecond].map(number),
      ...[latencyMs?.p50 ?? 0, latencyMs?.p99 ?? 0, latencyMs?.max ?? 0].map(number),
    ]),
  }
}

function verdictsOf({ name, perSecond, latencyMs }: Measurement) {
  if (name !== TWO_CHANGES) return []
  return [
    verdict(name, perSecond.median, 'searches/s', { atLeast: SEARCHES_PER_SECOND }),
    verdict(`${name}, p99`, latencyMs?.p99 ?? 0, 'ms', { atMost: P99_MS }),
  ]
}
