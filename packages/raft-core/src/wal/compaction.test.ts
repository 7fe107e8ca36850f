/** What a new base lets go, when, and in which order. */
import { describe, expect, it } from 'vitest'
import { appendOf, entry, hardState, openWal, walOn } from '../../test/logs.ts'
import type { DiskOperation } from '../testing/disk-faults.ts'
import { type LogSession, logWrite, markOf } from '../testing/log-history.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import type { LogWrite } from '../types.ts'
import { segmentName } from './segment-header.ts'
import { SUPERBLOCK_NAME } from './superblock.ts'

const segmentsOf = (disk: MemoryDisk): readonly string[] =>
  disk.names().filter((name) => name.endsWith('.wal'))

const compaction = (index: number): LogWrite =>
  logWrite({ base: { mark: markOf(index, 1), reset: false } })

const installed = (index: number): LogWrite =>
  logWrite({
    base: { mark: markOf(index, 2), reset: true },
    hardState: hardState(2, undefined, index),
  })

/** A log of ten segments with one entry each. */
async function longLog(disk: MemoryDisk): Promise<LogSession> {
  const log = await openWal(disk, 400)
  for (let index = 1; index <= 10; index++) await log.write(appendOf(index, index, 1, 300))
  expect(segmentsOf(disk)).toHaveLength(10)
  return log
}

describe('a compaction', () => {
  it('removes the segments that hold nothing of the log any more, and no other', async () => {
    const disk = new MemoryDisk()
    const log = await longLog(disk)
    await log.write(compaction(4))
    // The record of the compaction went into the eleventh.
    expect(segmentsOf(disk)[0]).toBe(segmentName(5))
    expect(segmentsOf(disk)).toHaveLength(7)
    await log.close()
    const again = await openWal(disk, 400)
    expect(again.restored).toMatchObject({ firstIndex: 5, lastIndex: 10, base: { index: 4 } })
    expect((await again.read(5, 10, 1e6)).map(({ index }) => index)).toEqual([5, 6, 7, 8, 9, 10])
    await expect(again.read(4, 10, 1e6)).rejects.toThrow(/the log holds 5 to 10/)
  })

  it('of everything leaves one segment, and the log goes on behind it', async () => {
    const disk = new MemoryDisk()
    const log = await longLog(disk)
    await log.write(compaction(10))
    expect(segmentsOf(disk)).toEqual([segmentName(11)])
    await log.write(appendOf(11, 11))
    await log.close()
    const again = await openWal(disk, 400)
    expect(again.restored).toMatchObject({ firstIndex: 11, lastIndex: 11 })
  })

  it('is in a checkpoint by the time that its record is gone', async () => {
    const disk = new MemoryDisk()
    const log = await longLog(disk)
    const peer = { id: 'n2', incarnation: '77'.repeat(16) }
    await log.write(logWrite({ ...compaction(3), peers: [peer] }))
    for (let index = 11; index <= 20; index++) await log.write(appendOf(index, index, 1, 300))
    await log.write(compaction(18))
    const again = await openWal(disk, 400)
    expect(again.restored).toMatchObject({
      base: { index: 18 },
      termRuns: [{ term: 1, firstIndex: 19 }],
      peers: [peer],
    })
  })

  it('is durable, and both slots of the superblock do without the segments, before one goes', async () => {
    const disk = new MemoryDisk()
    const log = await longLog(disk)
    const operations: DiskOperation[] = []
    disk.setFaults((operation) => {
      operations.push(operation)
      return undefined
    })
    await log.write(compaction(2))
    const done = operations.filter(({ type }) => /write|sync|remove/.test(type))
    const record = segmentName(11)
    expect(done.map(({ type, file }) => `${type} ${file}`.trim())).toEqual([
      ...[`write ${record}`, `sync ${record}`, 'syncDirectory'],
      ...[`write ${SUPERBLOCK_NAME}`, `sync ${SUPERBLOCK_NAME}`],
      ...[`write ${record}`, `sync ${record}`],
      ...[`write ${SUPERBLOCK_NAME}`, `sync ${SUPERBLOCK_NAME}`],
      ...[`write ${SUPERBLOCK_NAME}`, `sync ${SUPERBLOCK_NAME}`],
      ...[`remove ${segmentName(1)}`, `remove ${segmentName(2)}`, 'syncDirectory'],
    ])
  })

  it('waits with the removal for those who read what goes', async () => {
    const waiting: (() => void)[] = []
    let isSlow = false
    const disk = new MemoryDisk((operation, run) => {
      if (isSlow && operation.type === 'read') waiting.push(run)
      else run()
    })
    const log = await longLog(disk)
    isSlow = true
    const reading = log.read(1, 3, 1e6)
    await log.write(compaction(5))
    expect(segmentsOf(disk)).toContain(segmentName(1))
    while (waiting.length > 0) waiting.shift()?.()
    expect((await reading).map(({ index }) => index)).toEqual([1, 2, 3])
    expect(segmentsOf(disk)[0]).toBe(segmentName(6))
  })

  it('that a crash interrupts is finished at the next opening', async () => {
    let leftBehind = 0
    for (let operations = 1; ; operations++) {
      const disk = new MemoryDisk()
      const log = await longLog(disk)
      disk.dieAfter(operations)
      void log.write(compaction(6))
      const finished = !disk.dead
      disk.crashProcess()
      const before = segmentsOf(disk)
      const { restored } = await openWal(disk, 400)
      if (restored.base.index === 6) {
        expect(segmentsOf(disk)[0], `killed at ${operations}`).toBe(segmentName(7))
        if (before.length > segmentsOf(disk).length) leftBehind++
      } else expect(restored).toMatchObject({ base: { index: 0 }, lastIndex: 10 })
      if (finished) break
    }
    expect(leftBehind).toBeGreaterThan(3)
  })

  it('leaves a log that one slot of the superblock is enough for', async () => {
    for (const damagedAt of [20, 4096 + 20]) {
      const disk = new MemoryDisk()
      await (await longLog(disk)).write(compaction(6))
      disk.damage(SUPERBLOCK_NAME, damagedAt, 1)
      expect((await openWal(disk, 400)).restored).toMatchObject({ firstIndex: 7, lastIndex: 10 })
    }
  })

  it('leaves a log that misses its first segment when that is gone', async () => {
    const disk = new MemoryDisk()
    await (await longLog(disk)).write(compaction(6))
    disk.delete(segmentName(7))
    await expect(openWal(disk, 400)).rejects.toThrow(/corrupt in 0000000007.wal .* is missing/)
  })
})

