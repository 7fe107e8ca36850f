/** A disk that is full is answered and survived; space kept ready is neither damage nor needed. */
import { describe, expect, it } from 'vitest'
import { appendOf, diskWith, walOn } from '../../test/logs.ts'
import { LogSession, logWrite, markOf } from '../testing/log-history.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { DiskFullError } from './errors.ts'
import { type Inspection, inspect } from './inspect.ts'
import { segmentName } from './segment-header.ts'

const RESERVE = 3000
const openWithReserve = (disk: MemoryDisk, segmentBytes?: number): Promise<LogSession> =>
  LogSession.open(walOn(disk.mount(), segmentBytes, RESERVE))

function inspected(disk: MemoryDisk): Promise<Inspection | undefined> {
  return new Promise((resolve, reject) => {
    inspect(
      disk.mount(),
      () => {},
      (error, inspection) => (error === undefined ? resolve(inspection) : reject(error)),
    )
  })
}

/** From an operation on, whatever takes new space fails, some of it half done. */
function fillUp(disk: MemoryDisk, from: number): void {
  const first = disk.operations + from
  disk.setFaults((op) => {
    if (op.nth < first || (op.type !== 'write' && op.type !== 'create')) return undefined
    return { code: 'ENOSPC', done: (op.nth % 3) / 2 }
  })
}

describe('a full disk', () => {
  it('refuses by its own name at whatever operation, and nothing acknowledged is lost', async () => {
    for (let from = 0; ; from++) {
      const disk = new MemoryDisk()
      const log = await openWithReserve(disk, 700)
      await log.write(appendOf(1, 2, 1, 200))
      fillUp(disk, from)
      let acknowledged = 2
      let failure: unknown
      for (let index = 3; index <= 8 && failure === undefined; index++) {
        await log.write(appendOf(index, index, 1, 200)).then(
          () => acknowledged++,
          (error: unknown) => {
            failure = error
          },
        )
      }
      if (failure === undefined) break
      expect(failure, `full from ${from} on`).toBeInstanceOf(DiskFullError)
      // What was acknowledged can still be read, and nothing more is taken.
      expect(await log.read(1, acknowledged, 1e6)).toHaveLength(acknowledged)
      await expect(log.write(appendOf(acknowledged + 1, 9))).rejects.toThrow(DiskFullError)
      await log.close()
      await openWithReserve(disk, 700).then(
        (full) => full.close(),
        (error: unknown) => expect(error).toBeInstanceOf(DiskFullError),
      )
      disk.setFaults(() => undefined)
      const again = await openWithReserve(disk, 700)
      const { lastIndex } = again.restored
      expect(lastIndex, `full from ${from} on`).toBeGreaterThanOrEqual(acknowledged)
      expect(lastIndex).toBeLessThanOrEqual(acknowledged + 1)
      await again.write(appendOf(lastIndex + 1, 9))
      expect(await again.read(1, 9, 1e6)).toHaveLength(9)
    }
  })

  it('does not keep a new node from being founded later', async () => {
    const disk = new MemoryDisk()
    fillUp(disk, 0)
    await expect(openWithReserve(disk)).rejects.toThrow(DiskFullError)
    disk.setFaults(() => undefined)
    expect((await openWithReserve(disk)).restored.lastIndex).toBe(0)
  })

  it('is made room on by a compaction, in a segment that is there', async () => {
    const disk = new MemoryDisk()
    const log = await openWithReserve(disk, 700)
    for (let index = 1; index <= 6; index++) await log.write(appendOf(index, index, 1, 300))
    await log.close()
    disk.setFaults((op) => (op.type === 'create' ? { code: 'ENOSPC' } : undefined))
    const again = await openWithReserve(disk, 1 << 20)
    await again.write(logWrite({ base: { mark: markOf(6, 1), reset: false } }))
    expect(disk.names().filter((name) => name.endsWith('.wal'))).toHaveLength(1)
  })
})

describe('space kept ready', () => {
  it('is written once for many records, behind the first of them', async () => {
    const disk = new MemoryDisk()
    const log = await openWithReserve(disk)
    await log.write(appendOf(1, 1))
    const size = disk.content(segmentName(1))?.length as number
    for (let index = 2; index <= 9; index++) await log.write(appendOf(index, index, 1, 100))
    expect(disk.content(segmentName(1))).toHaveLength(size)
    await log.write(appendOf(10, 10, 1, 3000))
    expect(disk.content(segmentName(1))?.length).toBeGreaterThan(size)
  })

  it('is no damage, and is given back when the log is closed or goes on elsewhere', async () => {
    const disk = new MemoryDisk()
    const log = await openWithReserve(disk, 4000)
    for (let index = 1; index <= 3; index++) await log.write(appendOf(index, index, 1, 1000))
    const crashed = disk.copy()
    expect(await inspected(crashed)).toMatchObject({ damage: undefined, records: 4 })
    expect((await openWithReserve(crashed, 4000)).restored.lastIndex).toBe(3)
    for (let index = 4; index <= 6; index++) await log.write(appendOf(index, index, 1, 1000))
    await log.close()
    for (const { sizeBytes, usedBytes } of (await inspected(disk))?.segments ?? []) {
      expect(sizeBytes).toBe(usedBytes)
    }
  })

  it('is done without where there is no space for it', async () => {
    const disk = await diskWith([appendOf(1, 1)])
    const log = await openWithReserve(disk)
    const record = disk.content(segmentName(1))?.length as number
    disk.setFaults((op) => {
      const isReserve = op.type === 'write' && op.file === segmentName(1) && tookRecord(op.nth)
      return isReserve ? { code: 'ENOSPC', done: 0.3 } : undefined
    })
    const before = disk.operations
    const tookRecord = (nth: number): boolean => nth === before + 1
    await log.write(appendOf(2, 2))
    await log.write(appendOf(3, 3))
    expect(disk.content(segmentName(1))?.length).toBeGreaterThan(record)
    disk.setFaults(() => undefined)
    expect((await openWithReserve(disk)).restored.lastIndex).toBe(3)
  })
})
