/** The thread that makes a database from a stream. */
import { parentPort, workerData } from 'node:worker_threads'
import { DatabaseBuilder } from './build-database.ts'
import { FrameReader } from './state-stream.ts'

export interface BuildingData {
  readonly file: string
}
/** A piece of the stream, or what to do at its end. One answer each, in order. */
export type BuildingMessage = Uint8Array | 'finish' | 'abandon'
export interface BuildingAnswer {
  readonly error: string | undefined
}

const port = parentPort
if (port === null) throw new Error('building-thread.ts runs as a worker thread only')

const { file } = workerData as BuildingData
const frames = new FrameReader()
const builder = new DatabaseBuilder(file)

port.on('message', (message: BuildingMessage) => {
  let error: string | undefined
  try {
    if (message === 'abandon') builder.abandon()
    else if (message === 'finish') builder.finish()
    else add(message)
  } catch (failure) {
    error = failure instanceof Error ? failure.message : String(failure)
  }
  port.postMessage({ error } satisfies BuildingAnswer)
  if (typeof message === 'string') port.close()
})

function add(piece: Uint8Array): void {
  frames.add(piece)
  for (let frame = frames.next(); frame !== undefined; frame = frames.next()) builder.add(frame)
}
