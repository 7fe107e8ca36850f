/** How long nobody sells when the leader dies, hangs or is cut off; and whether anybody is elected without need. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { ProxyMesh } from '../../../tools/testing/proxy-mesh.ts'
import { Callers } from '../cluster/callers.ts'
import { Nodes } from '../cluster/nodes.ts'
import { type Quorail, startQuorail } from '../cluster/quorail.ts'
import { wholeOption } from '../cluster/whole-option.ts'
import { type Cleanup, withCleanup } from '../harness/cleanup.ts'
import { fileSystem } from '../harness/file-system.ts'
import type { Findings } from '../harness/report.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { Bookings } from './bookings.ts'
import { type Calm, runCalm } from './calm.ts'
import { type Cycle, type Fault, runCycle } from './cycle.ts'
import { findingsOf } from './findings.ts'

/** design: of what the cluster can do. */
const LOAD = 0.7

export const failoverSubject: Subject = {
  options: {
    folder: 'DIR: a folder on the disk to measure, instead of the one for temporary files',
    kills: 'N: how often the leader is killed (10); 0: never, as for the next two',
    pauses: 'N: how often it is paused (5)',
    cuts: 'N: how often it is cut off from the others (5)',
    'calm-minutes': 'N: full load before all that, in which nobody is to be elected (1)',
    callers: 'N: callers at once, for the full load (256)',
    rate: 'N: holds a second during the faults, instead of 70 % of what was measured',
    clients: 'N: clients during the faults, each with a stream of its own (4)',
    runs: 'N: runs that are sold, of 800 seats and 28 segments (1000)',
  },
  pace: { seconds: 6, rounds: 1 },
  run: (request) => withCleanup((cleanup) => run(request, cleanup)),
}

async function run(request: Request, cleanup: Cleanup): Promise<Findings> {
  const { folder = tmpdir(), ...given } = request.options
  if (!existsSync(folder)) throw new UsageError(`--folder: ${folder} is not there.`)
  const whole = (name: string, otherwise: number, least = 1) =>
    wholeOption(name, given[name], otherwise, least)
  const counts: Readonly<Record<Fault, number>> = {
    killed: whole('kills', 10, 0),
    paused: whole('pauses', 5, 0),
    'cut off': whole('cuts', 5, 0),
  }
  const calmMinutes = minutes(given['calm-minutes'] ?? '1')
  const [runs, count] = [whole('runs', 1_000), whole('callers', 256)]
  const [clients, rate] = [whole('clients', 4), whole('rate', 0, 0)]
  const callers = new Callers(1, cleanup)
  const mesh = new ProxyMesh()
  const quorail = await startQuorail({ folder, callers, runs, cleanup, more: { mesh } })
  const nodes = new Nodes(quorail.cluster)
  const capacity = await measureCapacity(quorail, count, request.pace.seconds)
  const calm = await runCalm(quorail, nodes, count, calmMinutes * 60)
  const perSecond = rate === 0 ? Math.max(1, Math.floor(capacity * LOAD)) : rate
  const leader = (await nodes.whole(60_000)).address
  const bookings = new Bookings(
    { target: quorail.target('stream', 'hold', leader), clients, perSecond },
    cleanup,
  )
  const faults = (Object.keys(counts) as Fault[]).flatMap((fault) =>
    Array.from({ length: counts[fault] }, () => fault),
  )
  const cycles: Cycle[] = []
  for (const fault of faults) {
    request.progress(cycles.length, faults.length)
    cycles.push(await runCycle({ cluster: quorail.cluster, nodes, mesh, bookings }, fault))
  }
  request.progress(faults.length, faults.length)
  return findingsOf({ capacity, perSecond, clients, calm, cycles, kind: fileSystem(folder) })
}

export interface Measured {
  readonly capacity: number
  readonly perSecond: number
  readonly clients: number
  readonly calm: Calm
  readonly cycles: readonly Cycle[]
  readonly kind: string
}

/** Holds a second of callers that ask again as soon as they are answered. */
async function measureCapacity(quorail: Quorail, callers: number, seconds: number) {
  const system = quorail.system('stream')
  await system.run({ work: 'hold', callers, seconds: Math.min(2, seconds) })
  const { operations, wallSeconds } = await system.run({ work: 'hold', callers, seconds })
  return operations / wallSeconds
}

function minutes(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= 0 && value <= 600) return value
  throw new UsageError(`--calm-minutes: "${text}" is no number from 0 to 600.`)
}
