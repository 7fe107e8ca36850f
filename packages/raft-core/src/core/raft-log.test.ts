import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entries } from '../../test/messages.ts'
import { InvariantError } from '../errors.ts'
import type { SnapshotMark } from '../types.ts'
import { EntryTail, entrySize } from './entry-tail.ts'
import { NO_MEMBERSHIP } from './membership.ts'
import { RaftLog } from './raft-log.ts'
import { TermRuns } from './term-runs.ts'

const mark = (index: number, term: number): SnapshotMark => ({
  index,
  term,
  membership: NO_MEMBERSHIP,
  configIndex: 0,
})

const BEGINNING = mark(0, 0)

const logOf = (...terms: number[]): RaftLog => {
  const log = new RaftLog({ base: BEGINNING, lastIndex: 0, termRuns: [] })
  for (const entry of entries(1, ...terms)) log.append(entry)
  return log
}

/** Terms of a log: never decreasing. */
const termLists = fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 40 }).map((steps) => {
  let term = 1
  return steps.map((step) => {
    term += step
    return term
  })
})

describe('TermRuns', () => {
  it('knows the term of every index, and of none outside', () => {
    fc.assert(
      fc.property(termLists, fc.nat({ max: 45 }), (terms, cut) => {
        const runs = new TermRuns(0, 0, [], 0)
        terms.forEach((term, i) => {
          runs.append(i + 1, term)
        })
        const kept = terms.slice(0, cut)
        if (cut < terms.length) runs.truncate(cut + 1)
        expect(runs.lastIndex).toBe(kept.length)
        expect(runs.lastTerm).toBe(kept.at(-1) ?? 0)
        expect(kept.map((_, i) => runs.termAt(i + 1))).toEqual(kept)
        expect(runs.termAt(0)).toBe(0)
        expect(runs.termAt(kept.length + 1)).toBeUndefined()
      }),
    )
  })

  it('finds where another log may agree', () => {
    fc.assert(
      fc.property(termLists, fc.nat({ max: 45 }), fc.nat({ max: 90 }), (terms, index, term) => {
        const runs = new TermRuns(0, 0, [], 0)
        terms.forEach((one, i) => {
          runs.append(i + 1, one)
        })
        const expected = terms.findLastIndex((one, i) => i < index && one <= term) + 1
        expect(runs.lastAtOrBelow(index, term)).toBe(expected)
      }),
    )
  })

  it('refuses terms that decrease and entries that leave a hole', () => {
    const runs = new TermRuns(0, 0, [{ term: 3, firstIndex: 1 }], 2)
    expect(() => runs.append(3, 2)).toThrow(InvariantError)
    expect(() => runs.append(5, 3)).toThrow(InvariantError)
    expect(() => new TermRuns(0, 0, [{ term: 3, firstIndex: 4 }], 2)).toThrow(InvariantError)
  })
})

describe('EntryTail', () => {
  it('keeps the newest entries within its bytes and can be read and cut', () => {
    const tail = new EntryTail(1)
    const all = entries(1, ...Array.from({ length: 5000 }, () => 1))
    for (const entry of all) {
      tail.push(entry)
      tail.evict(10 * 60, entry.index - 2)
    }
    expect(tail.bytes).toBeLessThanOrEqual(10 * 60)
    expect(tail.slice(4995, 5000, 1e9)).toEqual(all.slice(4994))
    expect(() => tail.get(1)).toThrow(InvariantError)
    tail.truncate(4998)
    expect(tail.slice(4996, 4997, 1)).toEqual([all[4995]])
    tail.truncate(100)
    expect(tail).toMatchObject({ first: 100, bytes: 0 })
  })

  it('never evicts what must stay', () => {
    const tail = new EntryTail(1)
    for (const entry of entries(1, 1, 1, 1)) tail.push(entry)
    tail.evict(0, 1)
    expect(tail.first).toBe(2)
  })

  it('counts bytes the same when adding and when removing', () => {
    const tail = new EntryTail(1)
    const all = entries(1, 1, 1, 1)
    for (const entry of all) tail.push(entry)
    expect(tail.bytes).toBe(all.reduce((sum, entry) => sum + entrySize(entry), 0))
    tail.truncate(2)
    tail.evict(0, 9)
    expect(tail.bytes).toBe(0)
  })
})

describe('RaftLog', () => {
  it('says what is durable, write by write', () => {
    const log = logOf(1, 1)
    expect(log.takeUnwritten(1, 0).entries).toHaveLength(2)
    for (const entry of entries(3, 1)) log.append(entry)
    log.takeUnwritten(2, 5)
    expect(log).toMatchObject({ durableIndex: 0, writesInFlight: 2, oldestWriteSince: 0 })
    log.completeWrite(1)
    expect(log).toMatchObject({ durableIndex: 2, oldestWriteSince: 5 })
    log.completeWrite(2)
    expect(log).toMatchObject({ durableIndex: 3, writesInFlight: 0, oldestWriteSince: undefined })
  })

  it('takes back what older writes promised behind a truncation', () => {
    const log = logOf(1, 1, 1)
    log.takeUnwritten(1, 0)
    log.truncate(2)
    for (const entry of entries(2, 2, 2, 2)) log.append(entry)
    const write = log.takeUnwritten(2, 0)
    expect(write).toMatchObject({ truncateFrom: 2, entries: [{ index: 2 }, {}, {}] })
    log.completeWrite(1)
    expect(log.durableIndex).toBe(1)
    log.completeWrite(2)
    expect(log.durableIndex).toBe(4)
  })

  it('does not write what was truncated before it was written', () => {
    const log = logOf(1, 1, 1)
    log.truncate(2)
    const write = log.takeUnwritten(1, 0)
    expect(write.truncateFrom).toBeUndefined()
    expect(write.entries.map(({ index }) => index)).toEqual([1])
  })

  it('refuses a completion of a write that is not under way', () => {
    expect(() => logOf(1).completeWrite(1)).toThrow(InvariantError)
  })
})
