import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { membershipOf } from '../core/membership.ts'
import type { SnapshotInfo } from '../ports.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { Message, SnapshotChunk, SnapshotRequest } from '../types.ts'
import { crc32c } from '../wal/crc32c.ts'
import type { Host } from './host.ts'
import { Operations } from './operations.ts'
import { RAFT_DEFAULTS } from './raft-config.ts'
import { SnapshotFetch } from './snapshot-fetch.ts'

const DATA = Uint8Array.from({ length: 50 }, (_, i) => i)
const MARK = { index: 9, term: 2, membership: membershipOf(['a', 'b', 'c']), configIndex: 0 }
const INFO: SnapshotInfo = { id: 'x'.repeat(32), mark: MARK, sizeBytes: 50, checksum: crc32c(DATA) }

function make(given: { sources?: readonly string[]; store?: MemorySnapshots } = {}) {
  const { sources = ['a', 'b'], store = new MemorySnapshots() } = given
  const clock = new FakeClock()
  const requests: SnapshotRequest[] = []
  const config = {
    ...RAFT_DEFAULTS,
    ...{ snapshotChunkBytes: 10, snapshotFetchWindow: 3, snapshotTimeoutMs: 100 },
  }
  const host = {
    ...{ id: 'me', clock, config, isRunning: true },
    core: { status: () => ({ term: 4 }) },
    post: (message: Message) => requests.push(message as SnapshotRequest),
  } as unknown as Host
  const operations = new Operations()
  const ended: string[] = []
  const fetch = new SnapshotFetch(host, store, operations, 7, sources, {
    finished: ({ id }, from) => ended.push(`${id === INFO.id} from ${from}`),
    gaveUp: (error) => ended.push(error.message),
  })
  const take = (offset: number, more: Partial<SnapshotChunk> = {}, length = 10) =>
    fetch.take({
      ...{ type: 'snapshotChunk', from: 'a', to: 'me', term: 4, snapshotId: INFO.id, mark: MARK },
      ...{ totalBytes: 50, checksum: INFO.checksum, offset },
      data: DATA.slice(offset, offset + length),
      ...more,
    })
  const refuse = (from: string, offset: number) =>
    take(offset, { from, snapshotId: '', mark: undefined, totalBytes: 0, data: new Uint8Array(0) })
  /** Where the pieces asked for since the last time begin, and of whom. */
  const asked = () => requests.splice(0).map(({ to, offset }) => `${to}${offset}`)
  return { fetch, store, clock, requests, asked, operations, ended, take, refuse }
}

