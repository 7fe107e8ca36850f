import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  applyEntry,
  type BookingState,
  type Command,
  LATEST_FEATURE_LEVEL,
  type RowChange,
  stateHash,
} from '@quorail/booking-fsm'
import type { SnapshotReader, StateCapture } from '@quorail/raft-core'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { currentGeneration, removeOldGenerations } from './generations.ts'
import { loadDatabase } from './load-database.ts'
import { StateStore } from './state-store.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'quorail-state-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A node's database, and the entries that go to it. */
class Node {
  readonly folder: string
  readonly state: BookingState
  readonly store: StateStore
  index: number

  constructor(folder: string) {
    this.folder = folder
    const file = currentGeneration(folder)
    const { state, appliedIndex } = loadDatabase(file)
    this.state = state
    this.index = appliedIndex
    this.store = new StateStore(file)
  }

  async write(command: Command): Promise<void> {
    this.index += 1
    const { index, state } = this
    const entry = { index, timestampMs: 1_000 + index, actor: 0, key: undefined, command }
    await this.commit(applyEntry(state, entry).changes)
  }

  async commit(changes: readonly RowChange[]): Promise<void> {
    const { index, state } = this
    const batch = { changes, appliedIndex: index, stateHash: stateHash(state), durable: true }
    await new Promise<void>((resolve, reject) =>
      this.store.commit(batch, (error) => (error === undefined ? resolve() : reject(error))),
    )
  }

  async fill(accounts: number): Promise<void> {
    if (this.index === 0) {
      await this.write({
        type: 'foundCluster',
        clusterId: 'ab'.repeat(16),
        pnrKey: [1, 2, 3, 4],
        currency: 'EUR',
        holdMs: 600_000,
        paymentWindowMs: 120_000,
        featureLevel: LATEST_FEATURE_LEVEL,
      })
    }
    for (let at = 0; at < accounts; at += 1) {
      await this.write({
        type: 'registerAccount',
        email: `p${this.index}@example.org`,
        displayName: `Zoë ${this.index}`,
        passwordHash: 'x',
        role: 'passenger',
      })
    }
  }

  capture(): Promise<StateCapture> {
    return new Promise((resolve, reject) =>
      this.store.capture(this.index, (error, capture) =>
        error ? reject(error) : resolve(capture),
      ),
    )
  }

  restore(index: number, bytes: SnapshotReader): Promise<BookingState> {
    return new Promise((resolve, reject) =>
      this.store.restore(index, bytes, (error, state) => (error ? reject(error) : resolve(state))),
    )
  }
}

function node(name: string): Node {
  const folder = path.join(root, name)
  if (!existsSync(folder)) mkdtempSync(`${folder}-`)
  const made = readdirSync(root).find((it) => it.startsWith(`${name}-`)) as string
  return new Node(path.join(root, made))
}

async function drain(capture: StateCapture): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (;;) {
    const piece = await new Promise<Uint8Array | undefined>((resolve, reject) =>
      capture.next((error, it) => (error ? reject(error) : resolve(it))),
    )
    if (piece === undefined) break
    pieces.push(piece)
  }
  capture.release()
  return Buffer.concat(pieces)
}

const reader = (bytes: Buffer): SnapshotReader => ({
  sizeBytes: bytes.length,
  read: (offset, length, done) => done(undefined, bytes.subarray(offset, offset + length)),
})

