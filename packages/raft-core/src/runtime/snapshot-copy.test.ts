import { expect, it } from 'vitest'
import type { Callback, SnapshotWriter, StateCapture } from '../ports.ts'
import { copyCapture } from './snapshot-copy.ts'

/** So many pieces of one byte, each when `defer` says. */
function captureOf(pieces: number, defer: (run: () => void) => void): StateCapture {
  let left = pieces
  const next = (done: Callback<Uint8Array | undefined>) => {
    defer(() => done(undefined, left-- > 0 ? new Uint8Array(1) : undefined))
  }
  return { next, release: () => undefined }
}

function writerOf(defer: (run: () => void) => void, fullAt = Number.POSITIVE_INFINITY) {
  const written = { bytes: 0 }
  const writer = {
    write: (piece: Uint8Array, done: (error: Error | undefined) => void) => {
      written.bytes += piece.length
      defer(() => done(written.bytes > fullAt ? new Error('full') : undefined))
    },
  } as unknown as SnapshotWriter
  return { writer, written }
}

const atOnce = (run: () => void) => run()

it('a state of very many pieces is copied without waiting and without a deep stack', () => {
  const { writer, written } = writerOf(atOnce)
  const ends: unknown[] = []
  copyCapture(
    captureOf(200_000, atOnce),
    writer,
    () => true,
    (error) => ends.push(error),
  )
  expect(written.bytes).toBe(200_000)
  expect(ends).toEqual([undefined])
})

it('either side may take its time', () => {
  const later: (() => void)[] = []
  const defer = (run: () => void) => void later.push(run)
  const { writer, written } = writerOf(defer)
  const ends: unknown[] = []
  copyCapture(
    captureOf(3, defer),
    writer,
    () => true,
    (error) => ends.push(error),
  )
  for (let run = later.shift(); run !== undefined; run = later.shift()) run()
  expect(written.bytes).toBe(3)
  expect(ends).toEqual([undefined])
})

it('it ends with the first failure, and when it is not wanted any more', () => {
  const { writer } = writerOf(atOnce, 2)
  const ends: string[] = []
  const end = (error: Error | undefined) => ends.push(error?.message ?? 'done')
  copyCapture(captureOf(9, atOnce), writer, () => true, end)
  const broken = {
    next: (done: Callback<Uint8Array | undefined>) => done(new Error('gone'), undefined),
  } as StateCapture
  copyCapture(broken, writerOf(atOnce).writer, () => true, end)
  let wanted = 3
  copyCapture(captureOf(9, atOnce), writerOf(atOnce).writer, () => wanted-- > 0, end)
  expect(ends).toEqual(['full', 'gone', 'stopped'])
})

it('a state that throws when it is asked for its next piece has failed, at the first one or later', () => {
  const later: (() => void)[] = []
  const ends: string[] = []
  for (const good of [0, 2]) {
    let left = good
    const throwing = {
      next: (done: Callback<Uint8Array | undefined>) => {
        if (left-- === 0) throw new Error(`after ${good}`)
        later.push(() => done(undefined, new Uint8Array(1)))
      },
    } as StateCapture
    const end = (error: Error | undefined) => ends.push(error?.message ?? 'done')
    copyCapture(throwing, writerOf(atOnce).writer, () => true, end)
  }
  for (let run = later.shift(); run !== undefined; run = later.shift()) run()
  expect(ends).toEqual(['after 0', 'after 2'])
})
