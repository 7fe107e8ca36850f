import { describe, expect, test } from 'vitest'
import { encodeFrame, FrameReader, StateStreamError } from './state-stream.ts'

const frames = [
  { format: 1, clusterId: 'ab', appliedIndex: 2 ** 53 - 1, stateHash: '0f', tables: [] },
  { table: 'bookings', rows: [[1, 'Käthe 🚆 "x"', null, -0.5]] },
  { end: true as const, rowCount: 1 },
]

describe('the stream of a state', () => {
  test.each([1, 2, 3, 5, 7, 64, 10_000])('comes back whole from pieces of %i bytes', (size) => {
    const bytes = Buffer.concat(frames.map(encodeFrame))
    const reader = new FrameReader()
    const found: unknown[] = []
    for (let at = 0; at < bytes.length; at += size) {
      reader.add(bytes.subarray(at, at + size))
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) found.push(frame)
    }
    expect(found).toEqual(frames)
    expect(reader.isEmpty).toBe(true)
  })

  test('that is cut off leaves something behind', () => {
    const reader = new FrameReader()
    reader.add(encodeFrame(frames[1] as (typeof frames)[number]).subarray(0, 9))
    expect(reader.next()).toBeUndefined()
    expect(reader.isEmpty).toBe(false)
  })

  test.each([
    ['of another format', encodeFrame({ ...frames[0], format: 2 } as never), 'format 2'],
    ['of no kind', encodeFrame([] as never), 'no kind'],
    ['that is not JSON', Buffer.from([2, 0, 0, 0, 0x7b, 0x7b]), 'not JSON'],
    ['of a length that nothing has', Buffer.from([255, 255, 255, 255]), '4294967295 bytes'],
  ])('%s is refused', (_, bytes, words) => {
    const reader = new FrameReader()
    reader.add(bytes)
    expect(() => reader.next()).toThrow(StateStreamError)
    const again = new FrameReader()
    again.add(bytes)
    expect(() => again.next()).toThrow(words)
  })
})
