/**
 * The databases of a node, one file for each generation: a snapshot that is received makes a new one, named
 * by the index of the log that it stands for. Nothing is ever renamed over a database that is open,
 * and the old one is removed only when the new one is complete and durable under its name.
 */
import { readdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { syncFolder } from './sync-folder.ts'

/** The file of the newest complete generation; of the first one when there is none yet. */
export function currentGeneration(stateFolder: string): string {
  const newest = Math.max(1, ...generationsIn(stateFolder))
  return path.join(stateFolder, `${newest}.db`)
}

/** Where the database for this index is made. What an earlier attempt left there is removed. */
export function draftGeneration(stateFolder: string, index: number): string {
  const draft = path.join(stateFolder, `${index}.draft`)
  removeDatabase(draft)
  return draft
}

/** The draft, durable by itself, becomes a generation. */
export function completeGeneration(stateFolder: string, index: number): string {
  const file = path.join(stateFolder, `${index}.db`)
  // There is one already when this very snapshot was taken before and the log did not come to say so.
  removeDatabase(file)
  renameSync(path.join(stateFolder, `${index}.draft`), file)
  syncFolder(stateFolder)
  return file
}

/** Removes all but the newest complete one. For a start, and after a switch: nobody has the others open. */
export function removeOldGenerations(stateFolder: string): void {
  const newest = path.basename(currentGeneration(stateFolder), '.db')
  const old = new Set(
    readdirSync(stateFolder)
      .map((name) => /^\d+\.(?:db|draft)(?:-wal|-shm|-journal)?$/.exec(name))
      .filter((match) => match !== null && !match[0].startsWith(`${newest}.db`))
      .map((match) => match?.[0] as string),
  )
  for (const name of old) rmSync(path.join(stateFolder, name), { force: true })
  if (old.size > 0) syncFolder(stateFolder)
}

function generationsIn(stateFolder: string): number[] {
  return readdirSync(stateFolder)
    .map((name) => /^(\d+)\.db$/.exec(name)?.[1])
    .filter((name) => name !== undefined)
    .map(Number)
}

function removeDatabase(file: string): void {
  for (const behind of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${behind}`, { force: true })
}
