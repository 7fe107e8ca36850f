/** The thread that writes SQLite, so that no sync of the database ever stands before Raft. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from './database.ts'
import { type CommitAnswer, type CommitMessage, unpackBatch } from './row-writer-messages.ts'
import { createBatchWriter } from './write-batch.ts'

const port = parentPort
if (port === null) throw new Error('row-writer-thread.ts runs as a worker thread only')

const { file } = workerData as { readonly file: string }
const sqlite = openDatabase(file)
const write = createBatchWriter(sqlite)
let failed = false

port.on('message', (message: CommitMessage | 'close') => {
  if (message === 'close') {
    sqlite.close()
    port.close()
    return
  }
  // After an error nothing of the database can be trusted to follow in order.
  if (failed) {
    answer('an earlier batch failed')
    return
  }
  try {
    const recordHash = write(unpackBatch(message))
    port.postMessage({ error: undefined, recordHash } satisfies CommitAnswer)
  } catch (error) {
    failed = true
    answer(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  }
})

function answer(error: string): void {
  port?.postMessage({ error } satisfies CommitAnswer)
}
