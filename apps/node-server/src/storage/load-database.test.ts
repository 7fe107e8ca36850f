import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  applyEntry,
  type BookingState,
  type Command,
  createState,
  findAccountByEmail,
  type RowChange,
  stateHash,
} from '@quorail/booking-fsm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { loadDatabase } from './load-database.ts'
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

describe('a database', () => {
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
    expect(() => loadDatabase(file())).toThrow(/does not hold what was written to it: at index 4/)
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