describe('the databases of a node', () => {
  test('one is captured as it is, while more is written to it', async () => {
    const from = node('from')
    await from.fill(1_200)
    const { index } = from
    const hash = stateHash(from.state)
    const capture = await from.capture()
    await from.fill(50)
    const bytes = await drain(capture)
    await from.fill(5)
    await from.store.close()

    const to = node('to')
    await to.fill(3)
    const state = await to.restore(index, reader(bytes))
    expect(stateHash(state)).toBe(hash)
    expect(readdirSync(to.folder).filter((name) => name.endsWith('.db'))).toEqual([`${index}.db`])
    await to.store.close()

    // What comes next goes to the new one, also after the next start.
    const again = new Node(to.folder)
    expect([again.index, stateHash(again.state)]).toEqual([index, hash])
    await again.fill(55)
    expect(stateHash(again.state)).toBe(stateHash(from.state))
    await again.store.close()
  })

  test('lines that are written and not kept come too', async () => {
    const from = node('from')
    await from.fill(2)
    const line = [1, 2, 3, 'fareRevenue', -5, 6, 7, 'capture']
    await from.commit([{ type: 'upsert', table: 'ledger_lines', values: line }])
    const bytes = await drain(await from.capture())
    await from.store.close()
    const to = node('to')
    await to.restore(from.index, reader(bytes))
    // Their hash, which the nodes compare: as it was written, in what was sent, and at the next start.
    const recordHash = from.store.recordHash()
    expect(recordHash).toMatch(/^(?!0+$)[0-9a-f]{16}$/)
    expect(to.store.recordHash()).toBe(recordHash)
    const reopened = new Node(from.folder)
    expect(reopened.store.recordHash()).toBe(recordHash)
    await reopened.store.close()
    await to.store.close()
    const found = new Database(currentGeneration(to.folder))
    expect(found.prepare('select * from ledger_lines').raw().all()).toEqual([line])
    found.close()
  })

  test('with a line that nobody wrote are not taken', async () => {
    const from = node('from')
    await from.fill(2)
    const edit = new Database(currentGeneration(from.folder))
    edit.exec(`insert into ledger_lines values (1, 2, 3, 'fareRevenue', -5, 6, 7, 'capture')`)
    edit.close()
    const bytes = await drain(await from.capture())
    await from.store.close()
    const to = node('to')
    await expect(to.restore(from.index, reader(bytes))).rejects.toThrow(
      'the table ledger_lines has 1 rows, and 0 were written',
    )
    await to.store.close()
  })

  test('is not captured as of an index that it is not at', async () => {
    const from = node('from')
    await from.fill(2)
    from.index += 1
    await expect(from.capture()).rejects.toThrow('is at index 3, not at 4')
    await from.store.close()
  })

  test.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 7), 'ends early'],
    [
      'without its end',
      (bytes: Buffer) => bytes.subarray(0, bytes.lastIndexOf('{"end"') - 4),
      'ends early',
    ],
    ['altered in a row', altered('Zoë 2', 'Zoa 2'), 'were sent|hash'],
    ['of another index', (bytes: Buffer) => bytes, 'holds the state of'],
    ['of a table that is not known', altered('"trips"', '"trxps"'), 'trxps'],
  ])('a snapshot %s leaves everything as it was', async (what, change, words) => {
    const from = node('from')
    await from.fill(10)
    const bytes = change(await drain(await from.capture()))
    await from.store.close()
    const to = node('to')
    await to.fill(3)
    const hash = stateHash(to.state)
    const index = what === 'of another index' ? 7 : from.index
    await expect(to.restore(index, reader(bytes))).rejects.toThrow(new RegExp(words))
    await to.fill(1)
    await to.store.close()
    removeOldGenerations(to.folder)
    expect(readdirSync(to.folder).filter((name) => !/-(wal|shm)$/.test(name))).toEqual(['1.db'])
    const again = new Node(to.folder)
    expect(stateHash(again.state)).toBe(stateHash(to.state))
    expect(hash).not.toBe(stateHash(again.state))
    await again.store.close()
  })
})

describe('after a crash', () => {
  test('before the new database has its name the old one counts, afterwards the new one', () => {
    const folder = path.join(root, 'node')
    mkdtempSync(`${folder}-`)
    const made = path.join(root, readdirSync(root)[0] as string)
    for (const name of ['1.db', '1.db-wal', '900.draft', '900.draft-journal'])
      writeFileSync(path.join(made, name), name)
    removeOldGenerations(made)
    expect(readdirSync(made)).toEqual(['1.db', '1.db-wal'])
    expect(path.basename(currentGeneration(made))).toBe('1.db')

    for (const name of ['900.db', '900.db-wal', '89.db', 'notes.txt'])
      writeFileSync(path.join(made, name), name)
    expect(path.basename(currentGeneration(made))).toBe('900.db')
    removeOldGenerations(made)
    expect(readdirSync(made).sort()).toEqual(['900.db', '900.db-wal', 'notes.txt'])
  })
})

/** Of the same length, so that only the content is at fault. */
function altered(what: string, by: string): (bytes: Buffer) => Buffer {
  return (bytes) => {
    const changed = Buffer.from(bytes)
    const at = changed.indexOf(what)
    expect(at).toBeGreaterThan(0)
    const made = Buffer.from(by.padEnd(Buffer.byteLength(what)))
    made.copy(changed, at)
    return changed
  }
}
