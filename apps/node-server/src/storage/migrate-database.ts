import { fileURLToPath } from 'node:url'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Sqlite } from './database.ts'

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url))

/** Brings the tables to this version's schema; called once, before anybody else opens the file. */
export function migrateDatabase(sqlite: Sqlite): void {
  migrate(drizzle({ client: sqlite }), { migrationsFolder })
}
