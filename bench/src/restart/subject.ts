/** How long a node that was killed takes until it serves again, and how much memory. */
import { existsSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type Booked, startWithBook } from '../book/large-book.ts'
import { Callers } from '../cluster/callers.ts'
import { Nodes, pause, until } from '../cluster/nodes.ts'
import { usageOf } from '../cluster/process-figures.ts'
import { wholeOption } from '../cluster/whole-option.ts'
import { type Cleanup, withCleanup } from '../harness/cleanup.ts'
import { fileSystem } from '../harness/file-system.ts'
import { type Findings, number, verdict } from '../harness/report.ts'
import { median } from '../harness/statistics.ts'
import type { Request, Subject } from '../harness/subject.ts'
import { UsageError } from '../options.ts'

/** design: serving, and its memory. */
const READY_MS = 5_000
const MOST_BYTES = 1e9

export const restartSubject: Subject = {
  options: {
    folder: 'DIR: a folder on the disk to measure, instead of the one for temporary files',
    bookings: 'N: how many each node has in its database (1,000,000)',
  },
  pace: { seconds: 1, rounds: 3 },
  run: (request) => withCleanup((cleanup) => run(request, cleanup)),
}

interface Start {
  /** A follower, or the one that led before it was killed. */
  readonly role: 'follower' | 'leader'
  /** From the start of its process until `/readyz` says so. */
  readonly readyMs: number
  /** Of it, as its log says: reading the rows of the database and making the state of them. */
  readonly loadMs: number
  /** Of all its threads, until it served. */
  readonly cpuMs: number
  readonly peakBytes: number
  /** A second later. */
  readonly residentBytes: number
}

async function run(request: Request, cleanup: Cleanup): Promise<Findings> {
  const { folder = tmpdir() } = request.options
  if (!existsSync(folder)) throw new UsageError(`--folder: ${folder} is not there.`)
  const bookings = wholeOption('bookings', request.options.bookings, 1_000_000, 1, 10_000_000)
  const callers = new Callers(1, cleanup)
  const booked = await startWithBook({ folder, callers, cleanup, bookings })
  const starts: Start[] = []
  const { rounds } = request.pace
  for (const role of ['follower', 'leader'] as const)
    for (let round = 0; round < rounds; round++) {
      request.progress(starts.length, 2 * rounds)
      starts.push(await restart(booked, role))
    }
  request.progress(2 * rounds, 2 * rounds)
  return findingsOf(bookings, starts, fileSystem(folder))
}

async function restart({ cluster }: Booked, role: Start['role']): Promise<Start> {
  const nodes = new Nodes(cluster)
  const leader = await nodes.whole(120_000)
  await pause(1_000)
  const others = cluster.nodeIds.filter((id) => id !== leader.id)
  const id = role === 'leader' ? leader.id : (others[0] ?? '')
  await cluster.kill(id)
  // The others have a leader again: the node that comes back is what is measured.
  await until(60_000, 'nobody led', () => nodes.leader())
  const url = cluster.addresses.nodes[cluster.nodeIds.indexOf(id)]
  const linesBefore = cluster.log(id).split('\n').length
  const began = performance.now()
  const starting = cluster.start(id)
  starting.catch(() => {})
  await until(180_000, `${id} was not ready`, () => isReady(`${url}/readyz`), 10)
  const readyMs = performance.now() - began
  const cpuMs = usageOf(cluster.pid(id)).cpuMicros / 1_000
  await starting
  const { peak: peakBytes } = memoryOf(cluster.pid(id))
  await pause(1_000)
  const { resident: residentBytes } = memoryOf(cluster.pid(id))
  const loadMs = loadTime(
    cluster
      .log(id)
      .split('\n')
      .slice(linesBefore - 1),
  )
  return { role, readyMs, loadMs, cpuMs, peakBytes, residentBytes }
}

async function isReady(url: string): Promise<true | undefined> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(1_000) })).ok || undefined
  } catch {
    return undefined
  }
}

function memoryOf(pid: number): { readonly peak: number; readonly resident: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1])
  return { peak: of('VmHWM') * 1_024, resident: of('VmRSS') * 1_024 }
}

/** `state loaded` in a node's log. */
function loadTime(lines: readonly string[]): number {
  const line = lines.find((text) => text.includes('"state loaded"'))
  return line === undefined ? Number.NaN : Number((JSON.parse(line) as { ms: number }).ms)
}

function findingsOf(bookings: number, starts: readonly Start[], kind: string): Findings {
  const roles = ['follower', 'leader'] as const
  const of = (role: Start['role'], what: (start: Start) => number) =>
    median(starts.filter((start) => start.role === role).map(what))
  const peakBytes = Math.max(...starts.map((start) => start.peakBytes))
  return {
    tables: [
      {
        title: `A node with ${number(bookings)} bookings, each with its payment, killed and started again`,
        columns: [
          'it was',
          'starts',
          'serves after s',
          'of it loading s',
          'CPU s',
          'peak MB',
          'later MB',
        ],
        rows: roles.map((role) => [
          ...[role, String(starts.filter((start) => start.role === role).length)],
          number(of(role, ({ readyMs }) => readyMs / 1_000)),
          number(of(role, ({ loadMs }) => loadMs / 1_000)),
          number(of(role, ({ cpuMs }) => cpuMs / 1_000)),
          number(of(role, (start) => start.peakBytes / 1e6)),
          number(of(role, (start) => start.residentBytes / 1e6)),
        ]),
      },
    ],
    verdicts: [
      ...roles.map((role) =>
        verdict(
          `a ${role} serves again`,
          of(role, ({ readyMs }) => readyMs),
          'ms',
          {
            atMost: READY_MS,
          },
        ),
      ),
      verdict('memory at most', peakBytes, 'bytes', { atMost: MOST_BYTES }),
    ],
    notes: [
      'Medians of the starts. The other two nodes run and have a leader; nobody books meanwhile. Serving: /readyz says so.',
      ...(kind === 'tmpfs' ? ['! The folder is in memory (tmpfs). Use --folder.'] : []),
    ],
    measurements: [],
    figures: { bookings, starts, fileSystem: kind },
  }
}
