import { describe, expect, it } from 'vitest'
import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, SnapshotMark } from '../types.ts'
import { Applying } from './applying.ts'
import { Operations } from './operations.ts'

const MARK = { index: 9, term: 1 } as SnapshotMark
const READER = { sizeBytes: 0 } as SnapshotReader
const CAPTURE = { next: () => undefined, release: () => undefined } as StateCapture
const entry = (index: number): Entry => ({ index, term: 1, kind: 'noop', data: new Uint8Array(0) })

/** A machine that answers when it is told to, and notes what it was asked. */
function make() {
  const asked: string[] = []
  const waiting: (() => void)[] = []
  const captured: Callback<StateCapture>[] = []
  const machine: StateMachine<string> = {
    appliedIndex: 0,
    apply: (entries, done) => {
      asked.push(`apply ${entries[0]?.index}`)
      waiting.push(() =>
        done(
          undefined,
          entries.map(() => ''),
        ),
      )
    },
    capture: (done) => {
      asked.push('capture')
      captured.push(done)
    },
    restore: (_mark, _reader, done: Done) => {
      asked.push('restore')
      waiting.push(() => done(undefined))
    },
  }
  const operations = new Operations()
  const told: string[] = []
  const applying = new Applying<string>(
    machine,
    operations,
    (entries) => told.push(`applied ${entries[0]?.index}`),
    (error) => told.push(error.message),
  )
  const capture = () =>
    applying.capture((error) => {
      told.push(error === undefined ? 'captured' : error.message)
      applying.goOn()
    })
  const restore = () => applying.restore(MARK, READER, () => told.push('restored'))
  const answer = () => waiting.shift()?.()
  return { applying, operations, asked, told, captured, capture, restore, answer }
}

describe('the state machine', () => {
  it('is not given another state while the one it has is being captured', () => {
    const { applying, operations, asked, told, captured, capture, restore, answer } = make()
    capture()
    restore()
    expect(asked).toEqual(['capture'])
    captured[0]?.(undefined, CAPTURE)
    expect(asked).toEqual(['capture', 'restore'])
    expect(applying.isBusy).toBe(true)
    answer()
    expect(told).toEqual(['captured', 'restored'])
    expect(applying.isBusy).toBe(false)
    expect(operations.count).toBe(0)
  })

  it('is busy with one thing at a time, however often it says that a capture is made', () => {
    const { applying, operations, asked, told, captured, capture, answer } = make()
    capture()
    captured[0]?.(undefined, CAPTURE)
    applying.apply([entry(1)])
    captured[0]?.(undefined, CAPTURE)
    expect(applying.isBusy).toBe(true)
    answer()
    expect(asked).toEqual(['capture', 'apply 1'])
    expect(told).toEqual(['captured', 'applied 1'])
    expect(operations.count).toBe(0)
  })
})
