import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { markAt, snapshotRequest } from '../../test/message-defaults.ts'
import type { Callback, RaftEvent, SnapshotInfo, StoredSnapshot } from '../ports.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { SnapshotChunk } from '../types.ts'
import type { Host } from './host.ts'
import { Operations } from './operations.ts'
import { RAFT_DEFAULTS } from './raft-config.ts'
import { SnapshotServing } from './snapshot-serving.ts'
import { SnapshotShelf } from './snapshot-shelf.ts'

const DATA = Uint8Array.from({ length: 40 }, (_, i) => i)
const INFO: SnapshotInfo = { id: 's', mark: markAt(9, 2), sizeBytes: 40, checksum: 7 }

function make() {
  const clock = new FakeClock()
  const store = new MemorySnapshots()
  store.complete.set('s', { info: INFO, data: DATA })
  const posted: SnapshotChunk[] = []
  const events: RaftEvent[] = []
  const damaged: unknown[] = []
  const state = { isRunning: true }
  const host = {
    ...{ id: 'me', clock, config: { ...RAFT_DEFAULTS, snapshotChunkBytes: 10 } },
    core: { status: () => ({ term: 4 }) },
    get isRunning() {
      return state.isRunning
    },
    post: (chunk: SnapshotChunk) => posted.push(chunk),
    observe: (event: RaftEvent) => events.push(event),
  } as unknown as Host
  const operations = new Operations()
  const shelf = new SnapshotShelf(store, [INFO], clock, operations, 1000)
  const serving = new SnapshotServing(host, shelf, () => damaged.push(shelf.newest))
  const ask = (offset: number) => serving.handle(snapshotRequest({ snapshotId: 's', offset }))
  return { store, shelf, operations, state, posted, events, damaged, ask }
}

/** Makes reads of pieces wait, and later answer with an error or with what they are. */
function hold(store: MemorySnapshots) {
  const waiting: ((error?: Error) => void)[] = []
  const read = store.read.bind(store)
  store.read = (id, done) =>
    read(id, (error, stored) => {
      const slow = (offset: number, length: number, give: Callback<Uint8Array>) =>
        void waiting.push((failure) => {
          if (failure === undefined) stored.read(offset, length, give)
          else give(failure, new Uint8Array(0))
        })
      done(error, { ...stored, read: slow } as StoredSnapshot)
    })
  return waiting
}

describe('pieces of a snapshot', () => {
  it('are as small as this node wants them, with what is known of the whole', () => {
    const { posted, ask } = make()
    ask(35)
    ask(10)
    const whole = { snapshotId: 's', mark: INFO.mark, totalBytes: 40, checksum: 7, term: 4 }
    expect(posted).toMatchObject([
      { ...whole, offset: 35, data: DATA.slice(35) },
      { ...whole, offset: 10, data: DATA.slice(10, 20) },
    ])
  })

  it('are read so many at once; the others are asked for again', () => {
    const { store, posted, ask } = make()
    const waiting = hold(store)
    for (let i = 0; i < 40; i++) ask(i)
    expect(waiting).toHaveLength(16)
    for (const answer of waiting.splice(0)) answer()
    expect(posted).toHaveLength(16)
    for (let i = 16; i < 40; i++) ask(i)
    expect(waiting).toHaveLength(16)
  })

  it('that can not be read are told of, so that another member is asked', () => {
    for (const fails of ['open', 'read'] as const) {
      const { store, posted, events, damaged, ask } = make()
      const waiting = hold(store)
      if (fails === 'open') store.read = (_id, done) => done(new Error('rot'), undefined as never)
      ask(10)
      for (const answer of waiting) answer(new Error('rot'))
      expect(posted).toMatchObject([{ snapshotId: '', mark: undefined, offset: 10 }])
      expect(events).toMatchObject([{ type: 'snapshotFailed', error: { message: 'rot' } }])
      // It does not count as being there any more when another one is wanted.
      expect(damaged).toEqual([undefined])
    }
  })

  it.each([undefined, new Error('rot')])(
    'that come after the end are sent to nobody (%s)',
    (outcome) => {
      const { store, shelf, operations, state, posted, events, damaged, ask } = make()
      const waiting = hold(store)
      ask(0)
      state.isRunning = false
      shelf.closeAll()
      // It is still being read: closing waits for it.
      expect(operations.count).toBe(1)
      waiting[0]?.(outcome)
      expect([posted, events, damaged]).toEqual([[], [], []])
      expect([operations.count, store.openReaders]).toEqual([0, 0])
    },
  )
})
