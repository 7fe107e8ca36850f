import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loadDatabase } from './load-database.ts'
import { syncFolder } from './sync-folder.ts'

vi.mock('./sync-folder.ts', () => ({ syncFolder: vi.fn() }))

test('the name of a new database is made durable after the file is there', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-new-database-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, '1.db')
  const synced: [string, boolean][] = []
  vi.mocked(syncFolder).mockImplementation((it) => void synced.push([it, existsSync(file)]))
  loadDatabase(file)
  expect(synced).toEqual([[folder, true]])
})
