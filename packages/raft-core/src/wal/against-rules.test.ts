/** A log that is intact by its checksums and breaks a rule is refused with the rule: a defect, no torn write. */
import { describe, expect, it } from 'vitest'
import {
  type CraftedSegment,
  checkpoint,
  craftedDisk,
  type Payload,
} from '../../test/crafted-logs.ts'
import { openWal } from '../../test/logs.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import type { MemoryDisk } from '../testing/memory-disk.ts'
import type { ByteWriter } from './bytes.ts'
import { putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { type Inspection, inspect } from './inspect.ts'
import { LogState } from './log-state.ts'
import { encodeCheckpoint } from './operations.ts'
import { segmentName } from './segment-header.ts'
import { encodeBothSlots, SUPERBLOCK_NAME, type Superblock } from './superblock.ts'

const begun: CraftedSegment = { records: [{ payload: checkpoint }] }
const END: Payload = (to) => to.u8(4)

/** A segment whose second record says this. */
function saying(payload: Payload): readonly CraftedSegment[] {
  return [{ records: [{ payload: checkpoint }, { payload }] }]
}

/** An entry without content; what it is does not matter here. */
function entry(index: number, term: number): Payload {
  return (to) => {
    to.u8(2)
    to.u64(index)
    to.u64(term)
    to.u32(0)
    to.u32(0)
  }
}

const all =
  (...parts: readonly Payload[]): Payload =>
  (to: ByteWriter) => {
    for (const part of parts) part(to)
  }

type Case = readonly [string, RegExp, readonly CraftedSegment[], Partial<Superblock>?]

const REFUSED: readonly Case[] = [
  [
    'of another log',
    /the segment is of another log/,
    [{ ...begun, header: { incarnation: 'ab'.repeat(16) } }],
  ],
  ['under another name', /the file holds segment 7/, [{ ...begun, header: { number: 7 } }]],
  [
    'of format 1 that something was removed before',
    /can not be read from this segment on: it has no checkpoint/,
    [{ ...begun, header: { format: 1 } }],
    { firstSegment: 3 },
  ],
  [
    'that continues another chain',
    /does not continue the chain of the one before/,
    [begun, { ...begun, header: { previousChain: 5 } }],
  ],
  [
    'that begins at another entry',
    /begins at entry 9, the one before ends with 0/,
    [begun, { ...begun, header: { firstIndex: 9 } }],
  ],
  ['without a checkpoint', /does not begin with a checkpoint/, [{ records: [{ payload: END }] }]],
  ['with two', /a checkpoint is not at the beginning of its segment/, saying(checkpoint)],
  [
    'whose checkpoint is not what was before',
    /the checkpoint is not what the records before it say/,
    [
      begun,
      { records: [{ payload: (to) => encodeCheckpoint(new LogState(undefined).summary(), to) }] },
    ],
  ],
  [
    'with a record that confirms itself',
    /a record confirms itself/,
    [{ records: [{ payload: checkpoint, header: { durableSequence: 1 } }] }],
  ],
  [
    'with another record than was confirmed',
    /this is not the record that the superblock confirmed/,
    [begun],
    { durableSequence: 1, durableChain: 5 },
  ],
  ['with an unknown operation', /an unknown operation \(99\)/, saying((to) => to.u8(99))],
  ['with a hole', /entry 2 does not follow entry 0/, saying(all(entry(2, 1), END))],
  [
    'with an entry of no term',
    /entry 1 of term 0 follows one of term 0/,
    saying(all(entry(1, 0), END)),
  ],
  [
    'with an entry of a term to come',
    /an entry of term 3 is logged in term 0/,
    saying(all(entry(1, 3), END)),
  ],
  [
    'that removes what is not there',
    /there is no entry 5 to remove/,
    saying((to) => {
      to.u8(1)
      to.u64(5)
    }),
  ],
  [
    'with a number that is too large',
    /a number is too large/,
    saying((to) => to.bytes(new Uint8Array([1, ...new Array(8).fill(255)]))),
  ],
  [
    'with half an operation',
    /something is longer than its record/,
    saying((to) => to.bytes(new Uint8Array([1, 1]))),
  ],
  [
    'with a name that is not UTF-8',
    /a name is not UTF-8/,
    saying((to) => to.bytes(Uint8Array.from([8, 1, 255, ...new Uint8Array(16)]))),
  ],
]

function inspected(disk: MemoryDisk): Promise<Inspection | undefined> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | undefined, value: Inspection | undefined): void =>
      error === undefined ? resolve(value) : reject(error)
    inspect(disk.mount(), () => {}, done)
  })
}

