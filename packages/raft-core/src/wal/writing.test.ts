/** Batches, segments, failures, cold reads. */
import { describe, expect, it } from 'vitest'
import { ALL_LOST, appendOf, diskWith, entry, hardState, openWal, walOn } from '../../test/logs.ts'
import type { DiskOperation } from '../testing/disk-faults.ts'
import { LogSession, logWrite } from '../testing/log-history.ts'
import { MemoryDisk } from '../testing/memory-disk.ts'
import { randomStream } from '../testing/random.ts'
import { NoLogError } from './errors.ts'
import { type InspectedRecord, inspect } from './inspect.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

/** A disk whose operations wait until `step` runs the oldest. */
function steppedDisk(): {
  disk: MemoryDisk
  step: () => DiskOperation | undefined
  all: () => void
} {
  const waiting: { operation: DiskOperation; run: () => void }[] = []
  const disk = new MemoryDisk((operation, run) => waiting.push({ operation, run }))
  const step = (): DiskOperation | undefined => {
    const next = waiting.shift()
    next?.run()
    return next?.operation
  }
  const all = (): void => {
    while (step() !== undefined) {}
  }
  return { disk, step, all }
}

function opened(stepped: ReturnType<typeof steppedDisk>, segmentBytes?: number) {
  const log = walOn(stepped.disk.mount(), segmentBytes)
  let error: Error | undefined = new Error('it did not open')
  log.open((openError) => {
    error = openError
  })
  stepped.all()
  if (error !== undefined) throw error
  return log
}

describe('group commit', () => {
  it('writes given while a sync runs share the next one, and complete in order', () => {
    const stepped = steppedDisk()
    const log = opened(stepped)
    const before = log.stats().syncs
    const done: number[] = []
    const give = (index: number): void => {
      log.write(appendOf(index, index), (error) => done.push(error === undefined ? index : -1))
    }
    give(1)
    give(2)
    give(3)
    expect([stepped.step()?.type, stepped.step()?.type]).toEqual(['write', 'sync'])
    expect(done).toEqual([1])
    give(4)
    expect([stepped.step()?.type, stepped.step()?.type]).toEqual(['write', 'sync'])
    expect(done).toEqual([1, 2, 3])
    stepped.all()
    expect(done).toEqual([1, 2, 3, 4])
    expect(log.stats().syncs - before).toBe(3)
  })

  it('a lone write waits for nobody', () => {
    const stepped = steppedDisk()
    const log = opened(stepped)
    log.write(appendOf(1, 1), () => {})
    expect(stepped.step()?.type).toBe('write')
  })

  it('a completion may give the next write, thousands of times, without deepening the stack', async () => {
    const log = await openWal(new MemoryDisk())
    for (let index = 1; index <= 20_000; index++) void log.write(appendOf(index, index))
    await log.write(appendOf(20_001, 20_001))
    expect((await log.read(20_001, 20_001, 1))[0]?.index).toBe(20_001)
  })

  it('a batch stays below its limit, and one larger write is a batch of its own', () => {
    const stepped = steppedDisk()
    const log = openWriteAheadLog({
      disk: stepped.disk.mount(),
      founding: { genesis: undefined, incarnation: 'a'.repeat(32) },
      maxBatchBytes: 1000,
    })
    log.open(() => {})
    stepped.all()
    const before = log.stats().syncs
    let done = 0
    for (const index of [1, 2, 3, 4, 5]) log.write(appendOf(index, index, 1, 600), () => done++)
    stepped.all()
    expect([done, log.stats().syncs - before]).toEqual([5, 5])
  })
})

