import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'

export type Sqlite = Database.Database

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** Opens a node's database as every connection of the node does. */
export function openDatabase(file: string): Sqlite {
  const sqlite = new Database(file)
  // A power cut may cost the last transactions, never the file: the log has them.
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('busy_timeout = 5000')
  return sqlite
}

/** Brings the tables to this version's schema; called once, before anybody else opens the file. */
export function migrateDatabase(sqlite: Sqlite): void {
  migrate(drizzle({ client: sqlite }), { migrationsFolder })
}
