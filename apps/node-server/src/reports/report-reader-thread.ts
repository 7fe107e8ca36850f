/** The thread that reads reports: by a connection of its own that can write nothing. */
import { parentPort, workerData } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { type ReportQuery, readReport, type TimelineQuery } from './report-queries.ts'
import type { ReportAnswer } from './report-reader.ts'

const port = parentPort
if (port === null) throw new Error('report-reader-thread.ts runs as a worker thread only')

const { file } = workerData as { readonly file: string }
const sqlite = new Database(file, { readonly: true })
sqlite.pragma('busy_timeout = 5000')

port.on('message', ({ id, query }: { id: number; query: ReportQuery | TimelineQuery }) => {
  port.postMessage(answer(id, query))
})

function answer(id: number, query: ReportQuery | TimelineQuery): ReportAnswer {
  try {
    return { id, rows: readReport(sqlite, query) }
  } catch (error) {
    return { id, error: String(error) }
  }
}
