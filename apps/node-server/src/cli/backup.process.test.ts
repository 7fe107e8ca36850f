/** `quorail backup` of a node that is stopped, sound and damaged. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createState, stateHash } from '@quorail/booking-fsm'
import { expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate-database.ts'
import { createBatchWriter } from '../storage/write-batch.ts'

test('a damaged database is not backed up: it could not be restored', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(path.join(folder, 'state'))
  const database = path.join(folder, 'state', '1.db')
  const sqlite = openDatabase(database)
  migrateDatabase(sqlite)
  const names = { type: 'upsert', table: 'archived_names', values: [7, '["Pat"]'] } as const
  const hash = stateHash(createState())
  createBatchWriter(sqlite)({ changes: [names], appliedIndex: 1, stateHash: hash, durable: true })
  sqlite.close()
  const back = (name: string) => {
    const to = path.join(folder, name)
    const words = ['backup', '--data', folder, '--to', to]
    const main = path.join(import.meta.dirname, '..', 'main.ts')
    const { status, stderr } = spawnSync(process.execPath, [main, ...words], { encoding: 'utf8' })
    return { status, stderr, made: existsSync(to) }
  }
  expect(back('sound.qr')).toMatchObject({ status: 0, made: true })
  const edit = openDatabase(database)
  edit.exec(`update archived_names set names = '["Sam"]'`)
  edit.close()
  const refused = back('damaged.qr')
  expect(refused).toMatchObject({ status: 3, made: false })
  expect(refused.stderr).toContain('the rows of the table archived_names have the hash')
})
