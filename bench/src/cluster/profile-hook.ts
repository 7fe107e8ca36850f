/**
 * Imported by each node of `pnpm bench cluster`, where it does nothing until it is asked: it then samples the node's first thread
 * by the inspector's own profiler, and answers with what was sampled.
 */
import { Session } from 'node:inspector/promises'
import { createServer, type Socket } from 'node:net'
import path from 'node:path'
import { isMainThread } from 'node:worker_threads'

const sampleEveryMicros = 500
const folder = process.env.QUORAIL_BENCH_PROFILES

if (folder !== undefined && isMainThread) {
  let session: Session | undefined
  const start = async (): Promise<string> => {
    session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.setSamplingInterval', { interval: sampleEveryMicros })
    await session.post('Profiler.start')
    return 'started'
  }
  const stop = async (): Promise<string> => {
    const found = await session?.post('Profiler.stop')
    session?.disconnect()
    session = undefined
    return JSON.stringify({ nodes: found?.profile.nodes ?? [] })
  }
  const answer = (socket: Socket): void => {
    socket.on('error', () => socket.destroy())
    socket.once('data', (word) => {
      const done = String(word) === 'start' ? start() : stop()
      done.then(
        (text) => socket.end(text),
        () => socket.destroy(),
      )
    })
  }
  createServer(answer)
    .listen(path.join(folder, String(process.pid)))
    .unref()
}
