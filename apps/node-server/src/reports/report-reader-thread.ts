/** The thread that reads reports: by a connection of its own that can write nothing. */
import { parentPort } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Sqlite } from '../storage/database.ts'
import { readReport } from './report-queries.ts'
import type { ReportAnswer, ReportQuestion } from './report-reader.ts'

const port = parentPort
if (port === null) throw new Error('report-reader-thread.ts runs as a worker thread only')

let open: { readonly file: string; readonly sqlite: Sqlite } | undefined

port.on('message', (question: ReportQuestion) => {
  port.postMessage(answer(question))
})

function answer({ id, query, file }: ReportQuestion): ReportAnswer {
  try {
    return { id, rows: readReport(databaseOf(file), query) }
  } catch (error) {
    return { id, error: String(error) }
  }
}

function databaseOf(file: string): Sqlite {
  if (open?.file === file) return open.sqlite
  open?.sqlite.close()
  open = undefined
  const sqlite = new Database(file, { readonly: true })
  sqlite.pragma('busy_timeout = 5000')
  open = { file, sqlite }
  return sqlite
}
