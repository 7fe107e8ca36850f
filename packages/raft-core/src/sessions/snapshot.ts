/**
 * Sessions within a snapshot: frames of sessions, each behind its length (32 bits, little endian), an
 * empty one at the end; then the inner machine's own stream. The same state gives the same bytes.
 */
import { Reader } from '../codec/reader.ts'
import { Writer } from '../codec/writer.ts'
import { DecodeError } from '../errors.ts'
import type { Callback, SnapshotReader, StateCapture } from '../ports.ts'
import { badLimit, type SessionLimits } from './results.ts'
import { type SessionRecord, SessionTable } from './session-table.ts'

const VERSION = 1
const LENGTH_BYTES = 4
/** A frame is closed as soon as it has so many bytes of answers and sessions. */
const FRAME_BYTES = 256 * 1024
const PLACE = 'SessionFrame'

/** The frames of what `table` is now, made one by one as they are asked for. */
export function sessionFrames(table: SessionTable): Iterator<Uint8Array, undefined> {
  const { limits } = table
  const records = table.records()
  return framesOf(limits, records)
}

/** Gives the sessions' frames, then what the inner machine captured. */
export class SessionCapture implements StateCapture {
  readonly #frames: Iterator<Uint8Array, undefined>
  readonly #inner: StateCapture

  constructor(frames: Iterator<Uint8Array, undefined>, inner: StateCapture) {
    this.#frames = frames
    this.#inner = inner
  }

  next(done: Callback<Uint8Array | undefined>): void {
    const frame = this.#frames.next()
    if (frame.done === true) this.#inner.next(done)
    else done(undefined, frame.value)
  }

  release(): void {
    this.#inner.release()
  }
}

/** The sessions at the head of a snapshot, and a reader of what is behind them. */
export interface RestoredSessions {
  readonly table: SessionTable
  readonly rest: SnapshotReader
}

/** Fails with `DecodeError` when the snapshot does not begin with sessions. */
export function readSessions(snapshot: SnapshotReader, done: Callback<RestoredSessions>): void {
  const found: Found = { limits: undefined, records: [], ids: new Set() }
  readFrame(snapshot, 0, found, done)
}

interface Found {
  limits: SessionLimits | undefined
  readonly records: SessionRecord[]
  readonly ids: Set<number>
}

function* framesOf(
  limits: SessionLimits,
  records: readonly SessionRecord[],
): Generator<Uint8Array, undefined> {
  let start = 0
  do {
    const end = frameEnd(records, start)
    yield encodeFrame(start === 0 ? limits : undefined, records.slice(start, end))
    start = end
  } while (start < records.length)
  yield new Uint8Array(LENGTH_BYTES)
}

function frameEnd(records: readonly SessionRecord[], start: number): number {
  let bytes = 0
  let end = start
  while (end < records.length && bytes < FRAME_BYTES) {
    bytes += recordBytes(records[end] as SessionRecord)
    end++
  }
  return end
}

function recordBytes({ replies }: SessionRecord): number {
  let bytes = 16
  for (const reply of replies) bytes += 4 + reply.length
  return bytes
}

function encodeFrame(limits: SessionLimits | undefined, records: readonly SessionRecord[]) {
  let capacity = 64
  for (const record of records) capacity += recordBytes(record) + 16
  const writer = new Writer(capacity)
  for (let i = records.length - 1; i >= 0; i--) {
    const { id, first, replies } = records[i] as SessionRecord
    const before = writer.length
    for (let k = replies.length - 1; k >= 0; k--) writer.bytes(3, replies[k] as Uint8Array)
    writer.integer(2, first)
    writer.integer(1, id)
    writer.close(5, before)
  }
  writer.integer(4, limits?.maxPending ?? 0)
  writer.integer(3, limits?.maxBytes ?? 0)
  writer.integer(2, limits?.maxSessions ?? 0)
  writer.integer(1, VERSION)
  const content = writer.finish()
  const frame = new Uint8Array(LENGTH_BYTES + content.length)
  new DataView(frame.buffer).setUint32(0, content.length, true)
  frame.set(content, LENGTH_BYTES)
  return frame
}

