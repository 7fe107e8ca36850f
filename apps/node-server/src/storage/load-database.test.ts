import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  applyEntry,
  type BookingState,
  type Command,
  createState,
  findAccountByEmail,
  loadingOrder,
  type Row,
  type RowChange,
  stateHash,
  tables,
} from '@quorail/booking-fsm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDatabase } from '../snapshots/read-database.ts'
import { FrameReader } from '../snapshots/state-stream.ts'
import { openDatabase } from './database.ts'
import { loadDatabase, stateRows } from './load-database.ts'
import { StartRefusedError } from './start-refused.ts'
import { createBatchWriter } from './write-batch.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-database-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => path.join(folder, '1.db')

const commands: readonly Command[] = [
  {
    type: 'foundCluster',
    clusterId: 'ab'.repeat(16),
    pnrKey: [1, 2, 3, 2 ** 32 - 1],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: 120_000,
  },
  {
    type: 'registerAccount',
    email: 'zoë@example.org',
    displayName: "Zoë O'Neil",
    passwordHash: 'x',
    role: 'passenger',
  },
  { type: 'openSession', accountId: 1, tokenHash: 'cd'.repeat(32), ttlMs: 60_000 },
  { type: 'closeSession', tokenHash: 'cd'.repeat(32) },
  { type: 'openSession', accountId: 1, tokenHash: 'ef'.repeat(32), ttlMs: 60_000 },
  { type: 'openSession', accountId: 1, tokenHash: 'ab'.repeat(32), ttlMs: 60_000 },
]

/** Applies the commands and writes their rows, as a node does. */
function writeHistory(): BookingState {
  loadDatabase(file())
  const state = createState()
  const sqlite = openDatabase(file())
  const write = createBatchWriter(sqlite)
  commands.forEach((command, at) => {
    const index = at + 1
    const { changes } = applyEntry(state, {
      index,
      timestampMs: 1_000 + at,
      actor: command.type === 'closeSession' ? 1 : 0,
      key: undefined,
      command,
    })
    write({ changes, appliedIndex: index, stateHash: stateHash(state), durable: at % 2 === 1 })
  })
  sqlite.close()
  return state
}

function sentRows(): Row[] {
  const reading = readDatabase(file())
  const reader = new FrameReader()
  const rows: Row[] = []
  for (let piece = reading.next(); piece !== undefined; piece = reading.next()) {
    reader.add(piece)
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      if (!('rows' in frame)) continue
      const { table } = frame
      if (loadingOrder.includes(table as never))
        rows.push(...frame.rows.map((values) => ({ table, values })))
    }
  }
  reading.close()
  return rows
}

test('a table is read whole, whatever its rows in portions', () => {
  const sqlite = openDatabase(file())
  loadDatabase(file())
  const insert = sqlite.prepare('insert into counters values (?, 1)')
  let made = 0
  for (const rows of [511, 1, 1, 511, 300]) {
    for (let row = 0; row < rows; row++) insert.run(`k${(made++ * 7_919) % 10_007}`)
    const keys = [...stateRows(sqlite)].map(({ values }) => String(values[0]))
    const stored = sqlite.prepare('select * from counters order by 1').raw().all() as string[][]
    expect(keys).toEqual(stored.map(([key]) => key))
  }
  sqlite.close()
})

/** Rows out of their order are all kept until the last has come: that takes three times the time and the memory. */
function expectLoadingOrder(rows: readonly Row[]): void {
  const keys = rows.map(({ table, values }) => {
    const { keyColumns = 1 } = tables.find(({ name }) => name === table) ?? {}
    return [loadingOrder.indexOf(table as never), values.slice(0, keyColumns)] as const
  })
  keys.forEach(([place, key], at) => {
    const [placeBefore = -1, keyBefore = []] = keys[at - 1] ?? []
    expect(place).toBeGreaterThanOrEqual(placeBefore)
    const first = key.findIndex((value, column) => value !== keyBefore[column])
    const isBehind = (key[first] ?? 0) > (keyBefore[first] ?? 0)
    if (place === placeBefore) expect(isBehind, String(key)).toBe(true)
  })
}

describe('a database', () => {
  test('is read, and sent to other nodes, in the order in which rows are loaded as they come', () => {
    writeHistory()
    const sqlite = openDatabase(file())
    const rows = [...stateRows(sqlite)]
    sqlite.close()
    const sessions = rows.filter(({ table }) => table === 'sessions')
    expect(sessions.map(({ values }) => String(values[0]).slice(0, 2))).toEqual(['ab', 'ef'])
    expectLoadingOrder(rows)
    expectLoadingOrder(sentRows())
  })

  test('that is new holds the empty state at index 0', () => {
    const loaded = loadDatabase(file())
    expect(loaded.appliedIndex).toBe(0)
    expect(stateHash(loaded.state)).toBe(stateHash(createState()))
  })

  test('gives the state back, hash for hash', () => {
    const state = writeHistory()
    const loaded = loadDatabase(file())
    expect(loaded.appliedIndex).toBe(commands.length)
    expect(stateHash(loaded.state)).toBe(stateHash(state))
    expect(findAccountByEmail(loaded.state, 'zoë@example.org')?.displayName).toBe("Zoë O'Neil")
  })

  test('in which a row was changed is refused, with a sentence', () => {
    writeHistory()
    const sqlite = openDatabase(file())
    sqlite.prepare("update accounts set display_name = 'Somebody'").run()
    sqlite.close()
    expect(() => loadDatabase(file())).toThrow(/does not hold what was written to it: at index 6/)
  })

  test('that is no database is refused, with a sentence', () => {
    writeFileSync(file(), 'x'.repeat(8_192))
    expect(() => loadDatabase(file())).toThrow(
      /can not be read \(.*\)\. What to do: keep the state folder/,
    )
  })

  test('keeps neither rows nor index of a batch that fails in the middle', () => {
    const state = writeHistory()
    const sqlite = openDatabase(file())
    const write = createBatchWriter(sqlite)
    const changes: RowChange[] = [
      { type: 'delete', table: 'accounts', key: [1] },
      { type: 'delete', table: 'no_such_table', key: [1] },
    ]
    expect(() => write({ changes, appliedIndex: 9, stateHash: 'x', durable: false })).toThrow(
      'no_such_table',
    )
    sqlite.close()
    const loaded = loadDatabase(file())
    expect(loaded.appliedIndex).toBe(commands.length)
    expect(stateHash(loaded.state)).toBe(stateHash(state))
  })
})

test('rows that can not be a state are refused as damaged, and at once', () => {
  writeHistory()
  const sqlite = openDatabase(file())
  sqlite.prepare('insert into trips values (?, ?)').run(3_000_000_000, 3_000_000_001)
  sqlite.close()
  expect(() => loadDatabase(file())).toThrow(StartRefusedError)
  expect(() => loadDatabase(file())).toThrow(
    /does not hold what was written to it: trips 3000000000: this id was not given out.*What to do/,
  )
})