describe('a snapshot that takes the place of the log', () => {
  it('begins a segment of its own, and all others go', async () => {
    const disk = new MemoryDisk()
    const log = await longLog(disk)
    await log.write(installed(50))
    expect(segmentsOf(disk)).toEqual([segmentName(11)])
    await log.write(logWrite({ entries: [entry(51, 2)] }))
    const again = await openWal(disk, 1 << 20)
    expect(again.restored).toMatchObject({ firstIndex: 51, lastIndex: 51, base: { index: 50 } })
    // Also in a segment that has space.
    await again.write(installed(90))
    expect(segmentsOf(disk)).toEqual([segmentName(12)])
  })

  it('is there whole or not at all when the process is killed', async () => {
    for (let operations = 1; ; operations++) {
      const disk = new MemoryDisk()
      const log = await longLog(disk)
      disk.dieAfter(operations)
      void log.write(logWrite({ ...installed(50), entries: appendOf(51, 52, 2).entries }))
      const finished = !disk.dead
      disk.crashProcess()
      const { restored } = await openWal(disk, 400)
      const found = [restored.base.index, restored.lastIndex, restored.hardState.term]
      expect([
        [0, 10, 1],
        [50, 52, 2],
      ]).toContainEqual(found)
      if (finished) break
    }
  })
})

it('a failed removal ends the log like any other failure; nothing is lost', async () => {
  const disk = new MemoryDisk()
  const log = await longLog(disk)
  disk.setFaults((op) => (op.type === 'remove' ? { code: 'EIO' } : undefined))
  await log.write(compaction(6))
  await expect(log.write(appendOf(11, 11))).rejects.toThrow(/takes no write until/)
  disk.setFaults(() => undefined)
  const again = await openWal(disk, 400)
  expect(again.restored).toMatchObject({ firstIndex: 7, lastIndex: 10 })
  expect(segmentsOf(disk)[0]).toBe(segmentName(7))
})

it('statistics tell what is on disk', async () => {
  const disk = new MemoryDisk()
  const store = walOn(disk.mount(), 400, 1000)
  store.open(() => {})
  for (let index = 1; index <= 10; index++) store.write(appendOf(index, index, 1, 300), () => {})
  const onDisk = (): number =>
    segmentsOf(disk).reduce((sum, name) => sum + (disk.content(name)?.length ?? 0), 0)
  expect(store.stats()).toMatchObject({ segments: 10, sizeBytes: onDisk(), formatVersion: 2 })
  store.write(compaction(8), () => {})
  expect(store.stats()).toMatchObject({ firstIndex: 9, segments: 3, sizeBytes: onDisk() })
})
