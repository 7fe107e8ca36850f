/** Reads the journal that `shim.c` writes: what a power cut could take away, and what syncs made durable. */
import { existsSync, readFileSync } from 'node:fs'

const headBytes = 4 + 4 + 8 * 4 + 4 + 4
const magic = 0x51504f57

const kinds = [
  'none',
  'write',
  'truncate',
  'syncBegin',
  'syncEnd',
  'create',
  'remove',
  'rename',
  'link',
  'syncLie',
] as const

type Kind = (typeof kinds)[number]

interface JournalRecord {
  readonly kind: Kind
  readonly inode: number
  readonly offset: number
  readonly size: number
  /** Of names: the folder's inode. Of writes: how many bytes were written. */
  readonly parent: number
  readonly names: readonly string[]
  readonly bytes: Buffer
}

/** A write or a truncation that no sync had made durable. */
export interface LooseWrite {
  readonly kind: 'write' | 'truncate'
  readonly offset: number
  /** Of a write: how many bytes from the offset on it gave. */
  readonly length: number
  /** The file's size before, and what stood from the offset on. */
  readonly sizeBefore: number
  readonly before: Buffer
}

/** A name that was made, taken away or changed, and whose folder was not synced since. */
export interface LooseName {
  readonly kind: 'create' | 'remove' | 'rename' | 'link'
  readonly folder: number
  /** create, link: the path. remove: the path, where it is kept. rename: from, to, where the one replaced is kept. */
  readonly names: readonly string[]
}

export interface Loose {
  /** By inode, in order. */
  readonly writes: ReadonlyMap<number, readonly LooseWrite[]>
  /** In order. */
  readonly names: readonly LooseName[]
  readonly syncs: number
  readonly lies: number
}

export function readJournal(file: string): Loose {
  const records = existsSync(file) ? parse(readFileSync(file)) : []
  const durableUpTo = syncedUpTo(records)
  const writes = new Map<number, LooseWrite[]>()
  const names: LooseName[] = []
  for (const [at, record] of records.entries()) {
    const { kind, inode, offset, size, parent, bytes } = record
    if (kind === 'write' || kind === 'truncate') {
      if (at < (durableUpTo.get(inode) ?? -1)) continue
      const loose = writes.get(inode) ?? []
      loose.push({ kind, offset, length: parent, sizeBefore: size, before: bytes })
      writes.set(inode, loose)
    } else if (kind === 'create' || kind === 'remove' || kind === 'rename' || kind === 'link') {
      if (at >= (durableUpTo.get(parent) ?? -1)) {
        names.push({ kind, folder: parent, names: record.names })
      }
    }
  }
  const count = (wanted: Kind): number => records.filter(({ kind }) => kind === wanted).length
  return { writes, names, syncs: count('syncEnd'), lies: count('syncLie') }
}

/** By inode: the last record that a sync began behind, of those that ended. */
function syncedUpTo(records: readonly JournalRecord[]): Map<number, number> {
  const begun = new Map<number, number>()
  const durable = new Map<number, number>()
  for (const [at, { kind, inode, offset }] of records.entries()) {
    if (kind === 'syncBegin') begun.set(offset, at)
    if (kind !== 'syncEnd') continue
    durable.set(inode, Math.max(durable.get(inode) ?? -1, begun.get(offset) ?? -1))
  }
  return durable
}

/** A last record that is cut short is left out: what it announces was not begun. */
function parse(content: Buffer): JournalRecord[] {
  const records: JournalRecord[] = []
  for (let at = 0; at + headBytes <= content.length; ) {
    if (content.readUInt32LE(at) !== magic) throw new Error(`no record at ${at} of a journal`)
    const number = (place: number): number => Number(content.readBigUInt64LE(at + 8 + place * 8))
    const nameLength = content.readUInt32LE(at + 40)
    const byteLength = content.readUInt32LE(at + 44)
    const namesAt = at + headBytes
    const end = namesAt + nameLength + byteLength
    if (end > content.length) break
    records.push({
      kind: kinds[content.readUInt32LE(at + 4)] ?? 'none',
      ...{ inode: number(0), offset: number(1), size: number(2), parent: number(3) },
      names: content.toString('utf8', namesAt, namesAt + nameLength).split('\n'),
      bytes: content.subarray(namesAt + nameLength, end),
    })
    at = end
  }
  return records
}
