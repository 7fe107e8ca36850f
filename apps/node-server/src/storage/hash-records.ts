import type { Value } from '@quorail/booking-fsm'
import type { Sqlite } from './database.ts'
import { RecordHashes, recordTables } from './record-hashes.ts'

/** The hashes of the records that are in the tables now, all of them read. `seen` is called for each row. */
export function hashRecords(sqlite: Sqlite, seen: () => void = () => {}): RecordHashes {
  const found = new RecordHashes()
  for (const { name, columns } of recordTables) {
    const list = columns.map((column) => `"${column.name}"`).join(', ')
    for (const values of sqlite.prepare(`select ${list} from "${name}"`).raw().iterate()) {
      seen()
      found.add(name, values as Value[])
    }
  }
  return found
}
