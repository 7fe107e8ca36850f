/**
 * Frames: what follows the handshake on a connection.
 *
 *     u32 length of the payload | u8 kind | u32 CRC-32C of these five bytes and the payload | payload
 *
 * Numbers are little-endian. TCP's own checksum misses an error in 65,536; that of a frame decides.
 */
import { getU32, putU32 } from '../wal/bytes.ts'
import { crc32c } from '../wal/crc32c.ts'

export const FRAME_HEADER_BYTES = 9
const CHECKSUM_AT = 5

/** `bye`, since version 2: the sender closes on purpose, and lives. */
export const FRAME_KINDS = { batch: 1, ping: 2, pong: 3, bye: 4 } as const
export type FrameKind = keyof typeof FRAME_KINDS
const kindOf = new Map<number, FrameKind>(
  Object.entries(FRAME_KINDS).map(([kind, code]) => [code, kind as FrameKind]),
)

const NOTHING = new Uint8Array(0)

/** A frame with a copy of `payload`. */
export function encodeFrame(kind: FrameKind, payload: Uint8Array = NOTHING): Uint8Array {
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length)
  putU32(frame, 0, payload.length)
  frame[4] = FRAME_KINDS[kind]
  frame.set(payload, FRAME_HEADER_BYTES)
  putU32(frame, CHECKSUM_AT, checksumOf(frame, 0, frame.length))
  return frame
}

function checksumOf(bytes: Uint8Array, from: number, to: number): number {
  return crc32c(bytes, crc32c(bytes, 0, from, from + CHECKSUM_AT), from + FRAME_HEADER_BYTES, to)
}

/** Returns false to stop reading. */
export type OnFrame = (kind: FrameKind, payload: Uint8Array) => boolean

/** Cuts a stream of bytes into frames. Payloads are views of the bytes read, or of a copy. */
export class FrameReader {
  readonly #maxPayloadBytes: number
  /** The beginning of the frame that is not whole yet; joined only when it is. */
  #parts: Uint8Array[] = []
  #have = 0
  #need = FRAME_HEADER_BYTES

  constructor(maxPayloadBytes: number) {
    this.#maxPayloadBytes = maxPayloadBytes
  }

  /** What is wrong, or undefined. After something wrong it must not be used any more. */
  read(chunk: Uint8Array, onFrame: OnFrame): string | undefined {
    let bytes = chunk
    if (this.#have > 0) {
      this.#parts.push(chunk)
      this.#have += chunk.length
      if (this.#have < this.#need) return undefined
      bytes = joined(this.#parts, this.#have)
    }
    let at = 0
    for (;;) {
      const left = bytes.length - at
      this.#need = FRAME_HEADER_BYTES
      if (left < FRAME_HEADER_BYTES) break
      const length = getU32(bytes, at)
      if (length > this.#maxPayloadBytes) {
        return `a frame of ${length} bytes, at most ${this.#maxPayloadBytes} are allowed`
      }
      this.#need += length
      if (left < this.#need) break
      const end = at + this.#need
      const kind = kindOf.get(bytes[at + 4] as number)
      if (getU32(bytes, at + CHECKSUM_AT) !== checksumOf(bytes, at, end)) {
        return 'a frame with a wrong checksum'
      }
      if (kind === undefined) return `a frame of unknown kind ${bytes[at + 4]}`
      if (!onFrame(kind, bytes.subarray(at + FRAME_HEADER_BYTES, end))) return undefined
      at = end
    }
    this.#have = bytes.length - at
    this.#parts = this.#have > 0 ? [bytes.subarray(at)] : []
    return undefined
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
