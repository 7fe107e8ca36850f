/** A database made from a stream: complete and durable, or not there. */
import { closeSync, fsyncSync, openSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Sqlite } from '../storage/database.ts'
import { hashRecords } from '../storage/hash-records.ts'
import { migrateDatabase } from '../storage/migrate-database.ts'
import { prepareProgressWriter } from '../storage/progress.ts'
import { RecordHashes } from '../storage/record-hashes.ts'
import { tableShape } from '../storage/row-statements.ts'
import { rowTables } from '../storage/schema.ts'
import {
  type Frame,
  isEnd,
  isHeader,
  StateStreamError,
  type StreamHeader,
  type StreamRows,
} from './state-stream.ts'

/** Writes frames to a new database. Each call throws on a stream that is not whole or not ours. */
export class DatabaseBuilder {
  readonly #file: string
  readonly #sqlite: Sqlite
  readonly #inserts = new Map<string, (values: StreamRows['rows'][number]) => void>()
  #header: StreamHeader | undefined
  #rowCount = 0
  #ended = false

  constructor(file: string) {
    this.#file = file
    this.#sqlite = new Database(file)
    // What a crash leaves of it is thrown away: one sync at the end is enough.
    this.#sqlite.pragma('journal_mode = OFF')
    this.#sqlite.pragma('synchronous = OFF')
    migrateDatabase(this.#sqlite)
    this.#sqlite.exec('begin')
  }

  add(frame: Frame): void {
    if (this.#ended) throw new StateStreamError('something follows the end of the stream')
    if (isHeader(frame)) this.#begin(frame)
    else if (isEnd(frame)) this.#end(frame.rowCount)
    else this.#write(frame)
  }

  /** Durable when it returns; closed in any case. */
  finish(): void {
    this.#sqlite.close()
    if (!this.#ended) throw new StateStreamError('the stream ends early')
    const opened = openSync(this.#file, 'r+')
    try {
      fsyncSync(opened)
    } finally {
      closeSync(opened)
    }
  }

  /** Leaves the file, half made, to whoever removes it. */
  abandon(): void {
    this.#sqlite.close()
  }

  #begin(header: StreamHeader): void {
    if (this.#header !== undefined) throw new StateStreamError('a second header')
    this.#header = header
    const shapes = rowTables.map(tableShape)
    for (const { name, columns } of header.tables) {
      const ours = shapes.find((shape) => shape.name === name)
      const unknown = columns.find((column) => ours?.columns.includes(column) !== true)
      if (ours === undefined || unknown !== undefined) {
        throw new StateStreamError(
          `the stream has ${unknown === undefined ? name : `${name}.${unknown}`}, which this version does not know`,
        )
      }
      const list = columns.map((column) => `"${column}"`).join(', ')
      const places = columns.map(() => '?').join(', ')
      const insert = this.#sqlite.prepare(`insert into "${name}" (${list}) values (${places})`)
      this.#inserts.set(name, (values) => insert.run(values))
    }
  }

  #write({ table, rows }: StreamRows): void {
    const insert = this.#inserts.get(table)
    if (insert === undefined)
      throw new StateStreamError(`rows of ${table}, which was not announced`)
    for (const values of rows) insert(values)
    this.#rowCount += rows.length
  }

  #end(rowCount: number): void {
    if (this.#header === undefined) throw new StateStreamError('an end without a beginning')
    if (rowCount !== this.#rowCount) {
      throw new StateStreamError(`${this.#rowCount} rows came, and ${rowCount} were sent`)
    }
    const hashes = this.#hashRecords(this.#header)
    prepareProgressWriter(this.#sqlite)(this.#header, hashes)
    this.#sqlite.exec('commit')
    this.#ended = true
  }

  /** Of what is in the database now: of the records nobody else finds out whether they are what was sent. */
  #hashRecords({ recordHashes }: StreamHeader): string {
    const found = hashRecords(this.#sqlite)
    const difference =
      recordHashes === undefined ? undefined : RecordHashes.parse(recordHashes).difference(found)
    if (difference !== undefined) throw new StateStreamError(`in the stream ${difference}`)
    return found.toText()
  }
}