describe('a snapshot that is being fetched', () => {
  it('is asked for ahead of what has come, never beyond its end', () => {
    const { take, asked, requests, ended, store } = make()
    expect(requests[0]).toMatchObject({ snapshotId: '', minIndex: 7, maxBytes: 10, term: 4 })
    expect(asked()).toEqual(['a0'])
    take(0)
    expect(asked()).toEqual(['a10', 'a20', 'a30'])
    take(10)
    expect(asked()).toEqual(['a40'])
    take(20)
    take(30)
    take(40)
    expect(asked()).toEqual([])
    expect(ended).toEqual(['true from a'])
    expect(store.complete.get(INFO.id)?.data).toEqual(DATA)
  })

  it('is put together from pieces that come in any order, and more than once', () => {
    const { take, ended, store, operations } = make()
    take(0)
    take(30)
    take(20)
    take(30)
    take(0)
    take(10)
    take(10)
    take(20)
    take(40)
    expect(ended).toEqual(['true from a'])
    expect(store.complete.get(INFO.id)?.data).toEqual(DATA)
    expect(operations.count).toBe(0)
  })

  it('goes on where it was cut off', () => {
    const store = new MemorySnapshots()
    const first = make({ store })
    first.take(0)
    first.take(10)
    first.fetch.stop()
    expect(first.operations.count).toBe(0)
    const { take, asked, ended } = make({ store })
    expect(asked()).toEqual(['a0'])
    take(0)
    expect(asked()).toEqual(['a20', 'a30', 'a40'])
    take(20)
    take(30)
    take(40)
    expect(ended).toEqual(['true from a'])
    expect(store.complete.get(INFO.id)?.data).toEqual(DATA)
  })

  it('comes in smaller pieces when the source gives smaller ones', () => {
    const { take, asked, ended } = make()
    take(0, {}, 6)
    asked()
    for (let offset = 6; offset < 50; offset += 6) {
      take(offset, {}, 6)
    }
    expect(ended).toEqual(['true from a'])
  })

  it('keeps nothing that was not asked for', () => {
    const { take, asked, ended } = make()
    take(0)
    take(40)
    asked()
    take(10)
    expect(asked()).toEqual(['a40'])
    for (const offset of [20, 30, 40]) take(offset)
    expect(ended).toEqual(['true from a'])
  })

  it('is asked of the next source when a piece is late; what has come stays', () => {
    const { fetch, take, clock, asked, ended } = make()
    take(0)
    take(20)
    asked()
    clock.advance(99)
    fetch.tick(clock.now())
    expect(asked()).toEqual([])
    clock.advance(1)
    fetch.tick(clock.now())
    expect(asked()).toEqual(['b10', 'b30'])
    take(10, { from: 'b' })
    expect(asked()).toEqual(['b40'])
    // Late, and of use all the same.
    take(30)
    take(40, { from: 'b' })
    expect(ended).toEqual(['true from b'])
  })

  it('is asked of the next source when one has it not, and given up when none has', () => {
    const { refuse, asked, ended, operations } = make()
    asked()
    refuse('b', 0)
    expect(asked()).toEqual([])
    refuse('a', 0)
    expect(asked()).toEqual(['b0'])
    refuse('b', 0)
    refuse('a', 0)
    expect(ended).toEqual([])
    refuse('b', 0)
    expect(ended).toEqual(['no member gives the snapshot'])
    expect(operations.count).toBe(0)
  })

  it('takes no piece of another, and none that does not fit', () => {
    const { fetch, take, store, ended } = make()
    take(0, { mark: { ...MARK, index: 6 } })
    expect(store.partial.size).toBe(0)
    take(0, { from: 'b' })
    take(10)
    expect(store.partial.size).toBe(0)
    take(0)
    take(10, { snapshotId: 'y'.repeat(32) })
    take(10, { checksum: 1 })
    take(10, { totalBytes: 51 })
    take(10, { data: new Uint8Array(0) })
    take(40, { data: new Uint8Array(20) })
    expect(store.partial.get(INFO.id)).toHaveLength(1)
    for (const offset of [10, 20, 30, 40]) take(offset)
    expect(ended).toEqual(['true from a'])
    fetch.take({ ...INFO, type: 'snapshotChunk' } as never)
  })

  it('of no bytes at all is complete at once', () => {
    const { take, ended } = make()
    const empty = new Uint8Array(0)
    take(0, { totalBytes: 0, checksum: crc32c(empty), data: empty })
    expect(ended).toEqual(['true from a'])
  })

  it('that is stopped while the store is at work lets it come to its end', () => {
    const store = new MemorySnapshots()
    const { fetch, take, operations, ended } = make({ store })
    store.held = []
    take(0)
    fetch.stop()
    take(10)
    expect(operations.count).toBe(1)
    store.release()
    expect(operations.count).toBe(0)
    expect(ended).toEqual([])
  })

  it('that is stopped before the store could begin is over, also when the store can not', () => {
    const { fetch, take, store, operations, ended } = make()
    let fail = () => {}
    store.resume = (_info, done) => {
      fail = () => done(new Error('no disk'), undefined as never)
    }
    take(0)
    fetch.stop()
    fail()
    expect(operations.count).toBe(0)
    expect(fetch.isEnded).toBe(true)
    expect(ended).toEqual([])
  })

  it('is given up when it can not be stored, with what is there kept', () => {
    const { take, store, ended, operations } = make()
    take(0)
    store.failure = new Error('no room')
    take(10)
    expect(ended).toEqual(['no room'])
    expect(operations.count).toBe(0)
    expect(store.partial.get(INFO.id)).toHaveLength(1)
  })

  it('whose checksum is wrong is given up, and nothing of it kept', () => {
    const { take, store, ended } = make()
    take(0)
    take(10, { data: new Uint8Array(10) })
    for (const offset of [20, 30, 40]) take(offset)
    expect(ended).toEqual(['the checksum of the snapshot is wrong'])
    expect(store.partial.size + store.complete.size).toBe(0)
  })

  it('that can not be begun in the store is given up', () => {
    const { take, store, ended, operations } = make()
    store.resume = (_info, done) => done(new Error('no disk'), undefined as never)
    take(0)
    expect(ended).toEqual(['no disk'])
    expect(operations.count).toBe(0)
  })

  it('takes what comes while the store writes, and a piece that is more than was asked for', () => {
    const { take, store, asked, ended } = make()
    take(0)
    store.held = []
    take(10, {}, 20)
    take(30)
    expect(ended).toEqual([])
    store.release()
    // What lies within the larger piece is not waited for.
    take(20)
    take(40)
    expect(asked()).toEqual(['a0', 'a10', 'a20', 'a30', 'a40'])
    expect(ended).toEqual(['true from a'])
    expect(store.complete.get(INFO.id)?.data).toEqual(DATA)
  })

  it('that is stopped during its last sync, which then fails, is over without a word', () => {
    const { fetch, take, store, clock, asked, operations, ended } = make()
    let fail = (): void => undefined
    const resume = store.resume.bind(store)
    store.resume = (info, done) =>
      resume(info, (error, writer) => {
        writer.finish = (finished) => {
          fail = () => finished(new Error('EIO'), undefined as never)
        }
        done(error, writer)
      })
    for (const offset of [0, 10, 20, 30, 40]) take(offset)
    fetch.stop()
    asked()
    clock.advance(1000)
    fetch.tick(clock.now())
    take(40)
    expect(operations.count).toBe(1)
    fail()
    expect([ended, asked(), operations.count]).toEqual([[], [], 0])
  })
})
