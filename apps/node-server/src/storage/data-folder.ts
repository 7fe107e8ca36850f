import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { currentGeneration, removeOldGenerations } from './generations.ts'
import { StartRefusedError } from './start-refused.ts'
import { syncFolder } from './sync-folder.ts'

/** What lies where in a node's folder. */
export interface DataFolder {
  readonly folder: string
  /** The database of this generation. Each generation has a file of its own. */
  readonly databaseFile: string
  /** There is no log: this life of the node is a new one, with a new incarnation. */
  readonly newLog: boolean
  /** Where a state without its log was put, if there was one. */
  readonly setAside: string | undefined
}

interface NodeFile {
  readonly id: string
}

/**
 * Opens, or makes, the folder of node `id`, whose lock is held. A state whose log has vanished is
 * moved aside, never deleted: without the log nobody knows whether it may count, so the node starts
 * as a new one and gets everything from the others.
 */
export function openDataFolder(folder: string, id: string): DataFolder {
  const logFolder = path.join(folder, 'log')
  const stateFolder = path.join(folder, 'state')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  checkIdentity(folder, id)
  const newLog = !hasLog(logFolder)
  const hasState = existsSync(stateFolder) && readdirSync(stateFolder).length > 0
  const setAside = newLog && hasState ? freeName(`${stateFolder}.without-log`) : undefined
  if (setAside !== undefined) renameSync(stateFolder, setAside)
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 })
  syncFolder(folder)
  removeOldGenerations(stateFolder)
  return {
    folder,
    databaseFile: currentGeneration(stateFolder),
    newLog,
    setAside,
  }
}

/** One folder, one node: a folder started under another name would vote twice. */
function checkIdentity(folder: string, id: string): void {
  const file = path.join(folder, 'node.json')
  if (!existsSync(file)) {
    const draft = `${file}.draft`
    writeFileSync(draft, `${JSON.stringify({ id } satisfies NodeFile)}\n`, {
      mode: 0o600,
      flush: true,
    })
    renameSync(draft, file)
    return
  }
  const owner = (JSON.parse(readFileSync(file, 'utf8')) as Partial<NodeFile>).id
  if (owner !== id)
    throw new StartRefusedError(
      `${folder} is the folder of node ${String(owner)}, not of ${id}: start ${id} on its own folder.`,
    )
}

/** A log has more than its lock in the folder. */
function hasLog(logFolder: string): boolean {
  return existsSync(logFolder) && readdirSync(logFolder).some((name) => name !== 'lock')
}

export function freeName(wanted: string): string {
  for (let number = 1; ; number += 1)
    if (!existsSync(`${wanted}-${number}`)) return `${wanted}-${number}`
}
