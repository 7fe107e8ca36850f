/** A node that has nothing is sent the whole state while holds go on. */
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { createClient } from '@connectrpc/connect'
import { MembershipService } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { type Booked, startWithBook } from '../book/large-book.ts'
import { Callers } from '../cluster/callers.ts'
import { askNode, Nodes, pause, until } from '../cluster/nodes.ts'
import { logIn } from '../cluster/railway.ts'
import { wholeOption } from '../cluster/whole-option.ts'
import { Bookings } from '../failover/bookings.ts'
import { type Cleanup, withCleanup } from '../harness/cleanup.ts'
import { fileSystem } from '../harness/file-system.ts'
import { type Findings, number, verdict } from '../harness/report.ts'
import { type Percentiles, percentilesOf } from '../harness/statistics.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'
import { EventLoopWatch } from './event-loop-watch.ts'

/** A leader that is silent for so long may be taken for dead. */
const ELECTION_MS = 500

export const snapshotSubject: Subject = {
  options: {
    folder: 'DIR: a folder on the disk to measure, instead of the one for temporary files',
    bookings: 'N: how many the cluster has (1,000,000)',
    rate: 'N: holds a second all the while (500)',
  },
  pace: { seconds: 10, rounds: 1 },
  run: (request) => withCleanup((cleanup) => run(request, cleanup)),
}

/** What clients saw, and what the leader did, in a stretch of time. */
interface Stretch {
  readonly seconds: number
  readonly holds: number
  readonly latencyMs: Percentiles | undefined
  readonly failures: Readonly<Record<string, number>>
  readonly longestEventLoopDelayMs: number
}

interface Figures {
  readonly bookings: number
  readonly rate: number
  readonly streamBytes: number
  /** From when the node was added until it had all that the leader had. */
  readonly seconds: number
  readonly elections: number
  readonly without: Stretch
  readonly during: Stretch
  readonly kind: string
}

async function run(request: Request, cleanup: Cleanup): Promise<Findings> {
  const { folder = tmpdir() } = request.options
  if (!existsSync(folder)) throw new UsageError(`--folder: ${folder} is not there.`)
  const bookings = wholeOption('bookings', request.options.bookings, 1_000_000, 1, 10_000_000)
  const rate = wholeOption('rate', request.options.rate, 500)
  const callers = new Callers(1, cleanup)
  const booked = await startWithBook({
    ...{ folder, callers, cleanup, bookings, more: { metrics: true } },
  })
  const nodes = new Nodes(booked.cluster)
  const leader = await nodes.whole(120_000)
  const target = booked.target('stream', 'hold', leader.address)
  const clients = new Bookings({ target, clients: 4, perSecond: rate }, cleanup)
  await pause(1_000 * Math.min(3, request.pace.seconds))
  const measured = { booked, clients, leader: leader.id }
  const without = await stretch(measured, () => pause(request.pace.seconds * 1_000))
  let seconds = 0
  const during = await stretch(measured, async () => {
    seconds = await addNode(booked, nodes)
  })
  const after = await until(60_000, 'nobody led', () => nodes.leader())
  return findingsOf({
    ...{ bookings, rate, without, during, seconds, streamBytes: booked.streamBytes },
    elections: Number(after.term - leader.term),
    kind: fileSystem(folder),
  })
}

interface Measuring {
  readonly booked: Booked
  readonly clients: Bookings
  readonly leader: string
}

async function stretch(
  { booked, clients, leader }: Measuring,
  work: () => Promise<void>,
): Promise<Stretch> {
  const watch = await EventLoopWatch.start(booked.cluster.metricsAddress(leader))
  await clients.take()
  const began = performance.now()
  await work()
  const seconds = (performance.now() - began) / 1_000
  const { latenciesMs, failures } = await clients.take()
  return {
    ...{ seconds, failures, holds: latenciesMs.length, latencyMs: percentilesOf([latenciesMs]) },
    longestEventLoopDelayMs: await watch.stop(),
  }
}

/** Gives the seconds from when it was added until it had caught up. */
async function addNode({ cluster, transport, operator }: Booked, nodes: Nodes): Promise<number> {
  const id = 'n4'
  const { client: clientUrl, peer: peerUrl } = await cluster.startJoining(id)
  const options = await logIn(transport, operator)
  const began = performance.now()
  const member = { id, clientUrl, peerUrl }
  await createClient(MembershipService, transport).addMember({ member }, options)
  const ask = askNode(clientUrl)
  await until(600_000, `${id} had not caught up`, async () => {
    const [leader, added] = [await nodes.leader(), await ask()]
    if (leader === undefined || added === undefined || !added.ready) return undefined
    return added.appliedIndex >= leader.appliedIndex - 1_000n || undefined
  })
  return (performance.now() - began) / 1_000
}

function findingsOf(figures: Figures): Findings {
  const { bookings, rate, streamBytes, seconds, elections, without, during, kind } = figures
  const megabytes = streamBytes / 1e6
  const row = (name: string, { holds, latencyMs, ...one }: Stretch) => [
    ...[name, number(one.seconds), number(holds / one.seconds)],
    ...[latencyMs?.p50, latencyMs?.p99, latencyMs?.max].map((ms) => number(ms ?? Number.NaN)),
    String(Object.values(one.failures).reduce((sum, count) => sum + count, 0)),
    number(one.longestEventLoopDelayMs),
  ]
  return {
    tables: [
      {
        title: `A fourth node is added to a cluster with ${number(bookings)} bookings`,
        columns: ['what', '', ''],
        rows: [
          ['until it had all that the leader had', number(seconds), 's'],
          ['what it was sent, at least', number(megabytes), 'MB'],
          ['that is', number(megabytes / seconds), 'MB/s'],
          ['elections', String(elections), ''],
        ],
      },
      {
        title: `Meanwhile ${number(rate)} holds fell due each second, answered or not`,
        columns: ['when', 's', 'holds/s', 'p50 ms', 'p99 ms', 'max ms', 'failed', 'loop delay ms'],
        rows: [row('before', without), row('while it is sent the state', during)],
      },
    ],
    verdicts: [
      verdict('elections', elections, '', { atMost: 0 }),
      verdict('longest event loop delay of the leader', during.longestEventLoopDelayMs, 'ms', {
        atMost: ELECTION_MS,
      }),
    ],
    notes: [
      'Loop delay: the longest time in which the leader did nothing else, as its /metrics say; a heartbeat waits no longer.',
      'The time is that of all steps: capturing, storing, sending, making the database, loading, and the log behind it.',
      ...(kind === 'tmpfs' ? ['! The folder is in memory (tmpfs). Use --folder.'] : []),
    ],
    measurements: [],
    figures: { ...figures },
  }
}
