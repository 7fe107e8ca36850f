import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import type { Input } from '../core/io.ts'
import { membershipOf } from '../core/membership.ts'
import type { RaftEvent, SnapshotInfo } from '../ports.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { InstallSnapshot, Message, SnapshotRequest } from '../types.ts'
import { crc32c } from '../wal/crc32c.ts'
import type { Host } from './host.ts'
import { Operations } from './operations.ts'
import { RAFT_DEFAULTS, type RaftConfig } from './raft-config.ts'
import { SnapshotFetching } from './snapshot-fetching.ts'
import { SnapshotShelf } from './snapshot-shelf.ts'

const markAt = (index: number) => {
  return { index, term: 2, membership: membershipOf(['a', 'b', 'c', 'me']), configIndex: 0 }
}

function make(config: Partial<RaftConfig> = {}) {
  const clock = new FakeClock()
  const store = new MemorySnapshots()
  const operations = new Operations()
  const status = { term: 4, commitIndex: 5 }
  const posted: SnapshotRequest[] = []
  const stepped: Input[] = []
  const events: RaftEvent[] = []
  const host = {
    ...{ id: 'me', clock, isRunning: true },
    config: { ...RAFT_DEFAULTS, snapshotTimeoutMs: 100, ...config },
    core: { status: () => status, step: (input: Input) => stepped.push(input) },
    post: (message: Message) => posted.push(message as SnapshotRequest),
    enqueue: (input: Input) => stepped.push(input),
    observe: (event: RaftEvent) => events.push(event),
    heardOf: () => undefined,
  } as unknown as Host
  const shelf = new SnapshotShelf(store, [], clock, operations, 1000)
  const fetching = new SnapshotFetching(host, shelf, operations, true)
  const offer = (index: number, more: Partial<InstallSnapshot> = {}) => {
    const header = { type: 'installSnapshot', from: 'a', to: 'me', term: 4 } as const
    fetching.offered({ ...header, mark: markAt(index), genesis: undefined, ...more }, 'life')
  }
  const give = (id: string, index: number, from = 'a') => {
    const data = new Uint8Array(4)
    fetching.arrived({
      ...{ type: 'snapshotChunk', from, to: 'me', term: 4, snapshotId: id, mark: markAt(index) },
      ...{ totalBytes: 4, checksum: crc32c(data), offset: 0, data },
    })
  }
  const later = (ms: number) => {
    clock.advance(ms)
    fetching.tick(clock.now())
  }
  const asked = () => posted.splice(0).map(({ to, minIndex }) => `${to}${minIndex}`)
  return { fetching, host, shelf, store, status, stepped, events, offer, give, later, asked }
}

