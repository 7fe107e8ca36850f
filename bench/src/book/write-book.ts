/**
 * A process of its own that writes a backup of a railway which has sold much: `node write-book.ts FILE BOOKINGS
 * FIRST_MS`. `quorail restore` makes nodes of it, as of any other.
 */
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { hashOfRows, info, type Row, tables } from '@quorail/booking-fsm'
import { bookRows } from '../fsm/book.ts'
import { Railway } from '../fsm/railway.ts'

const [file = '', bookings = '', firstMs = ''] = process.argv.slice(2)
const rows = (): Generator<Row> => bookRows(Number(bookings), Number(firstMs))
/** As many as a node puts into a frame. */
const rowsInFrame = 500

const hash = createHash('sha256')
const out = openSync(file, 'wx', 0o600)
write(Buffer.from('QRBACKUP'))
writeFrame({
  format: 1,
  clusterId: info(Railway.found().state).clusterId,
  appliedIndex: metaOf('applied_index'),
  stateHash: hashOfRows(rows()),
  tables: tables.map(({ name, columns }) => ({ name, columns: columns.map((it) => it.name) })),
})
let rowCount = 0
let frame: { table: string; rows: Row['values'][] } = { table: '', rows: [] }
for (const { table, values } of rows()) {
  if (table !== frame.table || frame.rows.length === rowsInFrame) flush(table)
  frame.rows.push(values)
  rowCount += 1
}
flush('')
writeFrame({ end: true, rowCount })
writeSync(out, hash.digest())
closeSync(out)

function flush(next: string): void {
  if (frame.rows.length > 0) writeFrame(frame)
  frame = { table: next, rows: [] }
}

/** A length and as many bytes of JSON. */
function writeFrame(content: unknown): void {
  const json = Buffer.from(JSON.stringify(content))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  write(Buffer.concat([length, json]))
}

function write(bytes: Buffer): void {
  hash.update(bytes)
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at)
}

function metaOf(column: string): number {
  const at = tables
    .find(({ name }) => name === 'meta')
    ?.columns.findIndex((it) => it.name === column)
  for (const { table, values } of rows()) if (table === 'meta') return Number(values[at ?? -1])
  throw new Error('there is no meta')
}
