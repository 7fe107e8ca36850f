import type { Sqlite } from './database.ts'
import { StartRefusedError } from './start-refused.ts'

/**
 * Before it (since 3.7.0) a checkpoint of one connection that meets a commit of another can damage a database in WAL mode,
 * silently: https://www.sqlite.org/wal.html#walresetbug. A node has such connections.
 */
const leastVersion = [3, 51, 3] as const

/** Throws `StartRefusedError` for a library that could damage the database. */
export function checkSqlite(sqlite: Pick<Sqlite, 'prepare'>): void {
  const version = sqlite.prepare('select sqlite_version()').pluck().get()
  if (typeof version === 'string' && isEnough(version)) return
  throw new StartRefusedError(
    `SQLite ${version} can damage a database that is written and checkpointed at once; ${leastVersion.join('.')} or newer is needed. ` +
      'What to do: install the dependencies as pnpm-lock.yaml names them (better-sqlite3 brings its own SQLite), then start this node again. Nothing was changed.',
  )
}

function isEnough(version: string): boolean {
  if (!/^\d+\.\d+\.\d+/.test(version)) return false
  const parts = version.split('.').map(Number)
  for (const [at, least] of leastVersion.entries()) {
    const part = parts[at] as number
    if (part !== least) return part > least
  }
  return true
}
