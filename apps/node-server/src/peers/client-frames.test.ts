import { describe, expect, test } from 'vitest'
import {
  contentOf,
  type Frame,
  FrameReader,
  frameFlag,
  frameHead,
  frameOf,
  frameType,
  headerBlock,
  settingsIn,
  statusOf,
} from './client-frames.ts'

const all = (reader: FrameReader, piece: Buffer): Frame[] => [...reader.take(piece)]

describe('frames', () => {
  test('come out whole, however they are cut', () => {
    const sent = Buffer.concat([
      frameOf(frameType.settings, frameFlag.ack, 0),
      frameOf(frameType.data, frameFlag.endStream, 1, Buffer.from('some data')),
    ])
    for (let cut = 0; cut <= sent.length; cut += 1) {
      const reader = new FrameReader()
      const frames = [...all(reader, sent.subarray(0, cut)), ...all(reader, sent.subarray(cut))]
      expect(frames.map(({ type, flags, stream }) => [type, flags, stream])).toEqual([
        [4, 1, 0],
        [0, 1, 1],
      ])
      expect(frames[1]?.payload.toString()).toBe('some data')
    }
  })

  test('larger than was ever allowed are refused before they are kept', () => {
    const reader = new FrameReader()
    expect(() => all(reader, frameHead(16_385, frameType.data, 0, 1))).toThrow('16385 bytes')
  })

  test('are read without what they are filled up with', () => {
    const padded = Buffer.concat([Buffer.of(3), Buffer.from('data'), Buffer.alloc(3)])
    const frame = { type: frameType.data, flags: frameFlag.padded, stream: 1, payload: padded }
    expect(contentOf(frame).toString()).toBe('data')
    const flags = frameFlag.padded | frameFlag.priority
    const headers = Buffer.concat([Buffer.of(2), Buffer.alloc(5), Buffer.of(0x88, 0, 0)])
    expect(contentOf({ type: frameType.headers, flags, stream: 1, payload: headers })).toEqual(
      Buffer.of(0x88),
    )
  })

  test('of settings are read by number', () => {
    expect([...settingsIn(Buffer.from('000400400000000500004000', 'hex'))]).toEqual([
      [4, 4_194_304],
      [5, 16_384],
    ])
  })
})

describe('headers', () => {
  test('are written as they are, also long ones', () => {
    const block = headerBlock({ a: 'b', long: 'x'.repeat(300) })
    expect(block.subarray(0, 5)).toEqual(Buffer.of(0, 1, 0x61, 1, 0x62))
    // 127, then 173 in groups of seven bits.
    expect(block.subarray(5, 14)).toEqual(Buffer.from('00046c6f6e677fad01', 'hex'))
    expect(block.length).toBe(14 + 300)
  })

  test('begin with the status of an answer', () => {
    expect(statusOf(Buffer.of(0x88, 1))).toBe(200)
    expect(statusOf(Buffer.of(0x8d))).toBe(404)
    expect(statusOf(Buffer.of(0x48, 3))).toBe(undefined)
    expect(statusOf(Buffer.alloc(0))).toBe(undefined)
  })
})
