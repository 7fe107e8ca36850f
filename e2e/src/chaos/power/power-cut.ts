/** Leaves a dead node's folder as a power cut might have left it. */
import {
  existsSync,
  linkSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import type { Random } from '../random.ts'
import { type LooseName, readJournal } from './journal.ts'
import { fileLosses, lose } from './lose.ts'

export interface CutReport {
  readonly syncs: number
  /** Syncs that did nothing and said that they did. */
  readonly lies: number
  readonly bytesDropped: number
  readonly filesTorn: number
  readonly namesReverted: number
}

/** `everything`: all that was not synced is lost, as the control wants it; else the disk draws. */
export function cutPower(
  folder: string,
  journal: string,
  random: Random,
  everything = false,
): CutReport {
  const { writes, names, syncs, lies } = readJournal(journal)
  const paths = pathsByInode([folder, keptBy(journal)])
  let bytesDropped = 0
  let filesTorn = 0
  for (const [inode, loose] of writes) {
    const file = paths.get(inode)
    // Removed, and the removal is durable.
    if (file === undefined) continue
    const loss = everything ? 'all lost' : random.pick(fileLosses)
    const left = lose(readFileSync(file), loose, loss, random)
    bytesDropped += left.bytesDropped
    if (left.torn) filesTorn++
    if (left.bytesDropped > 0) {
      writeFileSync(file, left.content, { flag: 'r+' })
      truncateSync(file, left.content.length)
    }
  }
  const reverted = namesToRevert(names, random, everything)
  for (const name of reverted) revert(name)
  rmSync(journal, { force: true })
  rmSync(keptBy(journal), { recursive: true, force: true })
  return { syncs, lies, bytesDropped, filesTorn, namesReverted: reverted.length }
}

/** Where the shim keeps what was removed. */
const keptBy = (journal: string): string => `${journal}.removed`

/** Of each folder the last few; the last one first. */
function namesToRevert(
  names: readonly LooseName[],
  random: Random,
  everything: boolean,
): LooseName[] {
  const keptOf = new Map<number, number>()
  for (const folder of new Set(names.map((name) => name.folder))) {
    const count = names.filter((name) => name.folder === folder).length
    keptOf.set(folder, everything ? 0 : random.between(0, count))
  }
  const seen = new Map<number, number>()
  const lost = names.filter(({ folder }) => {
    const nth = (seen.get(folder) ?? 0) + 1
    seen.set(folder, nth)
    return nth > (keptOf.get(folder) ?? 0)
  })
  return lost.reverse()
}

function revert({ kind, names: [first = '', second = '', third = ''] }: LooseName): void {
  if (kind === 'create' || kind === 'link') {
    if (existsSync(first)) unlinkSync(first)
  } else if (kind === 'remove') {
    if (second !== '' && !existsSync(first)) linkSync(second, first)
  } else {
    if (existsSync(second)) renameSync(second, first)
    if (third !== '' && !existsSync(second)) linkSync(third, second)
  }
}

function pathsByInode(folders: readonly string[]): Map<number, string> {
  const paths = new Map<number, string>()
  for (const folder of folders) {
    if (!existsSync(folder)) continue
    for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
      if (!entry.isFile()) continue
      const file = path.join(entry.parentPath, entry.name)
      paths.set(statSync(file).ino, file)
    }
  }
  return paths
}
