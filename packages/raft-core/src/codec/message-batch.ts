/** `MessageBatch`: all that one node says to another in one turn. */
import { DecodeError } from '../errors.ts'
import type { Incarnation, Message, NodeId } from '../types.ts'
import { entryBytesLength } from './entry.ts'
import { writeBody } from './message-body.ts'
import { isBody, mayLackTerm, readBody } from './message-body-reader.ts'
import { MAX_NAME_BYTES } from './names.ts'
import { Reader, WIRE_BYTES } from './reader.ts'
import { Writer } from './writer.ts'

export interface MessageBatch {
  readonly clusterId: string
  readonly from: NodeId
  readonly fromIncarnation: Incarnation
  readonly messages: readonly Message[]
}

/** Every message's `from` must be the batch's. */
export function encodeMessageBatch(batch: MessageBatch): Uint8Array {
  const writer = new Writer(estimate(batch.messages))
  for (let i = batch.messages.length - 1; i >= 0; i--) {
    const message = batch.messages[i] as Message
    const before = writer.length
    writeBody(writer, message)
    writer.integer(2, message.term)
    writer.string(1, message.to)
    writer.close(4, before)
  }
  writer.string(3, batch.fromIncarnation)
  writer.string(2, batch.from)
  writer.string(1, batch.clusterId)
  return writer.finish()
}

/**
 * Throws `DecodeError`. The entries share memory with `bytes`, which must not change afterwards.
 * Unknown fields, and messages with an unknown body, are skipped.
 */
export function decodeMessageBatch(bytes: Uint8Array): MessageBatch {
  const reader = new Reader(bytes, 0, bytes.length, 'MessageBatch')
  let clusterId = ''
  let from = ''
  let fromIncarnation = ''
  const readers: Reader[] = []
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) clusterId = reader.string('cluster_id', MAX_NAME_BYTES)
    else if (tag === 0x12) from = reader.string('from', MAX_NAME_BYTES)
    else if (tag === 0x1a) fromIncarnation = reader.string('from_incarnation', MAX_NAME_BYTES)
    else if (tag === 0x22) readers.push(reader.message(`messages[${readers.length}]`))
    else reader.skip()
  }
  if (from === '') throw new DecodeError('MessageBatch.from', 'is missing')
  const messages: Message[] = []
  for (const one of readers) {
    const message = readMessage(one, from)
    if (message !== undefined) messages.push(message)
  }
  return { clusterId, from, fromIncarnation, messages }
}

function readMessage(reader: Reader, from: NodeId): Message | undefined {
  let to = ''
  let term = 0
  let body: Reader | undefined
  let field = 0
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) to = reader.string('to', MAX_NAME_BYTES)
    else if (tag === 0x10) term = reader.integer('term')
    else if ((tag & 7) === WIRE_BYTES && isBody(tag >>> 3)) {
      field = tag >>> 3
      body = reader.message('body')
    } else reader.skip()
  }
  if (body === undefined) return undefined
  if (to === '') throw new DecodeError(`${reader.place}.to`, 'is missing')
  if (term === 0 && !mayLackTerm(field))
    throw new DecodeError(`${reader.place}.term`, 'must be at least 1')
  return readBody(field, body, from, to, term)
}

function estimate(messages: readonly Message[]): number {
  let size = 160
  for (const message of messages) {
    size += 64
    if (message.type === 'appendEntries') {
      for (const entry of message.entries) size += entryBytesLength(entry) + 6
    } else if (message.type === 'snapshotChunk') size += message.data.length
    else if (message.type === 'forwardProposals') {
      for (const command of message.commands) size += command.length + 6
    }
  }
  return size
}
