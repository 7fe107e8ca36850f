/** A thread that reads one table of a database nobody writes to, and hands its rows over packed. */
import { parentPort, workerData } from 'node:worker_threads'
import { type PackedTable, RowPacker } from '@quorail/booking-fsm'
import Database from 'better-sqlite3'
import { tableRows } from './load-database.ts'

const port = parentPort
if (port === null) throw new Error('packing-thread.ts runs as a worker thread only')

const { file, table } = workerData as { readonly file: string; readonly table: PackedTable }
const sqlite = new Database(file, { readonly: true, fileMustExist: true })
const pnrKey = sqlite.prepare('select pnr_key from meta').pluck().get()
const packer = new RowPacker(table, String(pnrKey))
const send = (portion: ReturnType<RowPacker['take']>): void => {
  if (portion !== undefined)
    port.postMessage(portion, [portion.bytes.buffer, portion.fields.buffer])
}
for (const rows of tableRows(sqlite, table)) for (const values of rows) send(packer.add(values))
send(packer.take())
port.postMessage('end')
sqlite.close()
