import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stateHash } from '@quorail/booking-fsm'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { drain, reader, StateNode } from '../testing/state-node.ts'
import { currentGeneration, removeOldGenerations } from './generations.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'quorail-state-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function node(name: string): StateNode {
  const folder = path.join(root, name)
  if (!existsSync(folder)) mkdtempSync(`${folder}-`)
  const made = readdirSync(root).find((it) => it.startsWith(`${name}-`)) as string
  return new StateNode(path.join(root, made))
}

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
    const again = new StateNode(to.folder)
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
    const reopened = new StateNode(from.folder)
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
    const again = new StateNode(to.folder)
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
