import Database from 'better-sqlite3'
import { checkSqlite } from './sqlite-version.ts'

export type Sqlite = Database.Database

/** Opens a node's database as every connection of the node does. Throws `StartRefusedError` when SQLite is too old for it. */
export function openDatabase(file: string): Sqlite {
  const sqlite = new Database(file)
  try {
    checkSqlite(sqlite)
  } catch (error) {
    sqlite.close()
    throw error
  }
  // A power cut may cost the last transactions, never the file: the log has them.
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('busy_timeout = 5000')
  // Pages that change again and again are copied into the file once in 32 MiB, not once in 4.
  sqlite.pragma('wal_autocheckpoint = 8000')
  return sqlite
}
