import { FakeClock } from '@quorail/raft-core/testing'
import { expect, test } from 'vitest'
import { MemoryRows } from '../testing/memory-cluster.ts'
import { RowQueue } from './row-queue.ts'

function start(batchRows = 5_000) {
  const clock = new FakeClock()
  const store = new MemoryRows()
  const failures: Error[] = []
  const queue = new RowQueue({
    store,
    clock,
    startIndex: 0,
    startHash: 'h0',
    batchRows,
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
  expect(queue.backlogRows).toBe(10)
  store.release()
  expect(store.batches.map(({ appliedIndex, changes }) => [appliedIndex, changes.length])).toEqual([
    [1, 1],
    [10, 9],
  ])
  expect(store.batches.at(-1)?.stateHash).toBe('h10')
  expect(queue.backlogRows).toBe(0)
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
