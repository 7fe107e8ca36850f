/** Shared by the tests of the write-ahead log. */
import type { Disk, LogStore } from '../src/ports.ts'
import { LogSession, logWrite } from '../src/testing/log-history.ts'
import { FOUNDING } from '../src/testing/log-store-suite.ts'
import { MemoryDisk, type PowerLoss } from '../src/testing/memory-disk.ts'
import type { Entry, HardState, LogWrite } from '../src/types.ts'
import { openWriteAheadLog } from '../src/wal/write-ahead-log.ts'

export const ALL_LOST: PowerLoss = { files: 'lost', names: 'reverted' }

/** Without space kept ready, unless it is asked for: so that files end where the log does. */
export function walOn(disk: Disk, segmentBytes?: number, reserveBytes = 0): LogStore {
  return openWriteAheadLog({ disk, founding: FOUNDING, segmentBytes, reserveBytes })
}

export function openWal(disk: MemoryDisk, segmentBytes?: number): Promise<LogSession> {
  return LogSession.open(walOn(disk.mount(), segmentBytes))
}

/** A disk with a log that holds these writes, closed properly or left as by a crash. */
export async function diskWith(
  history: readonly LogWrite[],
  segmentBytes?: number,
  end: 'closed' | 'crashed' = 'crashed',
): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  const log = await openWal(disk, segmentBytes)
  await log.writeAll(history)
  if (end === 'closed') await log.close()
  return disk
}

export function entry(index: number, term: number, bytes = 10): Entry {
  return { index, term, kind: 'command', data: new Uint8Array(bytes).fill(index) }
}

/** A write of entries `from` to `to` of one term, with the hard state that goes with them. */
export function appendOf(from: number, to: number, term = 1, bytes = 10): LogWrite {
  const entries = Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, term, bytes))
  return logWrite({ id: from, entries, hardState: hardState(term) })
}

export function hardState(term: number, votedFor?: string, commitIndex = 0): HardState {
  return { term, votedFor, commitIndex }
}

/** What `wal-writer.ts` writes at an index: between nothing and some 5 kB. */
export function writerEntry(index: number): Entry {
  const bytes = (index * 7919) % 5000
  return { index, term: 1, kind: 'command', data: new Uint8Array(bytes).fill(index) }
}
