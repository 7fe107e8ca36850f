import fc from 'fast-check'
import { expect, it } from 'vitest'
import { encodeFrame, FRAME_HEADER_BYTES, type FrameKind, FrameReader } from './frame.ts'

interface Frame {
  readonly kind: FrameKind
  readonly payload: Uint8Array
}

function readAll(reader: FrameReader, chunks: readonly Uint8Array[]) {
  const frames: Frame[] = []
  for (const chunk of chunks) {
    const wrong = reader.read(chunk, (kind, payload) => frames.push({ kind, payload }) > 0)
    if (wrong !== undefined) return { frames, wrong }
  }
  return { frames, wrong: undefined }
}

const frame = fc.record<Frame>({
  kind: fc.constantFrom<FrameKind>('batch', 'ping', 'pong'),
  payload: fc.uint8Array({ maxLength: 300 }),
})

it('frames come out as they went in, however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 200 })), (frames, cuts) => {
      const bytes = Uint8Array.from(frames.flatMap((f) => [...encodeFrame(f.kind, f.payload)]))
      const chunks: Uint8Array[] = []
      let at = 0
      for (let i = 0; at < bytes.length; i++) {
        const size = cuts.length === 0 ? bytes.length : (cuts[i % cuts.length] as number)
        chunks.push(bytes.slice(at, at + size))
        at += size
      }
      expect(readAll(new FrameReader(300), chunks)).toEqual({ frames, wrong: undefined })
    }),
  )
})

it('a frame with any bit turned is not taken', () => {
  const whole = encodeFrame(
    'batch',
    Uint8Array.from({ length: 40 }, (_, i) => i),
  )
  for (let bit = 0; bit < whole.length * 8; bit++) {
    const damaged = whole.slice()
    damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
    const { frames, wrong } = readAll(new FrameReader(1000), [damaged])
    expect(frames).toEqual([])
    // A larger length is still waiting for its bytes, as it must.
    if (wrong === undefined) expect(bit).toBeLessThan(16)
  }
})

it('a frame above the limit is refused by its header, before its bytes are there', () => {
  const header = encodeFrame('batch', new Uint8Array(101)).slice(0, FRAME_HEADER_BYTES)
  expect(readAll(new FrameReader(100), [header]).wrong).toBe(
    'a frame of 101 bytes, at most 100 are allowed',
  )
  const exact = encodeFrame('batch', new Uint8Array(100))
  expect(readAll(new FrameReader(100), [exact]).frames).toHaveLength(1)
})

it('what is encoded is a copy, and reading can be stopped in the middle of a chunk', () => {
  const payload = Uint8Array.of(1, 2, 3)
  const bytes = encodeFrame('batch', payload)
  payload.fill(0)
  const reader = new FrameReader(10)
  const seen: number[][] = []
  const wrong = reader.read(Uint8Array.from([...bytes, ...bytes]), (_, read) => {
    seen.push([...read])
    return false
  })
  expect({ seen, wrong }).toEqual({ seen: [[1, 2, 3]], wrong: undefined })
})
