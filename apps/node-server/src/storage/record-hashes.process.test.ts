import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createState, type Row, type RowChange, stateHash, type Value } from '@quorail/booking-fsm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseBuilder } from '../snapshots/build-database.ts'
import { readDatabase } from '../snapshots/read-database.ts'
import { FrameReader, isHeader } from '../snapshots/state-stream.ts'
import { openDatabase, type Sqlite } from './database.ts'
import { hashRecords } from './hash-records.ts'
import { migrateDatabase } from './migrate-database.ts'
import { readRecordHashes } from './progress.ts'
import { RecordHashes, recordTables } from './record-hashes.ts'
import { rehashDatabase } from './rehash-database.ts'
import { createBatchWriter } from './write-batch.ts'

/** What other tests look at by their chain and their pairs, which say what is wrong before this does. */
const checkedTwice = ['audit', 'ledger_lines']
const tables = recordTables.filter(({ name }) => !checkedTwice.includes(name))
type RecordTable = (typeof tables)[number]

let folder: string
let file: string
let sqlite: Sqlite
let write: (changes: readonly RowChange[]) => void

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-records-'))
  file = path.join(folder, '1.db')
  sqlite = openDatabase(file)
  migrateDatabase(sqlite)
  write = writer()
  for (const table of tables) write([1, 2, 3].map((row) => upsert(table, row)))
})

