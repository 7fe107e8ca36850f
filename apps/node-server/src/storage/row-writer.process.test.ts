import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { RowBatch } from '../host/row-store.ts'
import { openDatabase } from './database.ts'
import { loadDatabase } from './load-database.ts'
import { readProgress } from './progress.ts'
import { type RowWriter, startRowWriter } from './row-writer.ts'

function newDatabase(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-writer-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, '1.db')
  loadDatabase(file)
  return file
}

const commit = (writer: RowWriter, batch: RowBatch): Promise<Error | undefined> =>
  new Promise((resolve) => writer.commit(batch, resolve))

const batch = (appliedIndex: number, durable = false): RowBatch => ({
  changes: [
    {
      type: 'upsert',
      table: 'sessions',
      values: [`token-${appliedIndex}`, 1, appliedIndex, appliedIndex],
    },
  ],
  appliedIndex,
  stateHash: `hash-${appliedIndex}`,
  durable,
})

test('batches are written on the thread, in order, with their index', async () => {
  const file = newDatabase()
  const writer = startRowWriter(file)
  const answers = await Promise.all(
    [1, 2, 3, 4].map((index) => commit(writer, batch(index, index === 4))),
  )
  expect(answers).toEqual([undefined, undefined, undefined, undefined])
  await writer.close()
  const sqlite = openDatabase(file)
  expect(readProgress(sqlite)).toEqual({ appliedIndex: 4, stateHash: 'hash-4' })
  expect(sqlite.prepare('select count(*) as n from sessions').get()).toEqual({ n: 4 })
  sqlite.close()
})

test('the first error is final', async () => {
  const file = newDatabase()
  const writer = startRowWriter(file)
  const bad: RowBatch = {
    ...batch(1),
    changes: [{ type: 'upsert', table: 'sessions', values: [null, 1, 1, 1] }],
  }
  const [first, second] = await Promise.all([commit(writer, bad), commit(writer, batch(2))])
  expect(first?.message).toMatch(/SQLite could not be written: .*NOT NULL/)
  expect(second).toBeInstanceOf(Error)
  await writer.close()
  const sqlite = openDatabase(file)
  expect(readProgress(sqlite)).toBeUndefined()
  sqlite.close()
})
