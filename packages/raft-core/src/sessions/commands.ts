/**
 * The commands that a session machine understands, and their bytes: fields in protobuf's form, a
 * version first, so that a command that was made without this package is not taken for one.
 */
import { Reader, WIRE_BYTES, WIRE_VARINT } from '../codec/reader.ts'
import { Writer } from '../codec/writer.ts'
import { DecodeError } from '../errors.ts'
import { badLimit, type SessionId, type SessionLimits } from './results.ts'

const VERSION = 1

export type SessionCommand =
  | { readonly type: 'openSession' }
  | {
      readonly type: 'withSession'
      readonly sessionId: SessionId
      readonly sequence: number
      readonly firstPending: number
      readonly command: Uint8Array
    }
  | { readonly type: 'keepAlive'; readonly sessionId: SessionId }
  | { readonly type: 'closeSession'; readonly sessionId: SessionId }
  | { readonly type: 'withoutSession'; readonly command: Uint8Array }
  | { readonly type: 'limitSessions'; readonly limits: SessionLimits }

/** By their numbers on the wire, from 1. */
const TYPES = [
  'openSession',
  'withSession',
  'keepAlive',
  'closeSession',
  'withoutSession',
  'limitSessions',
] as const satisfies readonly SessionCommand['type'][]

/**
 * Opens a session: answered by `opened`. If the outcome is unknown, simply open another one: the
 * first is evicted in time.
 */
export function openSession(): Uint8Array {
  return encode({ type: 'openSession' })
}

/**
 * A command that is applied at most once, however often it is proposed. `sequence` counts the
 * session's commands from 1; they are applied in this order only. `firstPending` is the lowest
 * sequence whose answer the client still wants, by default this one: answers below are forgotten, and
 * commands below that were not applied yet never will be.
 */
export function withSession(
  sessionId: SessionId,
  sequence: number,
  command: Uint8Array,
  firstPending: number = sequence,
): Uint8Array {
  return encode({ type: 'withSession', sessionId, sequence, firstPending, command })
}

/** Makes the session the most recently used one: answered by `alive`. */
export function keepAlive(sessionId: SessionId): Uint8Array {
  return encode({ type: 'keepAlive', sessionId })
}

/** Answered by `closed`, also when the session was not there any more. */
export function closeSession(sessionId: SessionId): Uint8Array {
  return encode({ type: 'closeSession', sessionId })
}

/** A command that is in no session: applied as often as it is in the log. */
export function withoutSession(command: Uint8Array): Uint8Array {
  return encode({ type: 'withoutSession', command })
}

/** Changes the limits from this entry on, on every node alike: answered by `limited`. */
export function limitSessions(limits: SessionLimits): Uint8Array {
  return encode({ type: 'limitSessions', limits })
}

/** Throws `DecodeError`. A command within shares memory with `bytes`. */
export function decodeSessionCommand(bytes: Uint8Array): SessionCommand {
  const [type, fields, command] = readFields(new Reader(bytes, 0, bytes.length, PLACE))
  const [, , , sessionId = 0, sequence = 0, firstPending = 0] = fields
  switch (type) {
    case 'openSession':
      return { type }
    case 'withSession':
      atLeast(sessionId, 1, 'session_id')
      atLeast(firstPending, 1, 'first_pending')
      atLeast(sequence, firstPending, 'sequence')
      return { type, sessionId, sequence, firstPending, command }
    case 'keepAlive':
    case 'closeSession':
      atLeast(sessionId, 1, 'session_id')
      return { type, sessionId }
    case 'withoutSession':
      return { type, command }
    case 'limitSessions': {
      const [, , , , , , , maxSessions = 0, maxBytes = 0, maxPending = 0] = fields
      const limits = { maxSessions, maxBytes, maxPending }
      const bad = badLimit(limits)
      if (bad !== undefined) throw new DecodeError(`${PLACE}.limits`, `${bad} is not at least 1`)
      return { type, limits }
    }
  }
}

const PLACE = 'SessionCommand'

function encode(command: SessionCommand): Uint8Array {
  const content = 'command' in command ? command.command : undefined
  const writer = new Writer(48 + (content?.length ?? 0))
  if (command.type === 'limitSessions') {
    writer.integer(9, command.limits.maxPending)
    writer.integer(8, command.limits.maxBytes)
    writer.integer(7, command.limits.maxSessions)
  }
  if (content !== undefined) writer.bytes(6, content)
  if (command.type === 'withSession') {
    writer.integer(5, command.firstPending)
    writer.integer(4, command.sequence)
  }
  if ('sessionId' in command) writer.integer(3, command.sessionId)
  writer.integer(2, TYPES.indexOf(command.type) + 1)
  writer.integer(1, VERSION)
  return writer.finish()
}

function readFields(reader: Reader): [SessionCommand['type'], readonly number[], Uint8Array] {
  const fields: number[] = Array.from({ length: 10 }, () => 0)
  let command: Uint8Array = new Uint8Array(0)
  while (reader.more()) {
    const tag = reader.tag()
    const field = tag >>> 3
    if (tag === ((6 << 3) | WIRE_BYTES)) command = reader.bytes('command')
    else if ((tag & 7) === WIRE_VARINT && field < fields.length) {
      fields[field] = reader.integer(`field ${field}`)
    } else {
      // To skip it would be to apply something else than a node of a newer version does.
      throw new DecodeError(PLACE, `unknown field ${field}`)
    }
  }
  if (fields[1] !== VERSION) throw new DecodeError(`${PLACE}.version`, `unknown: ${fields[1]}`)
  const type = TYPES[(fields[2] ?? 0) - 1]
  if (type === undefined) throw new DecodeError(`${PLACE}.type`, `unknown: ${fields[2]}`)
  return [type, fields, command]
}

function atLeast(value: number, least: number, field: string): void {
  if (value < least) throw new DecodeError(`${PLACE}.${field}`, `must be at least ${least}`)
}
