/** What a power cut leaves of one file. Pure. */
import type { Random } from '../random.ts'
import type { LooseWrite } from './journal.ts'

/** How a disk may lose what was not synced. `sectors`: each sector old or new; `zeros`: the size is there, the content not. */
export const fileLosses = ['all lost', 'prefix kept', 'sectors', 'zeros', 'all kept'] as const

export type FileLoss = (typeof fileLosses)[number]

const sectorBytes = 512
const comparedAtOnce = 64 * 1024

export interface Left {
  readonly content: Buffer
  /** Bytes that are not as they were written. */
  readonly bytesDropped: number
  /** Sectors that were kept beside others of the same file that were not. */
  readonly torn: boolean
}

export function lose(
  now: Buffer,
  writes: readonly LooseWrite[],
  loss: FileLoss,
  random: Random,
): Left {
  const content = contentAfter(now, writes, loss, random)
  const bytesDropped = difference(now, content)
  const old = undo(now, writes)
  return { content, bytesDropped, torn: bytesDropped > 0 && difference(old, content) > 0 }
}

function contentAfter(
  now: Buffer,
  writes: readonly LooseWrite[],
  loss: FileLoss,
  random: Random,
): Buffer {
  if (loss === 'all kept') return now
  if (loss === 'all lost') return undo(now, writes)
  if (loss === 'prefix kept') {
    const kept = random.between(0, writes.length - 1)
    const before = undo(now, writes.slice(kept))
    const after = undo(now, writes.slice(kept + 1))
    // The write that was under way.
    return mixed(before, after, writes.slice(kept, kept + 1), () => random.chance(0.5))
  }
  const old = undo(now, writes)
  if (loss === 'sectors') return mixed(old, now, writes, () => random.chance(0.5))
  const zeros = Buffer.alloc(Math.max(now.length, old.length))
  old.copy(zeros)
  return zeros
}

/** Takes writes back, the last one first. */
export function undo(now: Buffer, writes: readonly LooseWrite[]): Buffer {
  // A segment of the log is large and its writes are many: one copy for all of them.
  const sizes = writes.map(({ sizeBefore }) => sizeBefore)
  const content = Buffer.alloc(Math.max(now.length, ...sizes))
  now.copy(content)
  let size = now.length
  for (const { offset, before, sizeBefore } of [...writes].reverse()) {
    if (sizeBefore < size) content.fill(0, sizeBefore, size)
    size = sizeBefore
    before.copy(content, offset)
  }
  return content.subarray(0, size)
}

/** The old content with those of the sectors written that the disk happened to keep. */
function mixed(
  old: Buffer,
  now: Buffer,
  writes: readonly LooseWrite[],
  keeps: () => boolean,
): Buffer {
  const sectors = new Set<number>()
  for (const { kind, offset, length } of writes) {
    if (kind !== 'write') continue
    const last = Math.min(offset + length, now.length)
    for (let at = Math.floor(offset / sectorBytes); at * sectorBytes < last; at++) sectors.add(at)
  }
  const kept = [...sectors].filter(keeps)
  const end = Math.max(0, ...kept.map((sector) => Math.min(now.length, (sector + 1) * sectorBytes)))
  const content = Buffer.alloc(Math.max(old.length, end))
  old.copy(content)
  for (const sector of kept) {
    now.copy(content, sector * sectorBytes, sector * sectorBytes, (sector + 1) * sectorBytes)
  }
  return content
}

function difference(one: Buffer, other: Buffer): number {
  const both = Math.min(one.length, other.length)
  let count = Math.max(one.length, other.length) - both
  for (let from = 0; from < both; from += comparedAtOnce) {
    const to = Math.min(both, from + comparedAtOnce)
    if (one.subarray(from, to).equals(other.subarray(from, to))) continue
    for (let at = from; at < to; at++) if (one[at] !== other[at]) count++
  }
  return count
}