/** Frame after frame, until the empty one. */
function readFrame(
  snapshot: SnapshotReader,
  offset: number,
  found: Found,
  done: Callback<RestoredSessions>,
): void {
  const failed = (error: Error) => done(error, undefined as never)
  snapshot.read(offset, LENGTH_BYTES, (error, head) => {
    if (error !== undefined) return failed(error)
    if (head.length < LENGTH_BYTES) return failed(new DecodeError(PLACE, 'the snapshot ends'))
    const length = new DataView(head.buffer, head.byteOffset, LENGTH_BYTES).getUint32(0, true)
    const start = offset + LENGTH_BYTES
    if (length === 0) return finish(snapshot, start, found, done)
    if (length > snapshot.sizeBytes - start) {
      return failed(new DecodeError(PLACE, `${length} bytes go beyond the end of the snapshot`))
    }
    snapshot.read(start, length, (problem, bytes) => {
      if (problem !== undefined) return failed(problem)
      try {
        decodeFrame(bytes, found)
      } catch (wrong) {
        return failed(wrong instanceof Error ? wrong : new Error(String(wrong)))
      }
      readFrame(snapshot, start + length, found, done)
    })
  })
}

function finish(
  snapshot: SnapshotReader,
  start: number,
  found: Found,
  done: Callback<RestoredSessions>,
): void {
  const { limits } = found
  if (limits === undefined) {
    done(new DecodeError(PLACE, 'there are no limits'), undefined as never)
    return
  }
  const rest: SnapshotReader = {
    sizeBytes: snapshot.sizeBytes - start,
    read: (offset, length, given) => snapshot.read(start + offset, length, given),
  }
  done(undefined, { table: new SessionTable(limits, found.records), rest })
}

function decodeFrame(bytes: Uint8Array, found: Found): void {
  const reader = new Reader(bytes, 0, bytes.length, PLACE)
  const fields = [0, 0, 0, 0, 0]
  while (reader.more()) {
    const tag = reader.tag()
    const field = tag >>> 3
    if (tag === 0x2a) {
      const record = decodeRecord(reader.message('sessions'))
      if (found.ids.has(record.id)) throw new DecodeError(PLACE, `session ${record.id} twice`)
      found.ids.add(record.id)
      found.records.push(record)
    } else if ((tag & 7) === 0 && field < fields.length) {
      fields[field] = reader.integer(`field ${field}`)
    } else throw new DecodeError(PLACE, `unknown field ${field}`)
  }
  const [, version, maxSessions = 0, maxBytes = 0, maxPending = 0] = fields
  if (version !== VERSION) throw new DecodeError(`${PLACE}.version`, `unknown: ${version}`)
  if (found.limits !== undefined) return
  const limits = { maxSessions, maxBytes, maxPending }
  const bad = badLimit(limits)
  if (bad !== undefined) throw new DecodeError(`${PLACE}.limits`, `${bad} is not at least 1`)
  found.limits = limits
}

function decodeRecord(reader: Reader): SessionRecord {
  let id = 0
  let first = 0
  const replies: Uint8Array[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) id = reader.integer('id')
    else if (tag === 0x10) first = reader.integer('first')
    // A copy: the frame's memory is not kept for the sake of one answer in it.
    else if (tag === 0x1a) replies.push(reader.bytes('replies').slice())
    else throw new DecodeError(reader.place, `unknown field ${tag >>> 3}`)
  }
  if (id === 0) throw new DecodeError(`${reader.place}.id`, 'must be at least 1')
  if (first === 0) throw new DecodeError(`${reader.place}.first`, 'must be at least 1')
  return { id, first, replies }
}
