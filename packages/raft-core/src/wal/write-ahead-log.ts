import type { LogStore } from '../ports.ts'
import type { WriteAheadLogOptions } from './options.ts'

/** A `LogStore` on a disk. Made by `openWriteAheadLog`. */
export type WriteAheadLog = LogStore

/**
 * A log in the folder of `options.disk`. Nothing is touched before `open` is called on it, which is
 * the runtime's to do: it locks the folder, repairs or refuses what it finds, and tells what is there.
 */
export function openWriteAheadLog(_options: WriteAheadLogOptions): WriteAheadLog {
  throw new Error('the write-ahead log is being built')
}
