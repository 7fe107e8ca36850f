import { Worker } from 'node:worker_threads'
import type { Done } from '@quorail/raft-core'
import type { RowStore } from '../host/row-store.ts'
import { type CommitAnswer, packBatch } from './row-writer-messages.ts'

export interface RowWriter extends Pick<RowStore, 'commit'> {
  /** Of all records that have been written; undefined until the first batch is. */
  recordHash(): string | undefined
  /** Resolves when the database is closed. Batches under way are written first. */
  close(): Promise<void>
}

const quickLoading = new URL('../quick-loading.ts', import.meta.url).href

/** Starts the writing thread on a database that has been migrated. */
export function startRowWriter(databaseFile: string): RowWriter {
  const worker = new Worker(new URL('./row-writer-thread.ts', import.meta.url), {
    workerData: { file: databaseFile },
    name: 'sqlite',
    execArgv: [...process.execArgv, '--import', quickLoading],
  })
  const waiting: Done[] = []
  let recordHash: string | undefined
  let failure: Error | undefined
  const fail = (error: Error): void => {
    failure ??= error
    for (const done of waiting.splice(0)) done(failure)
  }
  const ended = new Promise<void>((resolve) => {
    worker.on('exit', () => {
      fail(new Error('the thread that writes SQLite has ended'))
      resolve()
    })
  })
  worker.on('error', fail)
  worker.on('message', ({ error, recordHash: hash }: CommitAnswer) => {
    recordHash = hash
    if (error !== undefined) failure ??= new Error(`SQLite could not be written: ${error}`)
    waiting.shift()?.(error === undefined ? undefined : failure)
  })
  return {
    recordHash: () => recordHash,
    commit(batch, done) {
      if (failure !== undefined) {
        done(failure)
        return
      }
      waiting.push(done)
      worker.postMessage(packBatch(batch))
    },
    async close() {
      worker.postMessage('close')
      await ended
    },
  }
}