afterEach(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

let appliedIndex = 0

/** As a node begins to write: with what is recorded. */
function writer(): (changes: readonly RowChange[]) => void {
  const batch = createBatchWriter(sqlite)
  const hash = stateHash(createState())
  return (changes) => {
    appliedIndex += 1
    batch({ changes, appliedIndex, stateHash: hash, durable: false })
  }
}

/** A row like none else of its table; where a column may be null, every other is. */
function rowOf({ name, columns, keyColumns }: RecordTable, row: number): Row {
  const value = (at: number): Value => {
    const { type, nullable } = columns[at] as RecordTable['columns'][number]
    if (nullable && row % 2 === 0) return null
    const number = row * 1_000 + (at < keyColumns ? 0 : at)
    return type === 'text' ? `Zoë ${name} ${number}` : number
  }
  return { table: name, values: columns.map((_, at) => value(at)) }
}

const upsert = (table: RecordTable, row: number): RowChange => ({
  type: 'upsert',
  ...rowOf(table, row),
})

const removal = (table: RecordTable, row: number): RowChange => ({
  type: 'delete',
  table: table.name,
  key: rowOf(table, row).values.slice(0, table.keyColumns),
})

const damage = () => rehashDatabase(file, () => {}).damage

const keyOf = ({ columns }: RecordTable): string => `"${columns[0]?.name}"`

/** The last column of the last row becomes another. */
function change(table: RecordTable): void {
  const last = `"${table.columns.at(-1)?.name}"`
  const key = keyOf(table)
  sqlite.exec(
    `update ${table.name} set ${last} = coalesce(${last}, '') || '7' where ${key} = (select max(${key}) from ${table.name})`,
  )
}

test('there are record tables', () => expect(tables.length).toBeGreaterThan(20))

describe.each(tables.map((table) => [table.name, table] as const))(
  'the table %s',
  (name, table) => {
    test('is sound as it was written: new rows, rows again, rows that are gone', () => {
      write([upsert(table, 4), removal(table, 1), removal(table, 99)])
      write([upsert(table, 4), upsert(table, 5)])
      write([upsert(table, 1), removal(table, 5)])
      expect(damage()).toBeUndefined()
      expect(readRecordHashes(sqlite)).toBe(hashRecords(sqlite).toText())
    })

    test('a value that is another is damage', () => {
      change(table)
      expect(damage()).toMatch(
        new RegExp(`^at index \\d+ the rows of the table ${name} have the hash [0-9a-f]{16}, and `),
      )
    })

    test('a row that is gone is damage', () => {
      sqlite.exec(
        `delete from ${name} where ${keyOf(table)} = (select max(${keyOf(table)}) from ${name})`,
      )
      expect(damage()).toContain(`the table ${name} has 2 rows, and 3 were written`)
    })

    test('a row too many is damage', () => {
      const { values } = rowOf(table, 9)
      sqlite.prepare(`insert into ${name} values (${values.map(() => '?').join(', ')})`).run(values)
      expect(damage()).toContain(`the table ${name} has 4 rows, and 3 were written`)
    })

    test('damage is not written over: not by more rows, nor by a new start', () => {
      change(table)
      write([upsert(table, 4)])
      write = writer()
      write([upsert(table, 5)])
      expect(damage()).toContain(name)
    })
  },
)

test.each(tables.filter(({ columns }) => columns.some(({ type }) => type === 'text')))(
  'bits that the disk has turned in $name are damage',
  ({ name }) => {
    sqlite.pragma('wal_checkpoint(TRUNCATE)')
    const bytes = readFileSync(file)
    const at = bytes.indexOf(`Zoë ${name} 1`)
    expect(at).toBeGreaterThan(0)
    for (let place = at; place !== -1; place = bytes.indexOf(`Zoë ${name} 1`, place + 1))
      bytes.writeUInt8(bytes.readUInt8(place) ^ 4, place)
    writeFileSync(file, bytes)
    expect(damage()).toBeDefined()
  },
)

test('rows that the writer takes away are the ones that were there, also when they were damaged: that stays damage', () => {
  const [table] = tables as [RecordTable]
  change(table)
  write([1, 2, 3].map((row) => removal(table, row)))
  expect(damage()).toMatch(table.name)
})

test('an earlier version has written since: what is there counts from then on', () => {
  const [table] = tables as [RecordTable]
  sqlite.exec('update node_progress set applied_index = applied_index + 1')
  change(table)
  expect(damage()).toBeUndefined()
  expect(readRecordHashes(sqlite)).toBeUndefined()
  write = writer()
  appliedIndex += 1
  write([upsert(table, 4)])
  expect(damage()).toBeUndefined()
  change(table)
  expect(damage()).toContain(table.name)
})

test('a column that comes later and is null leaves the hash as it was', () => {
  const withNull = recordTables.find(({ columns }) => columns.some(({ nullable }) => nullable))
  const [first, second] = [new RecordHashes(), new RecordHashes()]
  const table = withNull as RecordTable
  const { values } = rowOf(table, 1)
  const at = table.columns.findIndex(({ nullable }) => nullable)
  first.add(table.name, values.with(at, null))
  second.add(table.name, values.with(at, 'something'))
  expect(first.toText()).not.toBe(second.toText())
  expect(first.difference(second)).toContain(table.name)
})

describe('a database as a stream', () => {
  function frames() {
    const reading = readDatabase(file)
    const reader = new FrameReader()
    for (let piece = reading.next(); piece !== undefined; piece = reading.next()) reader.add(piece)
    reading.close()
    const all = []
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) all.push(frame)
    return all
  }

  function build(all: ReturnType<typeof frames>): string | undefined {
    const target = path.join(folder, 'copy.db')
    rmSync(target, { force: true })
    const builder = new DatabaseBuilder(target)
    try {
      for (const frame of all) builder.add(frame)
      builder.finish()
    } finally {
      builder.abandon()
    }
    const copy = openDatabase(target)
    const found = readRecordHashes(copy)
    copy.close()
    return found
  }

  test('carries the hashes of its records, and gives them to the database that is made of it', () => {
    expect(build(frames())).toBe(readRecordHashes(sqlite))
  })

  test('of an earlier version has none: they are made', () => {
    const old = frames().map((frame) => {
      if (!isHeader(frame)) return frame
      const { recordHashes: _, ...header } = frame
      return header
    })
    expect(build(old)).toBe(readRecordHashes(sqlite))
  })

  test('of a damaged database is not taken, by its name', () => {
    const table = tables.at(-1) as RecordTable
    change(table)
    expect(() => build(frames())).toThrow(`in the stream the rows of the table ${table.name} have`)
  })
})
