/** A damaged log is given up by hand only, leaves all its files, and its node comes back as another. */
import { describe, expect, it } from 'vitest'
import { appendOf, diskWith, openWal, walOn } from '../../test/logs.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { NAME_LOSSES } from '../testing/memory-names.ts'
import { randomStream } from '../testing/random.ts'
import { type DiscardedLog, discardDamagedLog } from './discard.ts'
import {
  CorruptLogError,
  DiscardUnfinishedError,
  LogNotDamagedError,
  NoLogError,
} from './errors.ts'
import { segmentName } from './segment-header.ts'

const NEW_LIFE = 'ab'.repeat(16)

function discard(disk: MemoryDisk, incarnation = NEW_LIFE): Promise<DiscardedLog> {
  return new Promise((resolve, reject) => {
    discardDamagedLog(disk.mount(), incarnation, (error, discarded) =>
      error === undefined ? resolve(discarded) : reject(error),
    )
  })
}

/** Three segments, the second one damaged, and a snapshot beside them. */
async function damagedDisk(): Promise<MemoryDisk> {
  const writes = [1, 2, 3].map((index) => appendOf(index, index, 1, 300))
  const disk = await diskWith(writes, 400)
  disk.put('0000000000000002-00.snapshot', new Uint8Array(5))
  disk.damage(segmentName(2), 100, 1)
  return disk
}

function contents(disk: MemoryDisk): ReadonlyMap<string, string> {
  const names = disk.names().filter((name) => /superblock|wal$/.test(name))
  return new Map(names.map((name) => [name, (disk.content(name) as Uint8Array).join()]))
}

it('leaves the damaged files under other names, and an empty log that waits to be added', async () => {
  const disk = await damagedDisk()
  const before = contents(disk)
  await expect(openWal(disk)).rejects.toThrow(CorruptLogError)
  const { damage, evidence, incarnation } = await discard(disk)
  expect([damage?.file, incarnation]).toEqual([segmentName(2), NEW_LIFE])
  expect(evidence).toEqual([...before.keys()].map((name) => `damaged-1-${name}`).sort())
  for (const [name, content] of before) {
    expect(disk.content(`damaged-1-${name}`)?.join()).toBe(content)
  }
  expect(disk.names()).toContain('0000000000000002-00.snapshot')
  const { restored } = await openWal(disk)
  expect(restored).toMatchObject({
    incarnation: NEW_LIFE,
    genesis: undefined,
    lastIndex: 0,
    hardState: { term: 0 },
    base: { membership: { voters: [] } },
  })
})

it('a second damaged life is kept beside the first one', async () => {
  const disk = await damagedDisk()
  await discard(disk)
  const log = await openWal(disk)
  await log.write(appendOf(1, 2))
  await log.close()
  disk.damage(segmentName(1), 100, 1)
  const { evidence } = await discard(disk, 'cd'.repeat(16))
  expect(evidence).toContain('damaged-1-superblock')
  expect(evidence).toContain('damaged-2-superblock')
  expect((await openWal(disk)).restored.incarnation).toBe('cd'.repeat(16))
})

it('refuses what is not damaged, what is no log, a log in use, and an old name for a new life', async () => {
  const healthy = await diskWith([appendOf(1, 2)])
  const before = contents(healthy)
  await expect(discard(healthy)).rejects.toThrow(LogNotDamagedError)
  await expect(discard(new MemoryDisk())).rejects.toThrow(NoLogError)
  expect(contents(healthy)).toEqual(before)
  const disk = await damagedDisk()
  await expect(discard(disk, FOUNDING.incarnation)).rejects.toThrow(/needs a new incarnation/)
  expect(disk.names().filter((name) => name.startsWith('damaged'))).toEqual([])
})

describe.each(NAME_LOSSES)('a power cut at every operation, names %s', (names) => {
  it('leaves the damaged log, or nothing that opens until it is finished; never a founder', async () => {
    const before = contents(await damagedDisk())
    for (let operations = 1; ; operations++) {
      const disk = await damagedDisk()
      const mounted = disk.mount()
      disk.dieAfter(operations)
      discardDamagedLog(mounted, NEW_LIFE, () => {})
      const finished = !disk.dead
      disk.losePower({ files: 'lost', names }, randomStream(operations, 'power'))
      const refusal = await openWal(disk.copy()).then(
        ({ restored }) => restored.incarnation,
        (error: Error) => error.constructor,
      )
      const where = `cut at ${operations}`
      expect([CorruptLogError, DiscardUnfinishedError, NEW_LIFE], where).toContain(refusal)
      if (refusal !== NEW_LIFE) await discard(disk)
      const { restored } = await openWal(disk)
      expect([restored.incarnation, restored.genesis], where).toEqual([NEW_LIFE, undefined])
      for (const [name, content] of before) {
        expect(disk.content(`damaged-1-${name}`)?.join(), where).toBe(content)
      }
      if (finished) break
    }
  })
})

it('a process that finds an unfinished one does not open it', async () => {
  const disk = await damagedDisk()
  disk.put('discard.moving', new Uint8Array(0))
  for (const name of contents(disk).keys()) disk.delete(name)
  const opening = new Promise((_resolve, reject) => {
    walOn(disk.mount()).open((error) => reject(error as Error))
  })
  await expect(opening).rejects.toThrow(DiscardUnfinishedError)
})
