import { Code, ConnectError } from '@connectrpc/connect'
import { expect, test } from 'vitest'
import type { Look, Subject } from './subject.ts'
import { Watched } from './watched.ts'

/** A subject that is looked at as a test says. */
function scripted(looks: (Look | Error)[]): Subject {
  return {
    name: 'x',
    madeOf: [],
    gapMs: 0,
    tellsTime: false,
    whole: () => undefined,
    shrink: () => undefined,
    admit: () => undefined,
    look() {
      const next = looks.shift() ?? { type: 'same' }
      if (next instanceof Error) throw next
      return next
    },
  }
}

const state = (number: number, bytes = 10): Look => ({
  type: 'changed',
  fingerprint: new Uint8Array([number]),
  change: { no: 6, data: new Uint8Array(bytes) },
})

function looked(looks: (Look | Error)[], keptChanges = 10, keptBytes = 1_000) {
  const watched = new Watched(scripted(looks), { keptChanges, keptBytes })
  for (let index = 1; looks.length > 0; index++) watched.look(index, 0)
  return watched
}

const numbers = (watched: Watched, since: number) => watched.since(since)?.map((it) => it.number)

test('what is new since a state is every change behind it, in order', () => {
  const watched = looked([state(1), state(2), { type: 'same' }, state(3)])
  expect(numbers(watched, 1)).toEqual([2, 3])
  expect(numbers(watched, 3)).toEqual([])
  expect(watched.version).toMatchObject({ number: 3, index: 4 })
  expect(watched.numbered(new Uint8Array([2]))).toBe(2)
  expect(watched.numbered(new Uint8Array([9]))).toBeUndefined()
})

test('a state that was twice is the later one', () => {
  const watched = looked([state(1), state(2), state(1)])
  expect(numbers(watched, watched.numbered(new Uint8Array([1])) ?? 0)).toEqual([])
})

test('few changes are kept, by number and by bytes; beyond that one begins again', () => {
  const few = looked([state(1), state(2), state(3), state(4)], 2)
  expect(numbers(few, 3)).toEqual([4])
  expect(numbers(few, 2)).toEqual([3, 4])
  expect(few.since(1)).toBeUndefined()
  expect(few.numbered(new Uint8Array([2]))).toBeUndefined()
  const large = looked([state(1, 1), state(2, 600), state(3, 600)], 10, 1_000)
  expect(numbers(large, 2)).toEqual([3])
  expect(large.since(1)).toBeUndefined()
})

test('a change of which nobody knows what it was is a beginning as well', () => {
  const whole: Look = { type: 'changed', fingerprint: new Uint8Array([2]), change: undefined }
  const watched = looked([state(1), whole, state(3)])
  expect(watched.since(1)).toBeUndefined()
  expect(numbers(watched, 2)).toEqual([3])
})

test('what was never there is an error, what is gone has ended', () => {
  const error = new ConnectError('no', Code.NotFound)
  expect(looked([error]).end).toBe(error)
  expect(looked([state(1), error]).end).toBe('ended')
  expect(looked([state(1), { type: 'ended' }]).end).toBe('ended')
})
