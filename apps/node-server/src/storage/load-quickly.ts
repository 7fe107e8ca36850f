/** A large database into memory with two more threads: what `loadDatabase` does, to the same hash. */
import { loadingOrder, type PackedTable, StateLoader, stateHash } from '@quorail/booking-fsm'
import type { Sqlite } from './database.ts'
import { type LoadedState, loadDatabase, openMigrated, tableRows } from './load-database.ts'
import { PackingThread } from './packing-threads.ts'
import { readProgress } from './progress.ts'

export interface QuicklyLoaded extends LoadedState {
  /** Why it was loaded row by row after all. */
  readonly slowBecause?: string
}

/** Below it, starting threads takes longer than they save. */
const worthThreads = 50_000

/**
 * Who is not happy with what the threads have read lets `loadDatabase` say what is wrong: there is one way in which
 * a database is refused.
 */
export async function loadQuickly(file: string, least = worthThreads): Promise<QuicklyLoaded> {
  try {
    return (await loadInThreads(file, least)) ?? loadDatabase(file)
  } catch (error) {
    const slowBecause = error instanceof Error ? error.message : String(error)
    return { ...loadDatabase(file), slowBecause }
  }
}

/** Undefined when it is not worth it. */
async function loadInThreads(file: string, least: number): Promise<LoadedState | undefined> {
  const sqlite = openMigrated(file)
  const threads: PackingThread[] = []
  try {
    const progress = readProgress(sqlite)
    if (progress === undefined || lastBookingId(sqlite) < least) return undefined
    const start = (table: PackedTable): PackingThread => {
      const thread = new PackingThread(file, table)
      threads.push(thread)
      return thread
    }
    const packed = new Map<string, PackingThread>([
      ['bookings', start('bookings')],
      ['payments', start('payments')],
    ])
    const loader = new StateLoader()
    for (const name of loadingOrder) {
      const thread = packed.get(name)
      if (thread === undefined) addRows(loader, sqlite, name)
      else for await (const portion of thread.portions()) loader.addPacked(portion)
    }
    const state = loader.finish()
    const { appliedIndex } = progress
    if (stateHash(state) === progress.stateHash) return { state, appliedIndex }
    throw new Error(`the rows have the hash ${stateHash(state)}, not ${progress.stateHash}`)
  } finally {
    await Promise.all(threads.map((thread) => thread.close()))
    sqlite.close()
  }
}

function addRows(loader: StateLoader, sqlite: Sqlite, table: string): void {
  for (const rows of tableRows(sqlite, table))
    for (const values of rows) loader.add({ table, values })
}

function lastBookingId(sqlite: Sqlite): number {
  return Number(sqlite.prepare('select max(booking_id) from bookings').pluck().get() ?? 0)
}
