import path from 'node:path'
import { applyEntry, createState, stateHash } from '@quorail/booking-fsm'
import type { Entry, LogStore, RestoredLog } from '@quorail/raft-core'
import { nodeDisk, openWriteAheadLog } from '@quorail/raft-core/wal'
import { decodeLogEntry } from '../src/mapping/log-entry.ts'

/** The state's hash at an index, from the log of a stopped node alone: its database has no part in it. */
export async function replayedHash(dataFolder: string, index: number): Promise<string> {
  const founding = { genesis: undefined, incarnation: '0'.repeat(32) }
  const log = openWriteAheadLog({ disk: nodeDisk(path.join(dataFolder, 'log')), founding })
  const { base, lastIndex } = await call<RestoredLog>((done) => log.open(done))
  try {
    if (base.index !== 0 || lastIndex < index)
      throw new Error(`the log has ${base.index + 1} to ${lastIndex}, and not all up to ${index}`)
    const state = createState()
    for (let next = 1; next <= index; ) {
      const entries = await readFrom(log, next, index)
      for (const { kind, index: at, data } of entries)
        if (kind === 'command') applyEntry(state, decodeLogEntry(at, data))
      next += entries.length
    }
    return stateHash(state)
  } finally {
    await call((done) => log.close((error) => done(error, undefined)))
  }
}

const readFrom = (log: LogStore, from: number, to: number): Promise<readonly Entry[]> =>
  call((done) => log.readEntries(from, to, 1_048_576, done))

function call<T>(work: (done: (error: Error | undefined, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    work((error, value) => (error === undefined ? resolve(value) : reject(error)))
  })
}
