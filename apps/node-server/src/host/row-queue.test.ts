import type { RowChange } from '@quorail/booking-fsm'
import { FakeClock } from '@quorail/raft-core/testing'
import { expect, test } from 'vitest'
import { MemoryRows } from '../testing/memory-cluster.ts'
import { RowQueue } from './row-queue.ts'

function start(batchRows = 5_000, gatherMs = 0, batchBytes = 1_000_000) {
  const clock = new FakeClock()
  const store = new MemoryRows()
  const failures: Error[] = []
  const queue = new RowQueue({
    store,
    clock,
    startIndex: 0,
    startHash: 'h0',
    ...{ batchRows, gatherMs, batchBytes },
    onProgress: () => {},
    onFailure: (error) => failures.push(error),
  })
  const push = (index: number, rows = 1): void =>
    queue.push(
      Array.from({ length: rows }, (_, at) => ({
        type: 'upsert',
        table: 'sessions',
        values: [`${index}-${at}`, 1, 1, 1],
      })),
      index,
      `h${index}`,
    )
  return { clock, store, queue, failures, push }
}

test('what is applied while a transaction is under way goes with the next, in one', () => {
  const { store, queue, push } = start()
  store.hold()
  for (let index = 1; index <= 10; index += 1) push(index)
  expect(queue.backlog.rows).toBe(10)
  store.release()
  expect(store.batches.map(({ appliedIndex, changes }) => [appliedIndex, changes.length])).toEqual([
    [1, 1],
    [10, 9],
  ])
  expect(store.batches.at(-1)?.stateHash).toBe('h10')
  expect(queue.backlog.rows).toBe(0)
})

test('a busy node gathers rows for a moment; nobody who waits for them is kept, and an idle one gathers nothing', () => {
  const { clock, store, queue, push } = start(10, 200)
  const written = (): readonly number[] => store.batches.map(({ appliedIndex }) => appliedIndex)
  push(1)
  expect(written()).toEqual([1])
  push(2)
  clock.advance(150)
  push(3)
  expect(written()).toEqual([1])
  expect(queue.backlog.rows).toBe(2)
  clock.advance(51)
  expect(written()).toEqual([1, 3])
  clock.advance(500)
  push(4)
  expect(written()).toEqual([1, 3, 4])
  push(5, 10)
  expect(written(), 'a full one does not wait').toEqual([1, 3, 4, 5])
  push(6)
  queue.settle(() => {})
  expect(written()).toEqual([1, 3, 4, 5, 6])
})

test('a row that changed twice is written once, as it is at last', () => {
  const { store, queue } = start()
  const row = (key: string, value: number): RowChange => ({
    type: 'upsert',
    table: 'sessions',
    values: [key, value, 1, 1],
  })
  store.hold()
  queue.push([row('first', 0)], 1, 'h1')
  queue.push([row('a', 1), row('b', 2), row('a', 3)], 2, 'h2')
  queue.push([{ type: 'delete', table: 'sessions', key: ['b'] }, row('c', 4)], 3, 'h3')
  const twoColumns = [1, 2].map(
    (passenger): RowChange => ({
      type: 'upsert',
      table: 'saved_passengers',
      values: [7, passenger, 'A', 'adult', 0, ''],
    }),
  )
  queue.push([...twoColumns, row('c', 5)], 4, 'h4')
  store.release()
  expect(store.batches.at(-1)?.changes).toEqual([
    row('a', 3),
    { type: 'delete', table: 'sessions', key: ['b'] },
    ...twoColumns,
    row('c', 5),
  ])
})

test('a transaction ends where a run of entries ends, never in the middle', () => {
  const { store, push } = start(10)
  store.hold()
  for (const index of [1, 2, 3, 4]) push(index, 7)
  store.release()
  expect(store.batches.map(({ appliedIndex, changes }) => [appliedIndex, changes.length])).toEqual([
    [1, 7],
    [3, 14],
    [4, 7],
  ])
})

test('about once a second a batch is made durable, also when nothing comes any more', () => {
  const { clock, store, queue, push } = start()
  push(1)
  expect(store.batches.at(-1)?.durable).toBe(false)
  expect(queue.durableIndex).toBe(0)
  clock.advance(1_001)
  expect(queue.durableIndex).toBe(1)
  expect(store.batches.at(-1)).toEqual({
    changes: [],
    appliedIndex: 1,
    stateHash: 'h1',
    durable: true,
  })
  const batches = store.batches.length
  clock.advance(10_000)
  expect(store.batches).toHaveLength(batches)
})

test('a flush makes everything durable at once', () => {
  const { store, queue, push } = start()
  store.hold()
  push(1)
  push(2)
  let flushed = 0
  queue.flush(() => {
    flushed += 1
  })
  expect(flushed).toBe(0)
  store.release()
  expect(flushed).toBe(1)
  expect(queue.durableIndex).toBe(2)
  queue.flush(() => {
    flushed += 1
  })
  expect(flushed).toBe(2)
})

test('the first error is told once, and nothing is written after it', () => {
  const { store, queue, failures, push } = start()
  store.failure = new Error('disk full')
  push(1)
  push(2)
  expect(failures.map(({ message }) => message)).toEqual(['disk full'])
  expect(store.batches).toEqual([])
  let flushed = false
  queue.flush(() => {
    flushed = true
  })
  expect(flushed).toBe(true) // nobody waits for what will not come
  expect(queue.durableIndex).toBe(0)
})

test('what waits is bounded by its bytes as by its rows: few heavy rows are a backlog too, until they are written', () => {
  const { store, queue } = start()
  const heavy = (index: number): void =>
    queue.push(
      [{ type: 'upsert', table: 'sessions', values: [`${index}`.repeat(50_000), 1, 1, 1] }],
      index,
      `h${index}`,
    )
  const limit = { rows: 1_000, bytes: 150_000 }
  store.hold()
  for (const index of [1, 2]) heavy(index)
  expect(queue.hasAtLeast(limit)).toBe(false)
  heavy(3)
  expect(queue.backlog).toEqual({ rows: 3, bytes: 3 * (96 + 4 * 8 + 50_000) })
  expect(queue.hasAtLeast(limit)).toBe(true)
  expect(queue.hasAtLeast({ rows: 3, bytes: Number.POSITIVE_INFINITY })).toBe(true)
  store.release()
  expect(queue.backlog).toEqual({ rows: 0, bytes: 0 })
  expect(queue.hasAtLeast(limit)).toBe(false)
})

test('a transaction is full by its bytes too, and then does not wait', () => {
  const { store, push } = start(5_000, 200, 1_000)
  const written = (): readonly number[] => store.batches.map(({ appliedIndex }) => appliedIndex)
  push(1)
  push(2, 2)
  expect(written()).toEqual([1])
  push(3, 6)
  expect(written(), 'nine rows of 131 bytes').toEqual([1, 3])
  for (const index of [4, 5, 6]) push(index, 7)
  expect(written(), 'runs of 917 bytes').toEqual([1, 3, 5])
})
