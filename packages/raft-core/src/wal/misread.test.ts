/**
 * A disk that gives other bytes at one read of an opening, and is well again afterwards. A last record
 * that nothing has confirmed yet and that reads wrong can not be told from a torn one; but what an
 * opening has told is what is there afterwards.
 */
import { expect, it } from 'vitest'
import { appendOf, diskWith, openWal, walOn } from '../../test/logs.ts'
import type { Disk, DiskFile } from '../ports.ts'
import { LogSession } from '../testing/log-history.ts'

/** Turns a bit of what the `nth` read gives. */
function misreading(disk: Disk, nth: number, seen: { reads: number }): Disk {
  const file = (inner: DiskFile): DiskFile => ({
    size: (done) => inner.size(done),
    read: (offset, length, done) =>
      inner.read(offset, length, (error, bytes) => {
        const isTurned = seen.reads++ === nth && error === undefined && bytes.length > 0
        const given = isTurned ? bytes.slice() : bytes
        if (isTurned) given[given.length - 1] = (given.at(-1) as number) ^ 1
        done(error, given)
      }),
    write: (offset, bytes, done) => inner.write(offset, bytes, done),
    truncate: (size, done) => inner.truncate(size, done),
    sync: (done) => inner.sync(done),
    close: (done) => inner.close(done),
  })
  return {
    list: (done) => disk.list(done),
    open: (name, mode, done) =>
      disk.open(name, mode, (error, inner) =>
        done(error, error === undefined ? file(inner) : inner),
      ),
    rename: (from, to, done) => disk.rename(from, to, done),
    remove: (name, done) => disk.remove(name, done),
    syncDirectory: (done) => disk.syncDirectory(done),
    lock: (done) => disk.lock(done),
    unlock: (done) => disk.unlock(done),
  }
}

const HISTORY = [appendOf(1, 3), appendOf(4, 4), appendOf(5, 9)]

it.each([undefined, 300])(
  'one wrong read does not make an opening write what it has not told (segments of %s)',
  async (segmentBytes) => {
    let reads = 1
    for (let nth = 0; nth < reads; nth++) {
      const disk = await diskWith(HISTORY, segmentBytes)
      disk.crashProcess()
      const seen = { reads: 0 }
      const store = walOn(misreading(disk.mount(), nth, seen), segmentBytes)
      const session = await LogSession.open(store).catch(() => undefined)
      reads = Math.max(reads, seen.reads)
      await session?.close().catch(() => {})
      disk.crashProcess()
      const healthy = await openWal(disk, segmentBytes)
      const told = session?.restored.lastIndex ?? 9
      expect(healthy.restored.lastIndex, `read ${nth}`).toBe(told)
      await healthy.close()
    }
    expect(reads).toBeGreaterThan(2)
  },
)