describe('an offer', () => {
  it('of what is committed here, or of an older term, is for the core to answer', () => {
    const { offer, stepped, asked } = make()
    offer(5)
    offer(9, { term: 3 })
    expect(stepped).toMatchObject([
      { type: 'message', message: { mark: { index: 5 } }, incarnation: 'life' },
      { type: 'message', message: { term: 3 } },
    ])
    expect(asked()).toEqual([])
  })

  it('is told to the core when the snapshot is there, with the mark of what is there', () => {
    const { offer, give, stepped, asked, shelf } = make()
    offer(9)
    expect(asked()).toEqual(['a9'])
    give('s', 12)
    expect(stepped).toMatchObject([{ message: { from: 'a', term: 4, mark: { index: 12 } } }])
    expect(shelf.newest?.id).toBe('s')
    // What the core did not take, in another term, is told again when it is offered again.
    offer(10, { from: 'b', term: 5 })
    expect(stepped[1]).toMatchObject({ message: { from: 'b', term: 5, mark: { index: 12 } } })
    expect(asked()).toEqual([])
  })

  it('that is made again while it is fetched changes nothing but whom the core hears of', () => {
    const { offer, give, stepped, asked } = make()
    offer(9)
    offer(9)
    offer(8, { from: 'b', term: 5 })
    expect(asked()).toEqual(['a9'])
    give('s', 9)
    expect(stepped).toMatchObject([{ message: { from: 'b', term: 5, mark: { index: 9 } } }])
  })

  it('of a newer one does not stop one that comes along, but one that does not', () => {
    const { offer, later, asked } = make()
    offer(9)
    later(90)
    offer(20)
    expect(asked()).toEqual(['a9'])
    later(120)
    expect(asked()).toEqual(['a9'])
    offer(20)
    expect(asked()).toEqual(['a20'])
  })

  it('of a new leader is followed when the old one does not answer', () => {
    const { offer, later, asked } = make()
    offer(9)
    later(90)
    offer(9, { from: 'b', term: 5 })
    expect(asked()).toEqual(['a9'])
    later(120)
    asked()
    offer(9, { from: 'b', term: 5 })
    expect(asked()).toEqual(['b9'])
  })

  it('waits for the store to be done with the one before', () => {
    const { offer, give, later, asked, store } = make()
    offer(9)
    store.held = []
    give('s', 9)
    asked()
    later(250)
    offer(20)
    offer(20)
    expect(asked()).toEqual([])
    store.release()
    offer(20)
    expect(asked()).toEqual(['a20'])
  })

  it('is no use any more when the log has come another way', () => {
    const { offer, give, later, status, stepped, asked } = make()
    offer(9)
    status.commitIndex = 9
    later(10)
    give('s', 9)
    later(500)
    expect(asked()).toEqual(['a9'])
    expect(stepped).toEqual([])
  })

  it('is fetched from the others first where that is wanted, from another one each time', () => {
    const { offer, later, asked, events } = make({ snapshotSource: 'anyMember' })
    const first: string[] = []
    for (let i = 0; i < 3; i++) {
      offer(9)
      first.push(asked()[0] as string)
      for (let tries = 0; tries < 20; tries++) later(100)
      const all = new Set(asked())
      expect([...all].toSorted()).toEqual(['a9', 'b9', 'c9'])
      expect(events).toHaveLength(i + 1)
    }
    expect(first).toEqual(['b9', 'c9', 'b9'])
  })

  it('names the source once it is installed', () => {
    const { fetching, offer, give } = make({ snapshotSource: 'anyMember' })
    offer(9)
    give('s', 9, 'b')
    expect(fetching.takeSource(9)).toBe('b')
    expect(fetching.takeSource(9)).toBe('a')
  })

  it('of one that was stored before goes to the core at once', () => {
    const { offer, shelf, stepped, asked } = make()
    const info: SnapshotInfo = { id: 'own', mark: markAt(9), sizeBytes: 0, checksum: 0 }
    shelf.add(info)
    offer(9)
    expect(stepped).toHaveLength(1)
    expect(asked()).toEqual([])
  })

  it('that came to its end after it was stopped is there all the same, and not fetched again', () => {
    const { fetching, offer, give, store, shelf, stepped, asked } = make()
    offer(9)
    store.held = []
    give('s', 9)
    // Written; the last sync takes its time.
    const [write] = store.held.splice(0)
    write?.()
    fetching.stop()
    store.release()
    expect(shelf.newest?.id).toBe('s')
    asked()
    offer(9, { from: 'b', term: 5 })
    expect(asked()).toEqual([])
    expect(stepped.at(-1)).toMatchObject({ message: { from: 'b', mark: { index: 9 } } })
  })

  it('of a member without a name for its life, and of a group of two, is as good as any', () => {
    const { fetching, stepped, asked, give } = make({ snapshotSource: 'anyMember' })
    const mark = { ...markAt(9), membership: membershipOf(['a', 'me']) }
    const header = { type: 'installSnapshot', from: 'a', to: 'me', term: 4 } as const
    fetching.offered({ ...header, mark, genesis: undefined }, undefined)
    expect(asked()).toEqual(['a9'])
    give('s', 9)
    expect(stepped).toMatchObject([{ type: 'message', message: { mark: { index: 9 } } }])
    expect(stepped[0]).not.toHaveProperty('incarnation')
  })

  it('that comes to its end when the node has stopped is told to nobody', () => {
    const { fetching, host, offer, give, store, shelf, stepped } = make()
    offer(9)
    store.held = []
    give('s', 9)
    const [write] = store.held.splice(0)
    write?.()
    Object.assign(host, { isRunning: false })
    fetching.stop()
    store.release()
    expect([shelf.newest, stepped]).toEqual([undefined, []])
    expect(store.complete.has('s')).toBe(true)
  })
})