describe('a segment', () => {
  it('as it should be is opened', async () => {
    expect((await openWal(craftedDisk([begun]))).restored.genesis).toEqual(FOUNDING.genesis)
    const { restored } = await openWal(craftedDisk(saying(END)))
    expect(restored.lastIndex).toBe(0)
  })

  it.each(REFUSED.map(([name, ...rest]) => ({ name, rest })))(
    '$name is refused',
    async ({ rest }) => {
      const [reason, segments, superblock] = rest
      const disk = craftedDisk(segments, superblock)
      await expect(openWal(disk)).rejects.toThrow(reason)
      expect((await inspected(disk))?.refusal?.reason).toMatch(reason)
    },
  )

  it.each([
    ['claims to be larger than any', /a record claims 2147483647 bytes/, 0x7fffffff],
    ['claims to be longer than its file', /a record is incomplete/, 9999],
  ])('whose last record %s ends before it', async (_name, reason, payloadBytes) => {
    const afterwards = (record: Uint8Array): void => putU32(record, 4, payloadBytes)
    const disk = craftedDisk([{ records: [{ payload: checkpoint }, { payload: END, afterwards }] }])
    expect(await inspected(disk)).toMatchObject({
      records: 1,
      refusal: undefined,
      damage: { reason: expect.stringMatching(reason) },
    })
    await openWal(disk)
    expect((await inspected(disk))?.damage).toBe(undefined)
  })

  it('whose last record skips a number ends before it', async () => {
    const records = [{ payload: checkpoint }, { payload: END, header: { sequence: 5 } }]
    expect((await inspected(craftedDisk([{ records }])))?.damage?.reason).toBe(
      'record 5 follows record 1',
    )
  })
})

describe('what an inspection names', () => {
  const two = [begun, { ...begun, records: [{ payload: checkpoint }, { payload: END }] }]

  it('a segment that is missing, in the middle or at the end', async () => {
    for (const number of [1, 2]) {
      const disk = craftedDisk(two)
      disk.delete(segmentName(number))
      const found = await inspected(disk)
      const missing = { file: segmentName(number), offset: 0, reason: 'the file is missing' }
      expect([found?.damage, found?.refusal]).toEqual([missing, missing])
    }
  })

  it('a segment that is damaged, and not the last one', async () => {
    for (const offset of [10, 90]) {
      const disk = craftedDisk(two)
      disk.damage(segmentName(1), offset, 1)
      expect((await inspected(disk))?.damage?.file).toBe(segmentName(1))
    }
  })

  it('garbage behind the last record, not the space that is kept ready there', async () => {
    const disk = craftedDisk(two)
    const bytes = disk.content(segmentName(2)) as Uint8Array
    const longer = Uint8Array.from([...bytes, ...new Uint8Array(600_000)])
    disk.put(segmentName(2), longer)
    expect((await inspected(disk))?.damage).toBe(undefined)
    longer[longer.length - 1] = 1
    disk.put(segmentName(2), longer)
    expect((await inspected(disk))?.damage).toMatchObject({ offset: bytes.length })
    await openWal(disk)
    expect(disk.content(segmentName(2))).toEqual(bytes)
  })
})

describe('a superblock', () => {
  /** Both slots of one, changed, with the right checksum. */
  async function changed(change: (slot: Uint8Array) => void): Promise<MemoryDisk> {
    const disk = craftedDisk([begun])
    const bytes = (disk.content(SUPERBLOCK_NAME) as Uint8Array).slice()
    for (const slot of [bytes.subarray(0, 4096), bytes.subarray(4096)]) {
      change(slot)
      putU32(slot, 4092, crc32c(slot, 0, 0, 4092))
    }
    disk.put(SUPERBLOCK_NAME, bytes)
    return disk
  }

  it('of something else, or of a format to come, is refused', async () => {
    const other = await changed((slot) => slot.set([1], 0))
    await expect(openWal(other)).rejects.toThrow(/not a superblock of a Quorail log/)
    const newer = await changed((slot) => putU32(slot, 8, 9))
    await expect(openWal(newer)).rejects.toThrow(/format 9, this program reads up to format 2/)
  })

  it('takes no members that it could not tell again', () => {
    const of = (members: readonly string[]): (() => Uint8Array) => {
      const superblock = { generation: 1, format: 2, firstSegment: 1, segments: 0 }
      const genesis = { clusterId: 'ab'.repeat(16), members }
      const rest = { incarnation: FOUNDING.incarnation, durableSequence: 0, durableChain: 0 }
      return () => encodeBothSlots({ ...superblock, ...rest, genesis })
    }
    expect(of(['n1'])).not.toThrow()
    expect(of(['n'.repeat(300)])).toThrow(/do not fit/)
    expect(of(new Array(300).fill('n'))).toThrow(/do not fit/)
    expect(of(new Array(30).fill('n'.repeat(200)))).toThrow(/do not fit/)
  })
})
