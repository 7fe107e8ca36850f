import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { rowsOf, stateHash } from '@quorail/booking-fsm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { registered, soldBooking } from '../testing/sold-booking.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { openDatabase, type Sqlite } from './database.ts'
import { loadDatabase } from './load-database.ts'
import { loadQuickly } from './load-quickly.ts'
import { migrateDatabase } from './migrate-database.ts'
import { createBatchWriter } from './write-batch.ts'

const now = Date.UTC(2026, 10, 23, 9)
let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-quick-'))
  file = path.join(folder, '1.db')
  const sqlite = openDatabase(file)
  migrateDatabase(sqlite)
  const write = createBatchWriter(sqlite)
  const host = createMemoryHost(now, (changes, appliedIndex, hash) =>
    write({ changes, appliedIndex, stateHash: hash, durable: false }),
  )
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
  for (const email of ['a@example.org', 'b@example.org']) {
    const buyer = registered(host, email)
    for (let sold = 0; sold < 3; sold++) soldBooking(host, buyer)
  }
  sqlite.close()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function change(by: (sqlite: Sqlite) => void): void {
  const sqlite = openDatabase(file)
  by(sqlite)
  sqlite.close()
}

test('a large database, read by threads, is the state that it is row by row', async () => {
  const { slowBecause, ...quick } = await loadQuickly(file, 1)
  const slow = loadDatabase(file)
  expect(slowBecause).toBeUndefined()
  expect(quick.appliedIndex).toBe(slow.appliedIndex)
  expect(stateHash(quick.state)).toBe(stateHash(slow.state))
  expect(rowsOf(quick.state)).toEqual(rowsOf(slow.state))
  expect(rowsOf(quick.state).filter(({ table }) => table === 'payments')).toHaveLength(6)
})

test('a small one and a new one are loaded without threads', async () => {
  const small = await loadQuickly(file, 7)
  expect(stateHash(small.state)).toBe(stateHash(loadDatabase(file).state))
  const fresh = await loadQuickly(path.join(folder, '2.db'), 0)
  expect(fresh.appliedIndex).toBe(0)
})

test.each([
  ['update bookings set names = \'["Somebody"]\' where booking_id = 3'],
  ['update bookings set run_id = 99 where booking_id = 1'],
  ["update payments set payment_token = x'00ff' where payment_id = 2"],
  ["update accounts set display_name = 'Somebody'"],
])('a damaged one is refused in the words in which it is row by row: %s', async (damage) => {
  change((sqlite) => sqlite.exec(damage))
  const said = refusal(() => loadDatabase(file))
  expect(said).not.toBe('')
  await expect(loadQuickly(file, 1)).rejects.toThrow(said)
})

test('what threads can not read is loaded row by row, and why is said', async () => {
  // Half a cent is in no hash: who loads it row by row does not see it.
  const half = 'price_each_minor = price_each_minor + 0.5'
  change((sqlite) => sqlite.exec(`update bookings set ${half} where booking_id = 2`))
  const loaded = await loadQuickly(file, 1)
  expect(loaded.slowBecause).toBe('bookings 2: column 9 can not be packed')
  expect(stateHash(loaded.state)).toBe(stateHash(loadDatabase(file).state))
})

function refusal(load: () => unknown): string {
  try {
    load()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
