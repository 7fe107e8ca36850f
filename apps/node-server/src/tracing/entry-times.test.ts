import type { Entry, LogStore, LogWrite } from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { EntryTimesBook } from './entry-times.ts'

/** A log that syncs when it is told to. */
function world(slowMs: number) {
  const clock = { now: 0 }
  const syncs: ((error: Error | undefined) => void)[] = []
  const store: Partial<LogStore> = { write: (_write, done) => syncs.push(done) }
  const book = new EntryTimesBook(slowMs, () => clock.now)
  const log = book.watching(store as LogStore)
  const write = (...indexes: number[]): void =>
    log.write(
      { entries: indexes.map((index) => ({ index }) as Entry) } as unknown as LogWrite,
      () => {},
    )
  return { clock, book, write, sync: (error?: Error) => syncs.shift()?.(error) }
}

test('an entry was written, then durable, then applied', () => {
  const { clock, book, write, sync } = world(0)
  clock.now = 10
  write(5, 6)
  expect(book.of(5)).toEqual({ writtenMs: 10, durableMs: undefined, appliedMs: undefined })
  clock.now = 12
  sync()
  clock.now = 20
  book.applied(5)
  expect(book.of(5)).toEqual({ writtenMs: 10, durableMs: 12, appliedMs: 20 })
  expect(book.of(6)).toEqual({ writtenMs: 10, durableMs: 12, appliedMs: undefined })
  expect(book.of(7)).toBeUndefined()
})

test('a write that fails is not durable, one without entries is none', () => {
  const { book, write, sync } = world(0)
  write()
  sync()
  write(1)
  sync(new Error('EIO'))
  expect(book.of(1)?.durableMs).toBeUndefined()
})

test('what was slow is remembered longer than the rest', () => {
  const { clock, book, write, sync } = world(100)
  for (let index = 1; index <= 70_000; index += 1) {
    write(index)
    sync()
    // The tenth waits for its majority.
    clock.now += index === 10 ? 150 : 1
    book.applied(index)
  }
  expect(book.of(9)).toBeUndefined()
  expect(book.of(10)).toEqual({ writtenMs: 9, durableMs: 9, appliedMs: 159 })
  expect(book.of(70_000)).toBeDefined()
})
