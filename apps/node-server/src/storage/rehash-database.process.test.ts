import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { registered, soldBooking } from '../testing/sold-booking.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { openDatabase, type Sqlite } from './database.ts'
import { migrateDatabase } from './migrate-database.ts'
import { rehashDatabase } from './rehash-database.ts'
import { watchDatabase } from './rehash-watch.ts'
import { createBatchWriter } from './write-batch.ts'

const now = Date.UTC(2026, 10, 23, 9)
let folder: string
let file: string
let sqlite: Sqlite
/** One more passenger: rows, index and hash in one transaction. */
let register: () => void
/** A booking that is paid for and confirmed. */
let sell: () => void

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-rehash-'))
  file = path.join(folder, '1.db')
  sqlite = openDatabase(file)
  migrateDatabase(sqlite)
  const write = createBatchWriter(sqlite)
  const host = createMemoryHost(now, (changes, appliedIndex, stateHash) =>
    write({ changes, appliedIndex, stateHash, durable: false }),
  )
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
  sell = () => {
    buyer ??= registered(host, 'buyer@example.org')
    soldBooking(host, buyer)
  }
  let buyer: number | undefined
  let people = 0
  register = () => {
    people += 1
    const passenger = {
      email: `p${people}@example.org`,
      displayName: `Name${people}`,
      passwordHash: 'h',
    }
    host.run({ type: 'registerAccount', ...passenger, role: 'passenger' })
  }
})

afterEach(() => {
  sqlite.close()
  rmSync(folder, { recursive: true, force: true })
})

const look = () => rehashDatabase(file, () => {})

/** Wherever the text is in the file itself, a bit of it is turned. */
function turnBit(text: string): void {
  sqlite.pragma('wal_checkpoint(TRUNCATE)')
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
    bytes.writeUInt8(bytes.readUInt8(at) ^ 4, at)
  writeFileSync(file, bytes)
}

test('a sound database is found sound, also between two looks at which more was written', () => {
  register()
  const first = look()
  expect(first.damage).toBeUndefined()
  expect(first.rows).toBeGreaterThan(20)
  register()
  expect(look()).toEqual({ appliedIndex: first.appliedIndex + 1, rows: first.rows + 2 })
})

test('what is written while it is looked at does not disturb it', () => {
  for (let at = 0; at < 2_500; at += 1) register()
  let pauses = 0
  const found = rehashDatabase(file, () => {
    pauses += 1
    register()
  })
  expect(found.damage).toBeUndefined()
  expect(pauses).toBeGreaterThan(0)
})

test.each([
  ['a value of another row', "update accounts set display_name = 'Somebody Else'"],
  ['a row that is gone', 'delete from accounts where account_id = 1'],
  ['a hash of another moment', "update node_progress set state_hash = '00112233445566'"],
  ['an index of another moment', 'update meta set applied_index = applied_index + 1'],
])('%s is damage, with the index and both hashes', (_what, statement) => {
  register()
  sqlite.exec(statement)
  expect(look().damage).toMatch(/^at index \d+ its rows have the hash [0-9a-f]{16}, and /)
})

test.each([
  ['in a row', 'Name250'],
  ['in an index', 'p250@example.org'],
])('a bit that the disk has turned %s is damage', (_where, text) => {
  for (let at = 0; at < 500; at += 1) register()
  expect(look().damage).toBeUndefined()
  turnBit(text)
  expect(look().damage).toBeDefined()
})

test('the audit and the ledger are found sound while they grow', () => {
  sell()
  sell()
  const count = (table: string) => sqlite.prepare(`select count(*) from ${table}`).pluck().get()
  expect(count('ledger_lines')).toBeGreaterThan(3)
  expect(count('audit')).toBeGreaterThan(3)
  expect(look().damage).toBeUndefined()
})

test.each([
  ['an amount', 'update ledger_lines set amount_minor = amount_minor + 1 where line_id = 2'],
  ['a reason', "update ledger_lines set reason = 'gift' where line_id = 1"],
  ['a payment', 'update ledger_lines set payment_id = 77 where line_id = 2'],
  ['a time', 'update ledger_lines set at_ms = at_ms - 1 where line_id = 3'],
  ['a line that is gone', 'delete from ledger_lines where line_id = 4'],
  ['a line of another number', 'update ledger_lines set line_id = 400 where line_id = 4'],
  [
    'a line too many',
    'insert into ledger_lines select 900, 1, 1, account, 5, 0, 0, reason from ledger_lines limit 1',
  ],
])('the ledger: %s that is not as it was written is damage, with its line', (_what, statement) => {
  sell()
  sell()
  sqlite.exec(statement)
  expect(look().damage).toMatch(/^at index \d+ the ledger's line \d+ and the next one are no entry/)
})

test.each([
  ['an account', "update ledger_lines set account = 'bank' where line_id = 1"],
  ['an entry that is gone', 'delete from ledger_lines where line_id < 3'],
  ['all of it gone', 'delete from ledger_lines'],
])('the ledger: %s that is not as it was written is damage, by the totals', (_what, statement) => {
  sell()
  sell()
  sqlite.exec(statement)
  expect(look().damage).toMatch(/the ledger's lines of \w+ come to -?\d+, and the state has -?\d+$/)
})

test.each([
  ['altered', 2, 'update audit set actor = 99 where sequence = 2'],
  ['missing', 2, 'delete from audit where sequence = 2'],
  ['missing', 1, 'delete from audit'],
])('the audit: a record that is %s is damage', (problem, sequence, statement) => {
  sell()
  sqlite.exec(statement)
  expect(look().damage).toContain(`the audit's record ${sequence} is ${problem}`)
})

test('the watch tells again and again, on a thread of its own, and what is damaged meanwhile', async () => {
  register()
  const results: (string | undefined)[] = []
  const errors: Error[] = []
  const watch = watchDatabase({
    file: () => file,
    everyMs: 10,
    onResult: ({ damage }) => results.push(damage),
    onError: (error) => errors.push(error),
  })
  try {
    await expect.poll(() => results.length, { timeout: 60_000 }).toBeGreaterThan(1)
    expect(results).not.toContainEqual(expect.any(String))
    sqlite.exec("update accounts set display_name = 'Somebody Else'")
    await expect.poll(() => results.at(-1), { timeout: 60_000 }).toMatch(/its rows have the hash/)
    expect(errors).toEqual([])
  } finally {
    await watch.close()
  }
})

test('a database that a snapshot has taken the place of has no verdict', async () => {
  let current = file
  const told: unknown[] = []
  const watch = watchDatabase({
    file: () => {
      const asked = current
      current = path.join(folder, '2.db')
      return asked
    },
    everyMs: 10,
    onResult: (result) => told.push(result),
    onError: (error) => told.push(error),
  })
  sqlite.exec("update accounts set display_name = 'Somebody Else'")
  // Of the old one nothing is told; that there is no second one yet is an error, each time.
  await expect.poll(() => told.length, { timeout: 60_000 }).toBeGreaterThan(0)
  await watch.close()
  expect(told[0]).toBeInstanceOf(Error)
})
