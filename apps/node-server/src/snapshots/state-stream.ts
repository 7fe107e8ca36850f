/**
 * A node's whole database as a stream of bytes: what a follower is given that is too far behind, and
 * what a backup consists of. It is made of rows, not of pages, so that any version of SQLite and any
 * later schema can take it.
 *
 * Frames, each a 32-bit little-endian length and as many bytes of UTF-8 JSON: a `StreamHeader`, then
 * `StreamRows` table by table, then a `StreamEnd`. Whoever carries the stream guards it against damage.
 */
import type { Value } from '@quorail/booking-fsm'

export const streamFormat = 1

export interface StreamHeader {
  readonly format: number
  readonly clusterId: string
  /** Of the last entry that is in the rows. */
  readonly appliedIndex: number
  /** Of the rows that are the state. */
  readonly stateHash: string
  /** Of the rows that are not (`RecordHashes.toText`); a sender of an earlier version does not know it. */
  readonly recordHashes?: string
  /** In the order in which their rows come. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[]
}
export interface StreamRows {
  readonly table: string
  readonly rows: readonly (readonly Value[])[]
}
export interface StreamEnd {
  readonly end: true
  readonly rowCount: number
}
export type Frame = StreamHeader | StreamRows | StreamEnd

export class StateStreamError extends Error {
  override readonly name = 'StateStreamError'
}

/** No frame is larger: one row of the largest train is some tens of kilobytes. */
const maxFrameBytes = 16 << 20

const lengthBytes = 4

export function encodeFrame(frame: Frame): Uint8Array {
  const json = Buffer.from(JSON.stringify(frame))
  const bytes = Buffer.allocUnsafe(lengthBytes + json.length)
  bytes.writeUInt32LE(json.length)
  bytes.set(json, lengthBytes)
  return bytes
}

export const isHeader = (frame: Frame): frame is StreamHeader => 'format' in frame
export const isEnd = (frame: Frame): frame is StreamEnd => 'end' in frame

/** Puts frames together again from pieces that were cut anywhere. */
export class FrameReader {
  #pieces: Buffer[] = []
  #bytes = 0

  get isEmpty(): boolean {
    return this.#bytes === 0
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength))
    this.#bytes += piece.byteLength
  }

  /** The next whole frame; undefined until more is there. Throws on what is none. */
  next(): Frame | undefined {
    if (this.#bytes < lengthBytes) return undefined
    const joined = this.#joined()
    const length = joined.readUInt32LE()
    if (length > maxFrameBytes) throw new StateStreamError(`a frame of ${length} bytes`)
    const end = lengthBytes + length
    if (joined.length < end) return undefined
    const rest = joined.subarray(end)
    this.#pieces = rest.length === 0 ? [] : [rest]
    this.#bytes = rest.length
    return parse(joined.toString('utf8', lengthBytes, end))
  }

  #joined(): Buffer {
    const [first] = this.#pieces
    if (this.#pieces.length === 1 && first !== undefined) return first
    const joined = Buffer.concat(this.#pieces, this.#bytes)
    this.#pieces = [joined]
    return joined
  }
}

function parse(text: string): Frame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new StateStreamError(`a frame that is not JSON (${String(error)})`)
  }
  if (typeof value !== 'object' || value === null) throw new StateStreamError('a frame of no kind')
  if ('format' in value && value.format !== streamFormat) {
    throw new StateStreamError(
      `the stream has format ${String(value.format)}, and this version reads ${streamFormat}`,
    )
  }
  if ('format' in value || 'end' in value || 'rows' in value) return value as Frame
  throw new StateStreamError('a frame of no kind')
}
