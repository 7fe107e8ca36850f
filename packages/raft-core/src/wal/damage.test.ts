/** What a damaged log does when it is opened: refuses by name, or repairs a torn tail. Never else. */
import { describe, expect, it } from 'vitest'
import { appendOf, diskWith, hardState, openWal } from '../../test/logs.ts'
import { HISTORIES, logWrite, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import type { MemoryDisk } from '../testing/memory-disk.ts'
import type { LogWrite } from '../types.ts'
import { getU32, putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { CorruptLogError, KEEP_THIS_FOLDER } from './errors.ts'
import { segmentName } from './segment-header.ts'
import {
  decodeSuperblock,
  encodeBothSlots,
  SUPERBLOCK_NAME,
  type Superblock,
} from './superblock.ts'

/** A history of small commands, since every byte of what it writes is damaged once. */
function smallHistory(name: string) {
  const history = (HISTORIES[name] as readonly LogWrite[]).map((write) => ({
    ...write,
    entries: write.entries.map((entry) => ({ ...entry, data: entry.data.subarray(0, 20) })),
  }))
  const pictures = picturesOf(history, FOUNDING.genesis)
  const prefixes = pictures.map((picture) => JSON.stringify(picture))
  return { history, prefixes, whole: prefixes.at(-1), withoutLast: prefixes.at(-2) }
}

const { history } = smallHistory('truncations')

/** Opens and describes: the log's content, or the refusal. Checks that a refusal changes nothing. */
async function outcomeOf(disk: MemoryDisk, segmentBytes?: number): Promise<string> {
  const before = contents(disk)
  try {
    const log = await openWal(disk, segmentBytes)
    return JSON.stringify(await log.picture())
  } catch (error) {
    if (!(error instanceof CorruptLogError)) throw error
    expect(error.message).toContain(error.file)
    expect(error.message).toContain(String(error.offset))
    expect(error.message).toContain(error.reason)
    expect(error.message).toContain(KEEP_THIS_FOLDER)
    expect(contents(disk)).toBe(before)
    return `refused: ${error.file}`
  }
}

async function refusalOf(disk: MemoryDisk): Promise<string> {
  return openWal(disk).then(
    () => 'it was opened',
    (error: Error) => error.message,
  )
}

function contents(disk: MemoryDisk): string {
  return disk
    .names()
    .map((name) => `${name}=${disk.content(name)?.join()}`)
    .join(';')
}

describe.each([
  ['closed properly', 'closed', 1 << 20, 'truncations'],
  ['left by a crash', 'crashed', 1 << 20, 'truncations'],
  ['closed properly, in tiny segments', 'closed', 250, 'truncations'],
  ['left by a crash, in tiny segments', 'crashed', 250, 'truncations'],
  ['closed properly, compacted', 'closed', 250, 'compactions'],
  ['left by a crash, compacted', 'crashed', 250, 'compactions'],
  ['left by a crash, with an installed snapshot', 'crashed', 1 << 20, 'installs'],
] as const)('a log %s', (_name, end, segmentBytes, historyName) => {
  const { history, prefixes, whole, withoutLast } = smallHistory(historyName)

  it('notices every single flipped byte', async () => {
    const disk = await diskWith(history, segmentBytes, end)
    const names = disk.names()
    const last = names.filter((name) => name.endsWith('.wal')).at(-1) as string
    for (const name of names) {
      const size = disk.content(name)?.length ?? 0
      const outcomes = new Set<string>()
      // The superblock is mostly zeros, all under one checksum per slot.
      const isSuperblock = name === SUPERBLOCK_NAME
      for (let offset = 0; offset < size; offset++) {
        if (isSuperblock && offset % 4096 > 120 && offset % 97 > 0) continue
        const damaged = disk.copy()
        damaged.damage(name, offset, 1 << (offset % 8))
        outcomes.add(await outcomeOf(damaged, segmentBytes))
      }
      // One slot of the superblock stands in for the other.
      const allowed = new Set([name === SUPERBLOCK_NAME ? whole : `refused: ${name}`])
      // The last record of a log that was not closed may be a torn write.
      if (name === last && end === 'crashed') allowed.add(withoutLast)
      expect([...outcomes].filter((outcome) => !allowed.has(outcome))).toEqual([])
    }
  })

  it('cut off anywhere, is refused or is what fewer whole writes leave', async () => {
    const disk = await diskWith(history, segmentBytes, end)
    for (const name of disk.names()) {
      const bytes = disk.content(name) as Uint8Array
      for (let size = 0; size < bytes.length; size += name === SUPERBLOCK_NAME ? 111 : 1) {
        const damaged = disk.copy()
        damaged.put(name, bytes.slice(0, size))
        const outcome = await outcomeOf(damaged, segmentBytes)
        const otherSlot = name === SUPERBLOCK_NAME && outcome === whole
        // A crashed log has noted what is durable in its last segment only with the next write.
        const unnoticed = end === 'crashed' && prefixes.includes(outcome)
        if (!otherSlot && !unnoticed) expect(outcome, `${name} cut at ${size}`).toMatch(/^refused/)
      }
    }
  })

  it('misses none of its files unnoticed', async () => {
    const disk = await diskWith(history, segmentBytes, end)
    for (const name of disk.names()) {
      const damaged = disk.copy()
      damaged.delete(name)
      expect(await outcomeOf(damaged, segmentBytes)).toBe(`refused: ${name}`)
    }
  })

  it('may have zeros or garbage behind it: a write that never finished', async () => {
    const disk = await diskWith(history, segmentBytes, end)
    const last = disk
      .names()
      .filter((name) => name.endsWith('.wal'))
      .at(-1) as string
    for (const tail of [new Uint8Array(1), new Uint8Array(4096), new Uint8Array(700).fill(0x51)]) {
      const damaged = disk.copy()
      damaged.put(last, Uint8Array.from([...(damaged.content(last) as Uint8Array), ...tail]))
      expect(await outcomeOf(damaged, segmentBytes)).toBe(whole)
      expect(damaged.content(last)).toEqual(disk.content(last))
    }
  })
})

describe('two faults at once', () => {
  it('the newest slot of a new log and its only segment lost: no slot takes it for one without', async () => {
    for (const slotAt of [0, 4096]) {
      const disk = await diskWith([appendOf(1, 2)])
      disk.damage(SUPERBLOCK_NAME, slotAt + 20, 1)
      disk.delete(segmentName(1))
      expect(await outcomeOf(disk)).toBe(`refused: ${segmentName(1)}`)
    }
  })

  it('the slot that counts the last segment, and its header: its records are not thrown away', async () => {
    for (const slotAt of [0, 4096]) {
      const disk = await diskWith(
        [1, 2, 3].map((index) => appendOf(index, index, 1, 300)),
        400,
      )
      disk.damage(SUPERBLOCK_NAME, slotAt + 20, 1)
      disk.damage(segmentName(3), 20, 1)
      expect(await outcomeOf(disk)).toBe(`refused: ${segmentName(3)}`)
    }
  })

  it('a superblock that does without a segment that is needed', async () => {
    const disk = await diskWith(
      [1, 2, 3].map((index) => appendOf(index, index, 1, 300)),
      400,
    )
    const superblock = decodeSuperblock(disk.content(SUPERBLOCK_NAME) as Uint8Array) as Superblock
    disk.put(SUPERBLOCK_NAME, encodeBothSlots({ ...superblock, firstSegment: 2 }))
    expect(await refusalOf(disk)).toMatch(/in 0000000002.wal .* entry 1 is needed, and was before/)
  })
})

describe('places', () => {
  it('a segment of another log is refused', async () => {
    const mine = await diskWith(history, 700)
    const other = await diskWith([appendOf(1, 9, 1, 100), appendOf(10, 19, 1, 100)], 700)
    mine.put(segmentName(2), other.content(segmentName(2)) as Uint8Array)
    expect(await outcomeOf(mine, 700)).toMatch(/refused: 0000000002.wal/)
  })

  it('a record in the wrong place is not a record', async () => {
    const disk = await diskWith(history, undefined, 'closed')
    const name = segmentName(1)
    const bytes = disk.content(name) as Uint8Array
    const shifted = Uint8Array.from([...bytes.subarray(0, 80), 0, ...bytes.subarray(80)])
    disk.put(name, shifted)
    expect(await outcomeOf(disk)).toBe(`refused: ${name}`)
  })

  it('a copy of the log inside a torn command is not mistaken for later records', async () => {
    const source = await diskWith(history)
    const data = (source.content(segmentName(1)) as Uint8Array).slice()
    const disk = await diskWith([appendOf(1, 1)])
    const log = await openWal(disk)
    await log.write(logWrite({ entries: [{ index: 2, term: 1, kind: 'command', data }] }))
    const size = disk.content(segmentName(1))?.length as number
    disk.damage(segmentName(1), size - 1, 1)
    expect((await openWal(disk)).restored.lastIndex).toBe(1)
  })

  it('a record that continues another chain is not accepted, intact as it is', async () => {
    const logOf = async (vote: string): Promise<MemoryDisk> => {
      const first = { ...appendOf(1, 1), hardState: hardState(1, vote) }
      return diskWith([first, { ...appendOf(2, 2), hardState: undefined }], undefined, 'closed')
    }
    const disk = await logOf('n1')
    const mine = disk.content(segmentName(1)) as Uint8Array
    const theirs = (await logOf('n2')).content(segmentName(1)) as Uint8Array
    // Behind the checkpoint and the first write.
    const firstAt = 80 + 40 + getU32(mine, 84)
    const secondAt = firstAt + 40 + getU32(mine, firstAt + 4)
    disk.put(
      segmentName(1),
      Uint8Array.from([...mine.subarray(0, secondAt), ...theirs.subarray(secondAt)]),
    )
    expect(await refusalOf(disk)).toMatch(/does not continue the chain/)
  })

  it('the last record of a closed log is known to have been confirmed', async () => {
    const disk = await diskWith(history, undefined, 'closed')
    const size = disk.content(segmentName(1))?.length as number
    disk.damage(segmentName(1), size - 1, 1)
    expect(await refusalOf(disk)).toMatch(
      /checksum of a record is wrong, and it had been confirmed/,
    )
  })

  it('a folder with segments and no superblock is not taken for a new one', async () => {
    const disk = await diskWith([])
    const name = segmentName(1)
    disk.put(name, Uint8Array.from([...(disk.content(name) as Uint8Array), 1]))
    disk.delete(SUPERBLOCK_NAME)
    expect(await outcomeOf(disk)).toBe(`refused: ${SUPERBLOCK_NAME}`)
  })

  it('a format of the future is refused by its number', async () => {
    const disk = await diskWith(history)
    const header = (disk.content(segmentName(1)) as Uint8Array).slice()
    header[8] = 3
    putU32(header, 76, crc32c(header, 0, 0, 76))
    disk.put(segmentName(1), header)
    await expect(openWal(disk)).rejects.toThrow(/format 3, this program reads up to format 2/)
  })
})
