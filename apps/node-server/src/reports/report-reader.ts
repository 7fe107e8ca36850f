import { Worker } from 'node:worker_threads'
import type { AnyQuery, ReportRows } from './report-queries.ts'

/** Reads reports from the database, beside whoever writes it. */
export interface ReportReader {
  read(query: AnyQuery): Promise<ReportRows>
  close(): Promise<void>
}

export interface ReportQuestion {
  readonly id: number
  readonly query: AnyQuery
  /** Another one than before when a snapshot has come meanwhile. */
  readonly file: string
}

export interface ReportAnswer {
  readonly id: number
  readonly rows?: ReportRows
  readonly error?: string
}

/** As many questions as may wait; more are refused, so that nobody fills the memory with them. */
const waitingAtMost = 20

/** A thread of its own, started with the first question: a long report keeps nothing else waiting. */
export function startReportReader(databaseFile: () => string): ReportReader {
  let worker: Worker | undefined
  let asked = 0
  const waiting = new Map<number, (answer: ReportAnswer) => void>()
  const endAll = (error: string): void => {
    worker = undefined
    for (const [id, done] of waiting) done({ id, error })
    waiting.clear()
  }
  const start = (): Worker => {
    const started = new Worker(new URL('./report-reader-thread.ts', import.meta.url), {
      name: 'reports',
    })
    started.on('message', (answer: ReportAnswer) => {
      waiting.get(answer.id)?.(answer)
      waiting.delete(answer.id)
    })
    started.on('error', (error) => endAll(String(error)))
    started.on('exit', () => endAll('the thread that reads reports has ended'))
    return started
  }
  return {
    read: (query) =>
      new Promise((resolve, reject) => {
        if (waiting.size >= waitingAtMost) {
          reject(new Error('too many reports are asked for at once'))
          return
        }
        const id = ++asked
        waiting.set(id, ({ rows, error }) => {
          if (rows === undefined) reject(new Error(error))
          else resolve(rows)
        })
        worker ??= start()
        worker.postMessage({ id, query, file: databaseFile() } satisfies ReportQuestion)
      }),
    async close() {
      await worker?.terminate()
    },
  }
}
