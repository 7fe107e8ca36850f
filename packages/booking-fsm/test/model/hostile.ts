import type { Command, Entry } from '../../src/index.ts'
import type { Draw } from './draws.ts'

/** Values that no door should let through, and some that look odd and are fine. */
export const oddities: readonly unknown[] = [
  -1,
  -0,
  0,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  4_000_000_000,
  '',
  'x',
  '7',
  'Ω🚆',
  'a\u0000b',
  '\ud800',
  'x\u007f',
  'y'.repeat(700),
  '__proto__',
  'constructor',
  true,
  undefined,
  null,
  [],
]

type Plain = Record<string, unknown>

/** One field anywhere in the command holds something else. */
export function hostileCommand(command: Command, draw: Draw): Command {
  const copy = structuredClone(command) as unknown as Plain
  const leaves = leavesOf(copy)
  const leaf = leaves[draw() % Math.max(1, leaves.length)]
  if (leaf === undefined) return command
  const { holder, field } = leaf
  const list = holder[field]
  if (Array.isArray(list) && list.length > 0 && draw() % 2 === 0) {
    const length = [7, 33, 130, 1_001, 10_001][draw() % 5] ?? 7
    holder[field] = Array.from({ length }, (_, at) => list[at % list.length])
    return copy as unknown as Command
  }
  const value = oddities[draw() % oddities.length]
  // What is absent is undefined; null never comes out of the log's decoder in its place.
  holder[field] = value === null && holder[field] === undefined ? undefined : value
  return copy as unknown as Command
}

export function hostileEntry(entry: Entry, draw: Draw): Entry {
  const value = oddities[draw() % oddities.length]
  const fields = ['index', 'timestampMs', 'actor', 'principal', 'method', 'requestId'] as const
  const field = fields[draw() % fields.length]
  if (field === 'index' || field === 'timestampMs' || field === 'actor') {
    // The last index of all would end the history here.
    const last = value === Number.MAX_SAFE_INTEGER
    return { ...entry, [field]: last ? -5 : value } as Entry
  }
  if (entry.key === undefined || field === undefined) return { ...entry, actor: -1 }
  return { ...entry, key: { ...entry.key, [field]: value } as Entry['key'] }
}

function leavesOf(holder: Plain): { holder: Plain; field: string }[] {
  return Object.entries(holder).flatMap(([field, value]) => {
    if (field === 'type' || field === 'calendar') return []
    if (typeof value !== 'object' || value === null) return [{ holder, field }]
    const inner = leavesOf(value as Plain)
    return Array.isArray(value) ? [{ holder, field }, ...inner] : inner
  })
}
