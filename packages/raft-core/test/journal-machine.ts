/** A small state machine for tests of what wraps one: it writes down every command, in order. */
import { decodeUtf8, encodeUtf8 } from '../src/codec/utf8.ts'
import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../src/ports.ts'
import type { Entry, SnapshotMark } from '../src/types.ts'

/** The result of a command is its number and itself: `3 set x`; of everything else ''. */
export class JournalMachine implements StateMachine<string> {
  appliedIndex = 0
  lines: string[] = []

  apply(entries: readonly Entry[], done: Callback<readonly string[]>): void {
    const results = entries.map((entry) => {
      if (this.appliedIndex !== 0 && entry.index !== this.appliedIndex + 1) {
        throw new Error(`${entry.index} after ${this.appliedIndex}`)
      }
      this.appliedIndex = entry.index
      if (entry.kind !== 'command') return ''
      const said = decodeUtf8(entry.data, 0, entry.data.length) ?? 'not text'
      this.lines.push(said)
      return `${this.lines.length} ${said}`
    })
    done(undefined, results)
  }

  capture(done: Callback<StateCapture>): void {
    const pieces = [`${this.appliedIndex}\n`, ...this.lines.map((line) => `${line}\n`)]
    done(undefined, {
      next: (given) => {
        const piece = pieces.shift()
        given(undefined, piece === undefined ? undefined : encodeUtf8(piece))
      },
      release: () => {},
    })
  }

  restore(mark: SnapshotMark, snapshot: SnapshotReader, done: Done): void {
    snapshot.read(0, snapshot.sizeBytes, (error, bytes) => {
      if (error !== undefined) {
        done(error)
        return
      }
      const [index, ...lines] = (decodeUtf8(bytes, 0, bytes.length) ?? '').split('\n')
      if (Number(index) !== mark.index) {
        done(new Error(`a snapshot of ${index}, not of ${mark.index}`))
        return
      }
      this.appliedIndex = mark.index
      this.lines = lines.slice(0, -1)
      done(undefined)
    })
  }
}

/** All of a machine's snapshot. The machine must answer at once. */
export function snapshotOf(machine: StateMachine<unknown>): Uint8Array {
  const pieces: Uint8Array[] = []
  let ended = false
  machine.capture?.((error, capture) => {
    if (error !== undefined) throw error
    while (!ended) {
      capture.next((problem, piece) => {
        if (problem !== undefined) throw problem
        if (piece === undefined) ended = true
        else pieces.push(piece)
      })
    }
    capture.release()
  })
  if (!ended) throw new Error('no snapshot')
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

export function readerOf(bytes: Uint8Array): SnapshotReader {
  return {
    sizeBytes: bytes.length,
    read: (offset, length, done) => done(undefined, bytes.slice(offset, offset + length)),
  }
}
