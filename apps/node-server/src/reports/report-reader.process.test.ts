import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadDatabase } from '../storage/load-database.ts'
import { startRowWriter } from '../storage/row-writer.ts'
import { startReportReader } from './report-reader.ts'

const query = { kind: 'notices', fromMs: 0, toMs: 9_000_000, timeZone: 'UTC' } as const

test('reports are read on a thread of their own while rows are written, and write nothing', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-reports-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, '1.db')
  loadDatabase(file)
  let current = file
  const [writer, reader] = [startRowWriter(file), startReportReader(() => current)]
  expect((await reader.read(query)).index).toBe(0)
  const values = [1, 'k', 'bookingConfirmed', 1, 1, 5, 'done', '250', 7, 6_000]
  await new Promise((resolve) =>
    writer.commit(
      {
        changes: [{ type: 'upsert', table: 'notice_outcomes', values }],
        appliedIndex: 7,
        stateHash: 'h',
        durable: true,
      },
      resolve,
    ),
  )
  const [first, second] = await Promise.all([reader.read(query), reader.read(query)])
  expect(first).toMatchObject({ index: 7, rows: [['1970-01-01', 'bookingConfirmed', 'done', 1]] })
  expect(second).toEqual(first)
  await expect(reader.read({ ...query, timeZone: 'Nowhere' })).rejects.toThrow('Nowhere')
  expect((await reader.read(query)).index).toBe(7)
  // A snapshot has come: the rows are in another file from now on.
  current = path.join(folder, '2.db')
  loadDatabase(current)
  expect((await reader.read(query)).index).toBe(0)
  await Promise.all([reader.close(), writer.close()])
})
