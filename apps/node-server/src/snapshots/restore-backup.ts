/** A node's folder from a backup: its database, moved to another cluster, and a log that begins behind it. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { info, moveToCluster, stateHash } from '@quorail/booking-fsm'
import type { Genesis, LogStore, Membership } from '@quorail/raft-core'
import { nodeDisk, openWriteAheadLog } from '@quorail/raft-core/wal'
import { openDatabase } from '../storage/database.ts'
import { completeGeneration, draftGeneration } from '../storage/generations.ts'
import { createBatchWriter } from '../storage/write-batch.ts'
import { BackupError, openBackup } from './backup-file.ts'
import { receiveDatabase } from './receive-database.ts'

export interface RestoreOptions {
  readonly backupFile: string
  /** Must not be there, or be empty. */
  readonly dataFolder: string
  readonly memberIds: readonly string[]
  /** Default: from the backup and the members, the same for each of them. */
  readonly clusterId: string | undefined
}
export interface Restored {
  readonly clusterId: string
  readonly appliedIndex: number
  readonly stateHash: string
  /** What was in the backup, by the rows that came out of it, before it was moved to the new cluster. */
  readonly backup: { readonly appliedIndex: number; readonly stateHash: string }
}

/** The term of the entries that the restored log stands for: any that all members begin with. */
const restoredTerm = 1

/** Complete and durable when it resolves; removed again when it rejects. Throws `BackupError` for what a person has to mend. */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { dataFolder } = options
  if (existsSync(dataFolder) && readdirSync(dataFolder).length > 0)
    throw new BackupError(
      `${dataFolder} is not empty: a node is restored into a folder of its own.`,
    )
  const backup = openBackup(options.backupFile)
  const stateFolder = path.join(dataFolder, 'state')
  try {
    mkdirSync(stateFolder, { recursive: true, mode: 0o700 })
    const members = [...options.memberIds].sort()
    const clusterId = options.clusterId ?? newClusterId(backup.sha256, members)
    const draft = draftGeneration(stateFolder, 1)
    const { state } = await receiveDatabase(draft, backup)
    const source = { appliedIndex: info(state).appliedIndex, stateHash: stateHash(state) }
    const changes = moveToCluster(state, clusterId)
    const { appliedIndex } = info(state)
    const sqlite = openDatabase(draft)
    createBatchWriter(sqlite)({ changes, appliedIndex, stateHash: stateHash(state), durable: true })
    // What is in the write-ahead file goes into the database: it is moved by itself.
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
    sqlite.close()
    await beginLog(path.join(dataFolder, 'log'), { clusterId, members }, appliedIndex)
    // Last: without a database the folder is none of a node.
    completeGeneration(stateFolder, 1)
    return { clusterId, appliedIndex, stateHash: stateHash(state), backup: source }
  } catch (error) {
    rmSync(dataFolder, { recursive: true, force: true })
    throw error
  } finally {
    backup.close()
  }
}

function newClusterId(sha256: string, members: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([sha256, members]))
    .digest('hex')
    .slice(0, 32)
}

/** As if the members had been given this state by a snapshot and nothing since. */
async function beginLog(folder: string, genesis: Genesis, index: number): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const founding = { genesis, incarnation: randomBytes(16).toString('hex') }
  const log = openWriteAheadLog({ disk: nodeDisk(folder), founding })
  await call((done) => log.open(done))
  const membership: Membership = {
    voters: genesis.members,
    votersOutgoing: [],
    learners: [],
    learnersNext: [],
    autoLeave: false,
    promote: [],
  }
  await call((done) =>
    log.write(
      {
        id: 1,
        truncateFrom: undefined,
        entries: [],
        hardState: { term: restoredTerm, votedFor: undefined, commitIndex: index },
        base: { mark: { index, term: restoredTerm, membership, configIndex: 0 }, reset: true },
        genesis: undefined,
        peers: [],
      },
      (error) => done(error, undefined),
    ),
  )
  await closeLog(log)
}

const closeLog = (log: LogStore): Promise<unknown> =>
  call((done) => log.close((error) => done(error, undefined)))

function call<T>(work: (done: (error: Error | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    work((error, value) => (error === undefined ? resolve(value) : reject(error)))
  })
}
