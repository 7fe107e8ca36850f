/** The thread that hashes a database again, once. */
import { parentPort, workerData } from 'node:worker_threads'
import { rehashDatabase } from './rehash-database.ts'

const port = parentPort
if (port === null) throw new Error('rehash-thread.ts runs as a worker thread only')

const { file } = workerData as { readonly file: string }
const nobodyWakes = new Int32Array(new SharedArrayBuffer(4))
/** With the rows between two pauses: about a tenth of a core, and a minute for a million rows. */
const pauseMs = 100
port.postMessage(rehashDatabase(file, () => Atomics.wait(nobodyWakes, 0, 0, pauseMs)))
