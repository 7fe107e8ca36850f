import { Worker } from 'node:worker_threads'
import type { Rehash } from './rehash-database.ts'

export interface RehashOptions {
  /** The newest database: asked before each time. */
  readonly file: () => string
  /** From the end of one time to the beginning of the next; the first one comes after a minute. */
  readonly everyMs: number
  readonly onResult: (result: Rehash & { readonly file: string; readonly ms: number }) => void
  /** It could not be looked at: no verdict. */
  readonly onError: (error: Error) => void
}

export interface RehashWatch {
  close(): Promise<void>
}

/** The first time is soon after the start: what is only written is not looked at when the state is loaded. */
const soonMs = 60_000

/** Looks at the database again and again, on a thread that is there only for so long. */
export function watchDatabase({ file, everyMs, onResult, onError }: RehashOptions): RehashWatch {
  let worker: Worker | undefined
  let closed = false
  let timer = setTimeout(look, Math.min(everyMs, soonMs))
  timer.unref()

  function look(): void {
    const looked = file()
    const startedAt = performance.now()
    worker = new Worker(new URL('./rehash-thread.ts', import.meta.url), {
      workerData: { file: looked },
      name: 'rehash',
    })
    worker.on('message', (result: Rehash) => {
      // A snapshot may have taken its place meanwhile: then it is no longer the node's.
      if (file() !== looked) return
      onResult({ ...result, file: looked, ms: Math.round(performance.now() - startedAt) })
    })
    worker.on('error', (error: Error) => {
      if (file() === looked) onError(error)
    })
    worker.on('exit', () => {
      worker = undefined
      if (closed) return
      timer = setTimeout(look, everyMs)
      timer.unref()
    })
  }

  return {
    async close() {
      closed = true
      clearTimeout(timer)
      await worker?.terminate()
    },
  }
}
