import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Cleanup, withCleanup } from '../harness/cleanup.ts'
import { type Measurement, measure } from '../harness/measure.ts'
import type { Findings } from '../harness/report.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { Callers } from './callers.ts'
import { type ClusterCase, caseOf, nameOf } from './cases.ts'
import { type SampledCase, sampleStages, stageMicros } from './cpu-stages.ts'
import type { Work } from './drivers.ts'
import { startEmpty } from './empty.ts'
import { startEtcd } from './etcd.ts'
import { findingsOf } from './findings.ts'
import { startPostgres } from './postgres.ts'
import { Profiles } from './profiles.ts'
import { startQuorail } from './quorail.ts'
import { giveSameShare } from './same-share.ts'
import { Missing, type RunningSystem } from './system.ts'
import { wholeOption } from './whole-option.ts'

/** Names of what is measured; ours first. */
export const ours = 'quorail, stream'
const oursUnary = 'quorail, unary'
const oursByConnect = 'quorail, unary by Connect'
const emptyStream = 'empty stream'
const emptyUnary = 'empty handler'

/** Besides holds; by which of our ways. docs/reference/benchmarks.md says why not all of them. */
const loads: readonly (readonly [system: string, work: Work])[] = [
  ...(['sale', 'rush', 'mixed'] as const).map((work) => [ours, work] as const),
  ...(['sale', 'mixed'] as const).map((work) => [oursUnary, work] as const),
]
/** Sales wait for the payment provider: more at once wait only longer. */
const mostSales = 64
/** Not measured at random moments: nobody would drive them so, and what they cost is seen without. */
const closedOnly = /by Connect|unary, TLS|empty handler/

export const clusterSubject: Subject = {
  options: {
    folder: 'DIR: a folder on the disk to measure, instead of the one for temporary files',
    callers: 'N,N: how many at once (1,16,64,256,1024)',
    rate: 'N: also holds at random moments, so many a second, answered or not',
    processes: 'N: processes of callers (1)',
    runs: 'N: runs that are sold, of 800 seats and 28 segments (1000)',
    peers: 'NAMES: etcd,postgres (both), or none',
    profile: 'DIR: the CPU profile of each node there, for a browser; it makes them slower',
    tls: 'yes: also three nodes with certificates, called by https',
    etcd: 'FILE: the program, where it is not on the path',
  },
  pace: { seconds: 6, rounds: 3 },
  run,
}

interface Plan {
  readonly folder: string
  readonly counts: readonly number[]
  readonly runs: number
  readonly rate: number | undefined
  readonly peers: readonly string[]
  readonly etcd: string | undefined
  readonly tls: boolean
  readonly profile: string | undefined
}

async function run(request: Request): Promise<Findings> {
  const { folder = tmpdir(), callers, rate, processes, runs, peers, ...more } = request.options
  if (!existsSync(folder)) throw new UsageError(`--folder: ${folder} is not there.`)
  const plan: Plan = {
    folder,
    counts: (callers ?? '1,16,64,256,1024')
      .split(',')
      .map((text) => wholeOption('callers', text, 1)),
    runs: wholeOption('runs', runs, 1_000),
    rate: rate === undefined ? undefined : wholeOption('rate', rate, 1),
    peers: (peers ?? 'etcd,postgres').split(','),
    etcd: more.etcd,
    tls: yesOrNo('tls', more.tls),
    profile: more.profile,
  }
  const count = wholeOption('processes', processes, 1)
  return withCleanup((cleanup) => runWith(request, plan, new Callers(count, cleanup), cleanup))
}

async function runWith(
  request: Request,
  plan: Plan,
  callers: Callers,
  cleanup: Cleanup,
): Promise<Findings> {
  const { folder, counts, runs, rate, profile } = plan
  const systems = new Map<string, RunningSystem>()
  const missing: string[] = []
  const profiles = new Profiles(cleanup)
  const quorail = await startQuorail({ folder, callers, runs, cleanup, profile, profiles })
  systems.set(ours, quorail.system('stream')).set(oursUnary, quorail.system('unary'))
  systems.set(oursByConnect, quorail.system('connect'))
  if (plan.tls) {
    const secure = await startQuorail({
      ...{ folder, callers, runs, cleanup, more: { certificates: true } },
    })
    for (const kind of ['stream', 'unary'] as const)
      systems.set(`quorail, ${kind}, TLS`, secure.system(kind))
  }
  const empty = await startEmpty(callers, cleanup)
  systems.set(emptyStream, empty.system('stream')).set(emptyUnary, empty.system('unary'))
  for (const [name, start] of [
    ['etcd', () => startEtcd(folder, callers, cleanup, plan.etcd)],
    ['postgres', () => startPostgres(folder, runs, cleanup)],
  ] as const) {
    if (!plan.peers.includes(name)) continue
    try {
      systems.set(name, await start())
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      missing.push(`Left out: ${error.message}`)
    }
  }
  giveSameShare(['self'])
  for (const system of systems.values()) giveSameShare(Object.values(await system.processes()))
  const most = counts.includes(256) ? 256 : Math.max(...counts)
  const [streamed, called] = [quorail.system('stream'), quorail.system('unary')]
  const all: ClusterCase[] = [
    ...[...systems].flatMap(([name, system]) =>
      counts.map((count) => caseOf(name, system, { work: 'hold', callers: count }, folder)),
    ),
    ...loads.map(([name, work]) =>
      caseOf(
        name,
        name === ours ? streamed : called,
        { work, callers: work === 'sale' ? Math.min(mostSales, most) : most },
        folder,
      ),
    ),
    ...(rate === undefined
      ? []
      : [...systems]
          .filter(([name]) => !closedOnly.test(name))
          .map(([name, system]) =>
            caseOf(name, system, { work: 'hold', callers: most, perSecond: rate }, folder),
          )),
  ]
  const cases = all.filter(({ name }) => name.includes(request.only))
  if (cases.length === 0) throw new UsageError(`No case has "${request.only}" in its name.`)
  const measured = await measure(cases, request.pace, request.progress)
  const sampled: SampledCase[] = []
  for (const [i, one] of cases.entries()) {
    const running = { [ours]: streamed, [oursUnary]: called }[one.system]
    if (running === undefined || one.name !== nameOf(one.system, { work: 'hold', callers: most }))
      continue
    const shares = await sampleStages(running, profiles, () => one.run(request.pace.seconds))
    sampled.push({ name: one.name, micros: stageMicros(measured[i] as Measurement, shares) })
  }
  return findingsOf({ cases, measured, sampled, missing, folder, most })
}

function yesOrNo(name: string, given: string | undefined): boolean {
  if (given === undefined || given === 'yes' || given === 'no') return given === 'yes'
  throw new UsageError(`--${name} is yes or no.`)
}
