/**
 * The handshake. Who dials says hello; who was dialled answers with a verdict. Both have this form,
 * which stays the same in all versions, so that even an unknown version is refused in words:
 *
 *     'QRFT' | u8 oldest version | u8 newest version | u16 length of the body | body | u32 CRC-32C
 *
 * The body of a hello: cluster (16 bytes), incarnation (16 bytes, zeros when not told), the sender's
 * name, the name of whom it means to reach (each u8 length, UTF-8); since version 2: u8 lane. That of
 * an answer begins with u8 verdict (0: accepted) and ends with the sender's name; its two versions
 * are both the chosen one.
 */
import { decodeUtf8, encodeUtf8 } from '../codec/utf8.ts'
import type { Lane } from '../ports.ts'
import type { Incarnation, NodeId } from '../types.ts'
import { bytesToHex, getU32, hexToBytes, putU32 } from '../wal/bytes.ts'
import { crc32c } from '../wal/crc32c.ts'

/** The versions of the protocol that this code speaks. */
export const OLDEST_VERSION = 1
export const NEWEST_VERSION = 2
/** The first that knows lanes, and the frame that says goodbye. */
export const LANES_VERSION = 2

const MAGIC = [0x51, 0x52, 0x46, 0x54]
const PREAMBLE_BYTES = 8
const CHECKSUM_BYTES = 4
/** No body is longer: a stranger gets no more memory than this. */
export const MAX_BODY_BYTES = 1024
const NO_INCARNATION = '0'.repeat(32)

/** Why a connection was refused. The position is the verdict on the wire: append only. */
const VERDICTS = [
  'accepted',
  'unknownVersion',
  'otherCluster',
  'otherNode',
  'unknownPeer',
  'wrongCertificate',
  'malformed',
] as const
export type Verdict = (typeof VERDICTS)[number]

/** The position is the lane on the wire: append only. */
const LANES: readonly Lane[] = ['normal', 'bulk']

export type RefusalReason =
  /** Neither side speaks a version that the other does. */
  | 'unknownVersion'
  | 'otherCluster'
  /** At this address another node listens than the one that was meant. */
  | 'otherNode'
  /** The other side is no peer, and there are as many guests already as there may be. */
  | 'unknownPeer'
  /** The certificate does not name the node that it came from. */
  | 'wrongCertificate'
  /** Not this protocol at all, or damaged. */
  | 'malformed'

/** Who a node says it is. */
export interface Identity {
  readonly id: NodeId
  readonly clusterId: string
  readonly incarnation: Incarnation | undefined
}

export interface Hello extends Identity {
  readonly type: 'hello'
  readonly to: NodeId
  /** What the connection shall carry. Before version 2: always `normal`. */
  readonly lane: Lane
}

export interface Answer extends Identity {
  readonly type: 'answer'
  readonly verdict: Verdict
  readonly version: number
}

/** A node that knows no lanes would take a connection for bulk for its only one: it must refuse it. */
export function encodeHello(
  { id, clusterId, incarnation }: Identity,
  to: NodeId,
  lane: Lane = 'normal',
  oldest = lane === 'normal' ? OLDEST_VERSION : LANES_VERSION,
  newest = NEWEST_VERSION,
): Uint8Array {
  return wrap(oldest, newest, [
    ...hexToBytes(clusterId),
    ...hexToBytes(incarnation ?? NO_INCARNATION),
    ...named(id),
    ...named(to),
    LANES.indexOf(lane),
  ])
}

export function encodeAnswer(
  { id, clusterId, incarnation }: Identity,
  verdict: Verdict,
  version: number,
): Uint8Array {
  return wrap(version, version, [
    VERDICTS.indexOf(verdict),
    ...hexToBytes(clusterId),
    ...hexToBytes(incarnation ?? NO_INCARNATION),
    ...named(id),
  ])
}

function wrap(oldest: number, newest: number, body: readonly number[]): Uint8Array {
  const head = [...MAGIC, oldest, newest, body.length & 255, body.length >> 8]
  const bytes = Uint8Array.from([...head, ...body, 0, 0, 0, 0])
  const end = bytes.length - CHECKSUM_BYTES
  putU32(bytes, end, crc32c(bytes, 0, 0, end))
  return bytes
}

