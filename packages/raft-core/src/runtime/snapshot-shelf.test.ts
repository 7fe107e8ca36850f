import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { membershipOf } from '../core/membership.ts'
import type { SnapshotInfo, StoredSnapshot } from '../ports.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { Operations } from './operations.ts'
import { SnapshotShelf } from './snapshot-shelf.ts'

function make(indexes: readonly number[]) {
  const store = new MemorySnapshots()
  const clock = new FakeClock()
  const operations = new Operations()
  const infos = indexes.map((index): SnapshotInfo => {
    const mark = { index, term: 1, membership: membershipOf(['a']), configIndex: 0 }
    const info = { id: `s${index}`, mark, sizeBytes: 3, checksum: 0 }
    store.complete.set(info.id, { info, data: new Uint8Array(3) })
    return info
  })
  const shelf = new SnapshotShelf(store, infos, clock, operations, 1000)
  return { shelf, store, clock, operations, left: () => [...store.complete.keys()] }
}

describe('the snapshots of a node', () => {
  it('are removed when a newer one stands for a state that has been reached', () => {
    const { shelf, left } = make([30, 20, 10])
    shelf.tidy(25)
    // The newest was fetched and is not installed: the one before is what the log begins with.
    expect(left()).toEqual(['s30', 's20'])
    shelf.tidy(30)
    expect(left()).toEqual(['s30'])
    expect(shelf.newest?.id).toBe('s30')
  })

  it('stay while they are fetched, and for some time', () => {
    const { shelf, clock, left } = make([20, 10])
    shelf.fetched('s10')
    expect(shelf.oldestFetched?.id).toBe('s10')
    clock.advance(999)
    shelf.tidy(20)
    expect(left()).toEqual(['s20', 's10'])
    clock.advance(1)
    expect(shelf.oldestFetched).toBeUndefined()
    shelf.tidy(20)
    expect(left()).toEqual(['s20'])
  })

  it('stay while they are read, are opened once, and are closed when tidied', () => {
    const { shelf, store, operations, left } = make([20, 10])
    const given: StoredSnapshot[] = []
    shelf.use('s10', (_, stored) => given.push(stored))
    shelf.use('s10', (_, stored) => given.push(stored))
    expect(given[0]).toBe(given[1])
    expect([store.openReaders, operations.count]).toEqual([1, 1])
    shelf.release('s10')
    shelf.tidy(20)
    expect(left()).toEqual(['s20', 's10'])
    shelf.release('s10')
    shelf.tidy(20)
    expect(left()).toEqual(['s20'])
    expect([store.openReaders, operations.count]).toEqual([0, 0])
  })

  it('that are in use when everything ends are closed after their last use', () => {
    const { shelf, store, operations } = make([20])
    shelf.use('s20', () => undefined)
    shelf.closeAll()
    expect(store.openReaders).toBe(1)
    let isIdle = false
    operations.whenIdle(() => {
      isIdle = true
    })
    shelf.release('s20')
    expect([store.openReaders, isIdle]).toEqual([0, true])
  })

  it('two who ask at once share one reader', () => {
    const { shelf, store, operations } = make([20])
    const read = store.read.bind(store)
    const waiting: (() => void)[] = []
    store.read = (id, done) => waiting.push(() => read(id, done))
    const given: StoredSnapshot[] = []
    for (let i = 0; i < 2; i++) shelf.use('s20', (_, stored) => given.push(stored))
    for (const run of waiting) run()
    expect(given[0]).toBe(given[1])
    expect([store.openReaders, operations.count]).toEqual([1, 1])
  })

  it('that are not there are no open one', () => {
    const { shelf, operations } = make([20])
    let failure: Error | undefined
    shelf.use('s99', (error) => {
      failure = error
    })
    expect(failure?.message).toContain('s99')
    expect(operations.count).toBe(0)
    expect(shelf.at(99)).toBeUndefined()
  })
})
