/** Gives up the damaged log of a node that does not run, with the state that belongs to it. What there was is kept. */
import { randomBytes } from 'node:crypto'
import { existsSync, renameSync } from 'node:fs'
import path from 'node:path'
import type { Disk } from '@quorail/raft-core'
import {
  CorruptLogError,
  type DiscardedLog,
  DiscardUnfinishedError,
  discardDamagedLog,
  type Inspection,
  inspect,
  LogNotDamagedError,
} from '@quorail/raft-core/wal'
import { freeName } from './data-folder.ts'
import { lockFolder } from './lock-folder.ts'
import { StartRefusedError } from './start-refused.ts'
import { syncFolder } from './sync-folder.ts'

export interface LogDamage {
  readonly file: string
  readonly offset: number
  readonly reason: string
}

export interface LogGivenUp {
  /** What is wrong with it; undefined: giving it up had begun before. */
  readonly damage: LogDamage | undefined
  /** Undefined: nothing was changed, because it was only looked at. */
  readonly kept: readonly string[] | undefined
}

/**
 * Throws a `StartRefusedError` where there is nothing to give up: the log is not there, is not damaged, or is in use. After a
 * crash the same again finishes it; the node can not be started in between.
 */
export async function giveUpDamagedLog(
  dataFolder: string,
  { really }: { readonly really: boolean },
): Promise<LogGivenUp> {
  const logFolder = path.join(dataFolder, 'log')
  if (!existsSync(logFolder)) throw new StartRefusedError(`There is no log in ${dataFolder}.`)
  const lock = await lockFolder(logFolder)
  try {
    const damage = await damageOf(lock.disk, logFolder)
    if (!really) return { damage, kept: undefined }
    // Before the log: with an empty one beside it, the state would be taken for that of the new life.
    const state = setStateAside(dataFolder)
    const { evidence } = await discard(lock.disk)
    const files = evidence.map((name) => path.join(logFolder, name))
    return { damage, kept: [...state, ...files] }
  } finally {
    await lock.close()
  }
}

async function damageOf(disk: Disk, folder: string): Promise<LogDamage | undefined> {
  try {
    const found = await new Promise<Inspection | undefined>((resolve, reject) => {
      inspect(disk, nothing, (error, it) => (error === undefined ? resolve(it) : reject(error)))
    })
    if (found === undefined) throw new StartRefusedError(`There is no log in ${folder}.`)
    if (found.refusal === undefined) throw new StartRefusedError(new LogNotDamagedError().message)
    return found.refusal
  } catch (error) {
    if (error instanceof DiscardUnfinishedError) return undefined
    if (!(error instanceof CorruptLogError)) throw error
    const { file, offset, reason } = error
    return { file, offset, reason }
  }
}

const nothing = (): void => {}

function setStateAside(dataFolder: string): string[] {
  const state = path.join(dataFolder, 'state')
  if (!existsSync(state)) return []
  const aside = freeName(`${state}.without-log`)
  renameSync(state, aside)
  syncFolder(dataFolder)
  return [aside]
}

function discard(disk: Disk): Promise<DiscardedLog> {
  return new Promise((resolve, reject) => {
    discardDamagedLog(disk, randomBytes(16).toString('hex'), (error, discarded) =>
      error === undefined ? resolve(discarded) : reject(error),
    )
  })
}