describe('failures', () => {
  it('a full disk says so, in its own sentence, and the log takes nothing more until reopened', async () => {
    const disk = new MemoryDisk()
    const log = await openWal(disk)
    await log.write(appendOf(1, 1))
    disk.setFaults((op) => (op.type === 'write' ? { code: 'ENOSPC', done: 0.5 } : undefined))
    await expect(log.write(appendOf(2, 2))).rejects.toThrow(/disk of the log is full/)
    disk.setFaults(() => undefined)
    await expect(log.write(appendOf(2, 2))).rejects.toThrow(/disk of the log is full/)
    const again = await openWal(disk)
    expect(again.restored.lastIndex).toBe(1)
    await again.write(appendOf(2, 2))
  })

  it('writes that wait when a sync fails fail with it', async () => {
    const stepped = steppedDisk()
    const log = opened(stepped)
    const errors: (Error | undefined)[] = []
    for (const index of [1, 2, 3]) log.write(appendOf(index, index), (error) => errors.push(error))
    stepped.disk.setFaults((op) => (op.type === 'sync' ? { code: 'EIO' } : undefined))
    stepped.all()
    expect(errors).toHaveLength(3)
    for (const error of errors) expect(error?.message).toMatch(/takes no write until/)
  })

  // PostgreSQL's "fsyncgate": pages of a failed sync are clean, and what is read back is not on disk.
  it('what was read back after a failed sync is written again before it is trusted', async () => {
    const disk = await diskWith([appendOf(1, 1)])
    const log = await openWal(disk)
    disk.setFaults((op) => (op.type === 'sync' ? { code: 'EIO', done: 0 } : undefined))
    await expect(log.write(appendOf(2, 3))).rejects.toThrow()
    disk.setFaults(() => undefined)
    const again = await openWal(disk)
    expect(again.restored.lastIndex).toBe(3)
    disk.losePower(ALL_LOST, randomStream(1, 'power'))
    expect((await openWal(disk)).restored.lastIndex).toBe(3)
  })

  it('what an opening told is durable, wherever the process before was killed', async () => {
    for (let operations = 1; ; operations++) {
      const disk = new MemoryDisk()
      const store = walOn(disk.mount(), 200)
      disk.dieAfter(operations)
      store.open(() => {
        for (const index of [1, 2, 3]) store.write(appendOf(index, index, 1, 150), () => {})
      })
      const finished = !disk.dead
      disk.crashProcess()
      const told = await (await openWal(disk, 200)).picture()
      disk.losePower(ALL_LOST, randomStream(1, 'power'))
      expect(await (await openWal(disk, 200)).picture(), `killed at ${operations}`).toEqual(told)
      if (finished) break
    }
  })

  // Two dirty slots in one file: a power cut could tear both.
  it('a process that was killed while it wrote the superblock leaves one slot that is whole', async () => {
    for (let first = 1, finished = false; !finished; first++) {
      for (let second = 1, opened = false; !opened; second++) {
        for (let seed = 0; seed < 4; seed++) {
          const disk = await diskWith([appendOf(1, 1)])
          const killed = walOn(disk.mount())
          disk.dieAfter(first)
          killed.open(() => killed.close(() => {}))
          finished = !disk.dead
          const cut = walOn(disk.mount())
          disk.dieAfter(second)
          cut.open(() => {})
          opened = !disk.dead
          disk.losePower({ files: 'sectors', names: 'mixed' }, randomStream(seed, 'power'))
          const log = await openWal(disk)
          expect(log.restored.lastIndex, `${first}, ${second}`).toBe(1)
        }
      }
    }
  })

  it('an empty folder without a founding is refused', async () => {
    const log = openWriteAheadLog({ disk: new MemoryDisk().mount() })
    await expect(LogSession.open(log)).rejects.toThrow(NoLogError)
  })

  it('a term that goes back, a second vote and a lost commit are refused', async () => {
    const refused = async (first: number, second: ReturnType<typeof hardState>, reason: RegExp) => {
      const log = await openWal(new MemoryDisk())
      const write = { entries: [entry(1, 1)], hardState: hardState(first, 'n1', 1) }
      await log.write(logWrite(write))
      await expect(log.write(logWrite({ hardState: second }))).rejects.toThrow(reason)
    }
    await refused(5, hardState(4, undefined, 1), /term goes back from 5 to 4/)
    await refused(5, hardState(5, 'n2', 1), /vote of term 5 changes from n1 to n2/)
    await refused(5, hardState(5, 'n1', 0), /commit index goes back from 1 to 0/)
    await refused(5, hardState(5, 'n1', 2), /commit index 2 is beyond the last entry 1/)
  })

  it('a write after closing fails, and closing twice does not', async () => {
    const log = await openWal(new MemoryDisk())
    await log.close()
    await log.close()
    await expect(log.write(appendOf(1, 1))).rejects.toThrow(/it is closed/)
  })
})

