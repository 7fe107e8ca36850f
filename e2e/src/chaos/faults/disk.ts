import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { median } from '../median.ts'
import type { DiskFault } from '../power/power-box.ts'
import { WorthlessRun } from '../worthless-run.ts'
import { type Fault, type FaultContext, pause, waitForSales } from './fault.ts'

/** Of each sync: longer than any election timeout. */
const slowMs = 2_000
/** How long a disk is slow. */
const lastsMs = 8_000
const endsWithinMs = 60_000

interface Shape {
  readonly kind: string
  readonly of: 'leader' | 'follower'
  readonly fault: DiskFault
  /** The node ends, with the words and the exit code of a disk that failed. */
  readonly ends: boolean
}

const shapes: readonly Shape[] = [
  { kind: 'sync of the log fails', of: 'leader', fault: 'fail-sync /log/', ends: true },
  { kind: 'slow syncs', of: 'leader', fault: `slow-sync /log/ ${slowMs}`, ends: false },
  { kind: 'sync of the log fails', of: 'follower', fault: 'fail-sync /log/', ends: true },
  { kind: 'slow syncs', of: 'follower', fault: `slow-sync /log/ ${slowMs}`, ends: false },
  { kind: 'write of the log fails', of: 'leader', fault: 'fail-write /log/', ends: true },
  { kind: 'write of the database fails', of: 'leader', fault: 'fail-write /state/', ends: true },
  { kind: 'sync of the database fails', of: 'follower', fault: 'fail-sync /state/', ends: true },
]

/** What may be wrong with a disk, one after the other. */
export const diskFault: Fault = async (context, round) => {
  const { cluster, random } = context
  const shape = shapes[round % shapes.length] as Shape
  const { id: leader, term } = await cluster.waitForLeader()
  const others = cluster.nodes.filter((node) => node !== leader)
  const node = shape.of === 'leader' ? leader : random.pick(others)
  const before = cluster.diskAiled(node)
  const fromMs = performance.now()
  const ends = cluster.exited(node)
  cluster.ailDisk(node, shape.fault)
  try {
    const proof = shape.ends
      ? await itEnds(context, node, ends)
      : await itIsSlow(context, shape, node, term)
    const times = cluster.diskAiled(node) - before
    if (times === 0) throw new WorthlessRun(`${shape.kind} at ${node}: it did not come to it.`)
    cluster.ailDisk(node, undefined)
    if (shape.ends) await cluster.start(node)
    await waitForSales(context)
    return {
      kind: `${shape.kind}, ${shape.of}`,
      fromMs,
      toMs: performance.now(),
      nodes: [node],
      proof: { times, ...proof },
    }
  } finally {
    cluster.ailDisk(node, undefined)
  }
}

/** It says why and what to do, and the others sell without it. */
async function itEnds(
  context: FaultContext,
  node: string,
  ends: ReturnType<typeof context.cluster.exited>,
) {
  const exit = await within(ends, endsWithinMs)
  if (exit?.code !== 4) throw new Error(`${node} should have ended with 4: ${JSON.stringify(exit)}`)
  await saysWhatToDo(context.cluster.logFile(node))
  await waitForSales(context)
  return { exitCode: exit.code }
}

/** The last fatal line of its log, which may be written here a moment after it has ended. */
async function saysWhatToDo(logFile: string): Promise<void> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const lines = readFileSync(logFile, 'utf8').split('\n')
    const words = lines.findLast((line) => line.includes('"level":"fatal"')) ?? ''
    if (words.includes("What to do: read the machine's own log")) return
    if (performance.now() > deadline) throw new Error(`It should have said what to do: ${words}`)
    await pause(50)
  }
}

async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  const timer = new AbortController()
  const late = wait(ms, undefined, { signal: timer.signal }).catch(() => undefined)
  const first = await Promise.race([promise, late])
  timer.abort()
  return first
}

/** A leader gives up its leadership, a follower holds nobody up: either way sales take less than one of its syncs. */
async function itIsSlow(context: FaultContext, { of }: Shape, node: string, term: number) {
  const { cluster, load } = context
  let successor: string | undefined
  const deadline = performance.now() + endsWithinMs
  while (of === 'leader' && successor === undefined) {
    if (performance.now() > deadline) throw new Error(`${node} still leads, with a slow disk.`)
    await pause(50)
    const leader = await cluster.leader()
    if (leader !== undefined && leader.id !== node && leader.term > term) successor = leader.id
  }
  await waitForSales(context)
  const fromMs = performance.now()
  await pause(lastsMs)
  const holds = load.operations.filter(
    ({ call, outcome, startMs }) =>
      call.kind === 'hold' && outcome.type === 'done' && startMs > fromMs,
  )
  const holdMs = median(holds.map(({ startMs, endMs }) => endMs - startMs))
  if (!(holdMs < slowMs / 2))
    throw new Error(`Half of ${holds.length} holds took more than ${holdMs} ms.`)
  return {
    ...(successor !== undefined && { successor }),
    holds: holds.length,
    holdMs: Math.round(holdMs),
  }
}
