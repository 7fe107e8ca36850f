/** The little of HTTP/2 that one call on one connection needs: frames, and headers in HPACK's longest and simplest form. */

export const frameType = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const
export const frameFlag = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const
export const setting = { initialWindow: 4, frameBytes: 5 } as const

export const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
export const frameHeadBytes = 9
/** What either side sends unless the other has said that it takes more. */
export const usualFrameBytes = 16_384
export const usualWindowBytes = 65_535

const nothing = Buffer.alloc(0)

export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: Buffer
}

export function frameOf(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = nothing,
): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeadBytes + payload.length)
  writeFrameHead(bytes, payload.length, type, flags, stream)
  bytes.set(payload, frameHeadBytes)
  return bytes
}

export function frameHead(length: number, type: number, flags: number, stream: number): Buffer {
  const bytes = Buffer.allocUnsafe(frameHeadBytes)
  writeFrameHead(bytes, length, type, flags, stream)
  return bytes
}

function writeFrameHead(
  bytes: Buffer,
  length: number,
  type: number,
  flags: number,
  stream: number,
): void {
  bytes.writeUIntBE(length, 0, 3)
  bytes[3] = type
  bytes[4] = flags
  bytes.writeUInt32BE(stream, 5)
}

/** Puts the frames of a connection together again from the pieces that arrive. */
export class FrameReader {
  #rest: Buffer = nothing;

  /** Those that are complete now. Throws for one that is larger than was ever allowed. */
  *take(piece: Buffer): Generator<Frame> {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    while (bytes.length >= frameHeadBytes) {
      const length = bytes.readUIntBE(0, 3)
      if (length > usualFrameBytes) throw new Error(`a frame of ${length} bytes`)
      if (bytes.length < frameHeadBytes + length) break
      const payload = bytes.subarray(frameHeadBytes, frameHeadBytes + length)
      const [type = 0, flags = 0] = [bytes[3], bytes[4]]
      const stream = bytes.readUInt32BE(5) & 0x7fffffff
      bytes = bytes.subarray(frameHeadBytes + length)
      yield { type, flags, stream, payload }
    }
    this.#rest = bytes
  }
}

/** What a frame of data or headers is filled up with, and the place in a tree that headers may name, are left out. */
export function contentOf({ type, flags, payload }: Frame): Buffer {
  const isPadded = (flags & frameFlag.padded) !== 0
  const from =
    (isPadded ? 1 : 0) + (type === frameType.headers && flags & frameFlag.priority ? 5 : 0)
  return payload.subarray(from, payload.length - (isPadded ? (payload[0] ?? 0) : 0))
}

/** The settings in a frame of them, by number. */
export function settingsIn(payload: Buffer): ReadonlyMap<number, number> {
  const settings = new Map<number, number>()
  for (let at = 0; at + 6 <= payload.length; at += 6)
    settings.set(payload.readUInt16BE(at), payload.readUInt32BE(at + 2))
  return settings
}

/** Headers as they are, without an index or a code. */
export function headerBlock(headers: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(headers).flatMap(([name, value]) => [
    Buffer.of(0),
    ...text(name),
    ...text(value),
  ])
  return Buffer.concat(parts)
}

function text(of: string): Buffer[] {
  const bytes = Buffer.from(of)
  if (bytes.length < 127) return [Buffer.of(bytes.length), bytes]
  const length = [127]
  let rest = bytes.length - 127
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128)
  return [Buffer.of(...length, rest), bytes]
}

/** Where `:status` stands in HPACK's fixed table, with the values it has there. */
const knownStatus = [200, 204, 206, 304, 400, 404, 500]
const firstStatus = 0x88

/** What a block of headers begins with; undefined: another status than those that have a byte of their own. */
export function statusOf(block: Buffer): number | undefined {
  return knownStatus[(block[0] ?? 0) - firstStatus]
}
