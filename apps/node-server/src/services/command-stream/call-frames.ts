import { type DescMessage, fromBinary, type Message } from '@bufbuild/protobuf'
import {
  CommandCallSchema,
  StreamCommandsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { unreadableRequest } from '../../errors/door-errors.ts'
import { WireReader } from '../../wire/wire-reader.ts'
import { tagOf } from '../../wire/wire-shape.ts'
import { UnfitError, unfit } from '../../wire/wire-writer.ts'

/** What a node needs of a `StreamCommandsRequest`. */
export interface CallFrame {
  readonly calls: readonly Call[]
  readonly sessionToken: string
  readonly sentMs: number
}

/** What it needs of a `CommandCall`. */
export interface Call {
  readonly number: number
  readonly method: string
  readonly request: Uint8Array
  readonly timeoutMs: number
}

const { calls: callsField, sessionToken: tokenField, sentMs } = StreamCommandsRequestSchema.field
const [callsTag, tokenTag, sentTag] = [tagOf(callsField), tagOf(tokenField), tagOf(sentMs)]
const { number: numberField, method, request, timeoutMs } = CommandCallSchema.field
const numberTag = tagOf(numberField)
const [methodTag, requestTag, timeoutTag] = [tagOf(method), tagOf(request), tagOf(timeoutMs)]

/** Throws what the door says of a frame that is none, or that breaks a rule of the schema. */
export function readCallFrame(
  bytes: Uint8Array,
  mustBeValid: (desc: DescMessage, message: Message) => void,
): CallFrame {
  const frame = directly(bytes)
  if (frame !== undefined) return frame
  const message = generally(bytes)
  mustBeValid(StreamCommandsRequestSchema, message)
  return message
}

function generally(bytes: Uint8Array) {
  try {
    return fromBinary(StreamCommandsRequestSchema, bytes)
  } catch (error) {
    throw unreadableRequest(error)
  }
}

/** Undefined: it is rare or wrong, which the general way decides. A test compares the two. */
function directly(bytes: Uint8Array): CallFrame | undefined {
  try {
    return readFrame(new WireReader(bytes))
  } catch (error) {
    if (error instanceof UnfitError) return undefined
    throw error
  }
}

function readFrame(reader: WireReader): CallFrame {
  const calls: Call[] = []
  let sessionToken = ''
  let sent = 0
  while (reader.at < reader.length) {
    const tag = reader.varint()
    if (tag === callsTag) calls.push(readCall(reader, reader.end()))
    else if (tag === tokenTag) sessionToken = reader.text()
    else if (tag === sentTag) sent = reader.double()
    else throw unfit
  }
  if (reader.at !== reader.length || calls.length > 256) throw unfit
  if (!/^([A-Za-z0-9_-]{20,100})?$/.test(sessionToken)) throw unfit
  return { calls, sessionToken, sentMs: sent }
}

const noBytes = new Uint8Array()

function readCall(reader: WireReader, end: number): Call {
  let [number, timeout] = [0, 0]
  let name = ''
  let bytes: Uint8Array = noBytes
  while (reader.at < end) {
    const tag = reader.varint()
    if (tag === numberTag) number = reader.varint()
    else if (tag === methodTag) name = reader.text()
    else if (tag === requestTag) bytes = reader.raw()
    else if (tag === timeoutTag) timeout = reader.varint()
    else throw unfit
  }
  if (reader.at !== end || number > 0xffff_ffff || timeout > 0xffff_ffff) throw unfit
  // By UTF-16's units, which are no fewer than the schema's characters.
  if (name.length < 6 || name.length > 120 || bytes.length > 1_048_576) throw unfit
  return { number, method: name, request: bytes, timeoutMs: timeout }
}
