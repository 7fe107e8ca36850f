/** The thread that reads a database for a snapshot, so that nothing of it stands before Raft. */
import { parentPort, workerData } from 'node:worker_threads'
import { readDatabase } from './read-database.ts'

/** What comes back for `open` and for each `next`. */
export interface ReadingAnswer {
  readonly error?: string
  /** Undefined at the end. */
  readonly piece?: Uint8Array<ArrayBuffer> | undefined
}
export interface ReadingData {
  readonly file: string
  readonly expectedIndex: number | undefined
}

const port = parentPort
if (port === null) throw new Error('reading-thread.ts runs as a worker thread only')

const { file, expectedIndex } = workerData as ReadingData

const answer = (work: () => Uint8Array | undefined): void => {
  try {
    const made = work()
    // A copy of its own: small buffers share one that can not be handed over.
    const piece = made === undefined ? undefined : new Uint8Array(made)
    port.postMessage({ piece } satisfies ReadingAnswer, piece ? [piece.buffer] : [])
  } catch (error) {
    port.postMessage({ error: String(error) } satisfies ReadingAnswer)
  }
}

let reading: ReturnType<typeof readDatabase> | undefined
answer(() => {
  reading = readDatabase(file, expectedIndex)
  return undefined
})
port.on('message', (message: 'next' | 'close') => {
  if (message === 'next') answer(() => reading?.next())
  else {
    reading?.close()
    port.close()
  }
})
