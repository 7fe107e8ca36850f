import { describe, expect, it } from 'vitest'
import { MemoryDisk } from '../testing/memory-disk.ts'
import {
  aborted,
  closed,
  SnapshotSession,
  testSnapshot,
  writeFrom,
} from '../testing/snapshot-store-session.ts'
import { snapshotDiskSubject, snapshotStoreSuite } from '../testing/snapshot-store-suite.ts'
import { openSnapshotStore } from './snapshot-store.ts'

describe.each([
  ['in one block', 64 * 1024],
  ['in small blocks', 500],
])('the snapshot store, %s', (_name, blockBytes) => {
  const subject = snapshotDiskSubject((disk) => openSnapshotStore({ disk, blockBytes }))
  for (const { name, run } of snapshotStoreSuite(subject)) it(name, run)
})

const OLD = testSnapshot(1, 10, 2500)
const NEW = testSnapshot(2, 20, 4321)
const openOn = (disk: MemoryDisk): Promise<SnapshotSession> =>
  SnapshotSession.open(openSnapshotStore({ disk: disk.mount(), blockBytes: 500 }))

describe('rot', () => {
  it('no flipped byte of a stored snapshot is handed out', async () => {
    const disk = new MemoryDisk()
    await (await openOn(disk)).capture(OLD)
    const [name] = disk.names() as [string]
    const size = disk.content(name)?.length as number
    for (let offset = 0; offset < size; offset++) {
      const rotten = disk.copy()
      rotten.damage(name, offset, 1 << (offset % 8))
      const session = await openOn(rotten)
      const reading = session.checkContent(OLD, 'rotten')
      await expect(reading, `byte ${offset}`).rejects.toThrow(`snapshot ${name} is damaged at byte`)
      expect(rotten.names()).toEqual([name])
    }
  })

  it('one whose header is damaged is not listed, is kept, and is replaced by a fetched one', async () => {
    const disk = new MemoryDisk()
    await (await openOn(disk)).capture(OLD)
    const [name] = disk.names() as [string]
    disk.damage(name, 20, 1)
    const session = await openOn(disk)
    expect(session.listed).toEqual([])
    expect(disk.names()).toEqual([name])
    await session.fetch(OLD)
    await session.checkContent(OLD, 'fetched')
    expect(disk.names()).toEqual([name])
  })

  it('a fetch goes on from before the first block that is not what was written', async () => {
    const disk = new MemoryDisk()
    const writer = await (await openOn(disk)).resume(NEW)
    await writeFrom(writer, NEW.bytes.subarray(0, 3200))
    await aborted(writer)
    const [name] = disk.names() as [string]
    disk.damage(name, (disk.content(name)?.length as number) - 700, 1)
    const session = await openOn(disk)
    const again = await session.resume(NEW)
    expect(again.sizeBytes).toBe(2000)
    await aborted(again)
    await session.fetch(NEW)
    await session.checkContent(NEW, 'fetched')
  })
})

describe('leftovers', () => {
  it('of several fetches that were begun the newest is kept, unless it was overtaken', async () => {
    const disk = new MemoryDisk()
    const session = await openOn(disk)
    const newer = `${NEW.info.id}.fetching`
    let content: Uint8Array | undefined
    for (const snapshot of [NEW, OLD]) {
      const writer = await session.resume(snapshot)
      await writeFrom(writer, snapshot.bytes.subarray(0, 2000))
      await aborted(writer)
      content ??= disk.content(newer)?.slice()
    }
    // As a crash may leave it: the one that was given up is gone only once the folder is synced.
    disk.put(newer, content as Uint8Array)
    await aborted(await session.create(testSnapshot(4, 15, 10)))
    expect(disk.names()).toHaveLength(2)
    const again = await openOn(disk)
    expect(disk.names()).toEqual([newer])
    await again.capture(testSnapshot(5, 20, 10))
    await openOn(disk)
    expect(disk.names()).toHaveLength(1)
    expect(disk.names()[0]).toMatch(/\.snapshot$/)
  })

  it('a fetch that begins takes the place of one that was given up, not of one that goes on', async () => {
    const disk = new MemoryDisk()
    const session = await openOn(disk)
    const going = await session.resume(testSnapshot(3, 30, 2500))
    for (let index = 40; index < 50; index++) {
      const snapshot = testSnapshot(index, index, 2500)
      const writer = await session.resume(snapshot)
      await writeFrom(writer, snapshot.bytes.subarray(0, 2000))
      await aborted(writer)
      expect(disk.names()).toHaveLength(2)
      const again = await session.resume(snapshot)
      expect(again.sizeBytes).toBe(2000)
      await aborted(again)
    }
    await aborted(going)
  })

  it('the folder of a log may be shared: other files are left alone', async () => {
    const disk = new MemoryDisk()
    disk.put('0000000001.wal', new Uint8Array(9))
    disk.put('superblock', new Uint8Array(9))
    const session = await openOn(disk)
    await session.capture(OLD)
    await session.remove(OLD)
    expect(disk.names()).toEqual(['0000000001.wal', 'superblock'])
  })

  it('a disk that is full leaves nothing half made, and the snapshot can be made later', async () => {
    for (const how of ['create', 'resume'] as const) {
      const disk = new MemoryDisk()
      const session = await openOn(disk)
      await session.capture(OLD)
      const writer = await session[how](NEW)
      disk.setFaults((op) => (op.type === 'write' ? { code: 'ENOSPC', done: 0.5 } : undefined))
      await expect(writeFrom(writer, NEW.bytes)).rejects.toThrow(/ENOSPC/)
      await aborted(writer)
      expect(disk.names()).toHaveLength(1)
      disk.setFaults(() => undefined)
      await session[how === 'create' ? 'capture' : 'fetch'](NEW)
      const reading = await session.read(NEW)
      await closed(reading)
      await session.checkContent(NEW, 'with space')
    }
  })
})
