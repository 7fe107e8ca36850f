import { mkdtempDisposableSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase, type Sqlite } from './database.ts'
import { checkSqlite } from './sqlite-version.ts'
import { StartRefusedError } from './start-refused.ts'

const withVersion = (version: unknown) =>
  ({ prepare: () => ({ pluck: () => ({ get: () => version }) }) }) as unknown as Sqlite

test.each(['3.51.3', '3.51.10', '3.52.0', '3.54.1', '4.0.0'])('SQLite %s will do', (version) => {
  expect(() => checkSqlite(withVersion(version))).not.toThrow()
})

test.each(['3.7.0', '3.51.2', '3.9.9', '2.99.99', '', undefined])(
  'with SQLite %s nothing is opened, and it is said what to do',
  (version) => {
    expect(() => checkSqlite(withVersion(version))).toThrow(StartRefusedError)
    expect(() => checkSqlite(withVersion(version))).toThrow(
      /3\.51\.3 or newer is needed\. What to do: install/,
    )
  },
)

test('the one that is installed will do, and every connection asks', () => {
  using folder = mkdtempDisposableSync(path.join(tmpdir(), 'quorail-sqlite-'))
  openDatabase(path.join(folder.path, 'x.db')).close()
})