describe('segments', () => {
  it('roll at their size; nothing is acknowledged before the new one has a durable name', async () => {
    const disk = new MemoryDisk()
    const log = await openWal(disk, 700)
    for (let index = 1; index <= 12; index++) {
      await log.write(appendOf(index, index, 1, 200))
      const durable = disk.copy()
      disk.names().forEach((name) => {
        expect(disk.content(name, 'durable')).toEqual(durable.content(name))
      })
    }
    expect(disk.names().filter((name) => name.endsWith('.wal')).length).toBe(6)
  })

  it('reads cold ranges across segments and truncations', async () => {
    const disk = new MemoryDisk()
    const log = await openWal(disk, 500)
    for (let index = 1; index <= 12; index++) await log.write(appendOf(index, index, 1, 200))
    const replacing = [entry(7, 2, 50), entry(8, 2, 50)]
    await log.write(logWrite({ truncateFrom: 7, entries: replacing, hardState: hardState(2) }))
    const check = async (session: LogSession): Promise<void> => {
      const entries = await session.read(1, 8, 1e6)
      expect(entries.map((e) => [e.index, e.term, e.data.length])).toEqual([
        ...[1, 2, 3, 4, 5, 6].map((index) => [index, 1, 200]),
        [7, 2, 50],
        [8, 2, 50],
      ])
      await expect(session.read(1, 9, 1e6)).rejects.toThrow(/the log holds 1 to 8/)
    }
    await check(log)
    await check(await openWal(disk, 500))
  })

  it('an entry that rots while the log is open is not handed out', async () => {
    const disk = await diskWith([appendOf(1, 3)])
    const log = await openWal(disk)
    const size = disk.content('0000000001.wal')?.length as number
    disk.damage('0000000001.wal', size - 25, 4)
    await expect(log.read(1, 3, 1e6)).rejects.toThrow(/checksum of entry 3 is wrong/)
    expect(await log.read(1, 2, 1e6)).toHaveLength(2)
  })
})

describe('inspect', () => {
  it('lists records, marks and the first damage, and changes nothing', async () => {
    const disk = await diskWith([appendOf(1, 2), appendOf(3, 3), appendOf(4, 4)])
    const size = disk.content('0000000001.wal')?.length as number
    disk.damage('0000000001.wal', size - 1, 1)
    const records: InspectedRecord[] = []
    const inspection = await new Promise((resolve, reject) => {
      inspect(
        disk.mount(),
        (record) => records.push(record),
        (error, value) => {
          if (error === undefined) resolve(value)
          else reject(error)
        },
      )
    })
    expect(inspection).toMatchObject({
      records: 3,
      segments: [{ number: 1, format: 2, firstIndex: 1 }],
      log: { lastIndex: 3, base: { index: 0 }, termRuns: [{ term: 1, firstIndex: 1 }] },
      damage: { file: '0000000001.wal', reason: 'the checksum of a record is wrong' },
      // It is the last record, and unconfirmed: a torn write.
      refusal: undefined,
    })
    expect(records).toMatchObject([
      { sequence: 1, durableSequence: 0, checkpoint: { lastIndex: 0 } },
      { sequence: 2, durableSequence: 1, entries: [{ index: 1 }, { index: 2 }] },
      { sequence: 3, durableSequence: 2, hardState: { term: 1 } },
    ])
  })
})