function named(id: NodeId): readonly number[] {
  const name = encodeUtf8(id)
  return [name.length, ...name]
}

/** What was read: not whole yet, refused, or whole with the bytes behind it. */
export type HandshakeRead<T> =
  | { readonly type: 'more' }
  | { readonly type: 'refused'; readonly reason: RefusalReason; readonly detail: string }
  | { readonly type: 'read'; readonly message: T; readonly version: number; rest: Uint8Array }

export function readHello(bytes: Uint8Array): HandshakeRead<Hello> {
  return read(bytes, (body, version) => {
    const clusterId = bytesToHex(body.take(16))
    const incarnation = told(bytesToHex(body.take(16)))
    const [id, to] = [body.name(), body.name()]
    const lane = version < LANES_VERSION ? 'normal' : body.lane()
    return { type: 'hello', clusterId, incarnation, id, to, lane }
  })
}

export function readAnswer(bytes: Uint8Array): HandshakeRead<Answer> {
  return read(bytes, (body, version) => {
    const code = body.take(1)[0] as number
    const verdict = VERDICTS[code] ?? 'malformed'
    const clusterId = bytesToHex(body.take(16))
    const incarnation = told(bytesToHex(body.take(16)))
    return { type: 'answer', verdict, version, clusterId, incarnation, id: body.name() }
  })
}

function told(incarnation: Incarnation): Incarnation | undefined {
  return incarnation === NO_INCARNATION ? undefined : incarnation
}

function read<T>(bytes: Uint8Array, parse: (body: Body, version: number) => T): HandshakeRead<T> {
  if (MAGIC.some((byte, at) => at < bytes.length && bytes[at] !== byte)) {
    return refused('malformed', 'it does not speak this protocol')
  }
  if (bytes.length < PREAMBLE_BYTES) return { type: 'more' }
  const [oldest, newest] = [bytes[4] as number, bytes[5] as number]
  const length = (bytes[6] as number) | ((bytes[7] as number) << 8)
  if (length > MAX_BODY_BYTES) return refused('malformed', `${length} bytes of handshake`)
  const end = PREAMBLE_BYTES + length
  if (bytes.length < end + CHECKSUM_BYTES) return { type: 'more' }
  if (getU32(bytes, end) !== crc32c(bytes, 0, 0, end)) {
    return refused('malformed', 'a handshake with a wrong checksum')
  }
  const version = Math.min(newest, NEWEST_VERSION)
  if (version < oldest || version < OLDEST_VERSION) {
    const ours = `${OLDEST_VERSION} to ${NEWEST_VERSION}`
    return refused('unknownVersion', `it speaks versions ${oldest} to ${newest}, this ${ours}`)
  }
  const body = new Body(bytes.subarray(PREAMBLE_BYTES, end))
  const message = parse(body, version)
  if (body.isDamaged) return refused('malformed', 'a handshake that can not be read')
  return { type: 'read', message, version, rest: bytes.subarray(end + CHECKSUM_BYTES) }
}

function refused(reason: RefusalReason, detail: string): HandshakeRead<never> {
  return { type: 'refused', reason, detail }
}

/** Reads on past its end as zeros, and remembers. What is behind what it knows is left alone. */
class Body {
  readonly #bytes: Uint8Array
  #at = 0
  isDamaged = false

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(count: number): Uint8Array {
    const start = this.#at
    this.#at += count
    if (this.#at <= this.#bytes.length) return this.#bytes.subarray(start, this.#at)
    this.isDamaged = true
    return new Uint8Array(count)
  }

  name(): NodeId {
    const length = this.take(1)[0] as number
    const bytes = this.take(length)
    const name = decodeUtf8(bytes, 0, bytes.length)
    if (name === undefined || name === '') this.isDamaged = true
    return name ?? ''
  }

  lane(): Lane {
    const lane = LANES[this.take(1)[0] as number]
    if (lane === undefined) this.isDamaged = true
    return lane ?? 'normal'
  }
}
