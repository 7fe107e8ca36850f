import { readdirSync, readFileSync } from 'node:fs'

/** What the threads of a node do; `others`: reports, loading, and what has no name here. */
export const threadKinds = ['first thread', 'SQLite', 'libuv pool', 'V8', 'others'] as const
export type ThreadKind = (typeof threadKinds)[number]
export type ThreadMicros = Readonly<Record<ThreadKind, number>>

/** By the names that Node and libuv give to threads, and nodes to their workers; cut to 15 letters by Linux. */
const kindOfName: Readonly<Record<string, ThreadKind>> = {
  MainThread: 'first thread',
  sqlite: 'SQLite',
  'libuv-worker': 'libuv pool',
  V8Worker: 'V8',
  DelayedTaskSche: 'V8',
}

/** Clock ticks of /proc are hundredths of a second on every Linux that we know. */
const microsPerTick = 10_000

/**
 * Processor time of each kind of thread of a process so far; undefined of a process whose threads have no names of Node's
 * (etcd, PostgreSQL, a Node that gives none).
 */
export function threadMicrosOf(pid: number): ThreadMicros | undefined {
  const micros = { 'first thread': 0, SQLite: 0, 'libuv pool': 0, V8: 0, others: 0 }
  let isNode = false
  for (const thread of threadsOf(pid)) {
    const stat = readOrNothing(`/proc/${pid}/task/${thread}/stat`)
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    isNode ||= name === 'V8Worker'
    const isFirst = thread === String(pid)
    micros[isFirst ? 'first thread' : (kindOfName[name] ?? 'others')] += microsOfStat(stat)
  }
  return isNode ? micros : undefined
}

/** `withChildren`: with what its children that have ended have used. */
export function microsOfStat(stat: string, withChildren = false): number {
  // The name in brackets may have spaces, and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = fields.slice(11, withChildren ? 15 : 13).map(Number)
  return ticks.reduce((sum, one) => sum + one, 0) * microsPerTick
}

function threadsOf(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

export function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
