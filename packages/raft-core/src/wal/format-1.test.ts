/** Logs of format 1, which is on disks already: they open, go on in format 2, and are compacted. */
import { describe, expect, it } from 'vitest'
import { contentOf, FORMAT_1_LOGS } from '../../test/format-1-logs.ts'
import { ALL_LOST, appendOf, hardState, openWal, walOn } from '../../test/logs.ts'
import { HISTORIES, LogSession, logWrite, markOf, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { randomStream } from '../testing/random.ts'
import type { LogWrite } from '../types.ts'
import { getU32 } from './bytes.ts'
import { segmentName } from './segment-header.ts'

const history = (HISTORIES.truncations as readonly LogWrite[]).map((write) => ({
  ...write,
  entries: write.entries.map((entry) => ({ ...entry, data: entry.data.subarray(0, 40) })),
}))

function oldDisk(name: string): MemoryDisk {
  const disk = new MemoryDisk()
  for (const [file, content] of Object.entries(FORMAT_1_LOGS[name] ?? {})) {
    disk.put(file, contentOf(content))
  }
  return disk
}

describe.each(Object.keys(FORMAT_1_LOGS))('a log of format 1, %s', (name) => {
  const written = name === 'empty' ? [] : history
  const before = written.length
  const more = [
    { ...appendOf(4, 6, 5, 300), hardState: hardState(5, undefined, 3) },
    logWrite({ base: { mark: markOf(4, 5), reset: false } }),
  ]
  const rest = name === 'empty' ? [...history, ...more] : more
  const pictures = picturesOf([...history, ...more], FOUNDING.genesis)

  it('says what it said, and goes on in the new format', async () => {
    const disk = oldDisk(name)
    const log = await openWal(disk, 300)
    expect(await log.picture()).toEqual(pictures[before])
    await log.writeAll(rest)
    await log.close()
    const again = await openWal(disk, 300)
    expect(await again.picture()).toEqual(pictures.at(-1))
    // What the base stands for is gone, the old segments included.
    expect(disk.names()).not.toContain(segmentName(1))
  })

  it('is converted at any power cut, or is still what it was', async () => {
    for (let operations = 1; ; operations++) {
      const disk = oldDisk(name)
      const store = walOn(disk.mount(), 300)
      disk.dieAfter(operations)
      store.open(() => {
        store.write(rest[0] as LogWrite, () => {})
      })
      const finished = !disk.dead
      disk.losePower(ALL_LOST, randomStream(operations, 'power'))
      const log = await openWal(disk, 300)
      const found = JSON.stringify(await log.picture())
      const expected = [pictures[before], pictures[before + 1]].map((it) => JSON.stringify(it))
      expect(expected, `cut at ${operations}`).toContain(found)
      if (finished) break
    }
  })

  it('is refused by a program that knows format 1 only, by both slots, once it was opened', async () => {
    const disk = oldDisk(name)
    await openWal(disk)
    const superblock = disk.content('superblock') as Uint8Array
    expect([getU32(superblock, 8), getU32(superblock, 4096 + 8)]).toEqual([2, 2])
  })
})

it('a damaged log of format 1 is refused as ever', async () => {
  const disk = oldDisk('closed')
  disk.damage(segmentName(2), 150, 1)
  await expect(LogSession.open(walOn(disk.mount()))).rejects.toThrow(/corrupt in 0000000002.wal/)
})
