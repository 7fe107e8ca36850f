/**
 * `quorail.raft.v1` defines the peers' wire, and raft-core has an encoder of its own for it. Here the
 * two meet: what raft-core writes, protobuf-es reads, and the other way round, for any message.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  MessageBatchSchema,
  type Message as WireMessage,
} from '@quorail/proto/quorail/raft/v1/raft_pb'
import {
  decodeMessageBatch,
  encodeMessageBatch,
  type Message,
  type MessageBatch,
  makeEntry,
} from '@quorail/raft-core/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const index = fc.maxSafeNat()
const term = fc.maxSafeNat()
const header = {
  from: fc.constant('n1'),
  to: fc.constantFrom('n2', 'nœud-3'),
  term: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
}
const content = fc.record({
  kind: fc.constantFrom('command' as const, 'noop' as const),
  data: fc.uint8Array({ maxLength: 40 }),
  termStep: fc.nat(3),
})

/** Sound ones: the decoder refuses entries with a gap, or of a term after the sender's. */
const appendEntries = fc
  .record({
    to: header.to,
    prevLogIndex: fc.nat(2 ** 40),
    prevLogTerm: fc.integer({ min: 1, max: 2 ** 40 }),
    contents: fc.array(content, { maxLength: 4 }),
    ahead: fc.nat(5),
    leaderCommit: index,
    readSequence: index,
  })
  .map(({ contents, ahead, ...rest }) => {
    let lastTerm = rest.prevLogIndex === 0 ? 1 : rest.prevLogTerm
    const entries = contents.map(({ kind, data, termStep }, at) => {
      lastTerm += termStep
      return makeEntry(rest.prevLogIndex + 1 + at, lastTerm, kind, data)
    })
    const prevLogTerm = rest.prevLogIndex === 0 ? 0 : rest.prevLogTerm
    const from = 'n1'
    return {
      type: 'appendEntries',
      from,
      ...rest,
      prevLogTerm,
      term: lastTerm + ahead,
      entries,
    } as const
  })

const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    type: fc.constant('requestVote' as const),
    ...header,
    preVote: fc.boolean(),
    lastLogIndex: index,
    lastLogTerm: term,
    transfer: fc.boolean(),
  }),
  fc.record({
    type: fc.constant('requestVoteReply' as const),
    ...header,
    preVote: fc.boolean(),
    granted: fc.boolean(),
  }),
  appendEntries,
  fc.record({
    type: fc.constant('appendEntriesReply' as const),
    ...header,
    success: fc.boolean(),
    matchIndex: index,
    hintIndex: index,
    hintTerm: term,
    readSequence: index,
  }),
  fc.record({ type: fc.constant('timeoutNow' as const), ...header }),
  fc.record({ type: fc.constant('readIndexRequest' as const), ...header, readId: index }),
  fc.record({
    type: fc.constant('readIndexReply' as const),
    ...header,
    readId: index,
    readIndex: index,
  }),
)

const batch: fc.Arbitrary<MessageBatch> = fc.record({
  clusterId: fc.constant('0123456789abcdef0123456789abcdef'),
  from: fc.constant('n1'),
  fromIncarnation: fc.constant('fedcba9876543210fedcba9876543210'),
  messages: fc.array(message, { maxLength: 5 }),
})

const kinds = ['unspecified', 'command', 'noop']

/** A message as protobuf-es reads it, in raft-core's words. */
function words(wire: WireMessage, from: string): unknown {
  const { case: type, value } = wire.body
  const fields = Object.entries(value ?? {}).filter(([name]) => !name.startsWith('$'))
  const body = Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]))
  return { type, from, to: wire.to, term: Number(wire.term), ...body }
}

function plain(field: unknown): unknown {
  if (typeof field === 'bigint') return Number(field)
  if (!Array.isArray(field)) return field
  return field.map((one) => ({
    index: Number(one.index),
    term: Number(one.term),
    kind: kinds[one.kind],
    data: one.data,
  }))
}

const simple = (one: Message): unknown =>
  one.type !== 'appendEntries'
    ? one
    : {
        ...one,
        entries: one.entries.map(({ index: i, term: t, kind, data }) => ({
          index: i,
          term: t,
          kind,
          data,
        })),
      }

test('what raft-core writes, protobuf-es reads', () => {
  fc.assert(
    fc.property(batch, (sent) => {
      const read = fromBinary(MessageBatchSchema, encodeMessageBatch(sent))
      expect([read.clusterId, read.from, read.fromIncarnation]).toEqual([
        sent.clusterId,
        sent.from,
        sent.fromIncarnation,
      ])
      expect(read.messages.map((one) => words(one, read.from))).toEqual(sent.messages.map(simple))
      expect(read.$unknown ?? []).toEqual([])
    }),
  )
})

test('what protobuf-es writes, raft-core reads', () => {
  fc.assert(
    fc.property(batch, (sent) => {
      const wire = fromBinary(MessageBatchSchema, encodeMessageBatch(sent))
      const read = decodeMessageBatch(
        toBinary(MessageBatchSchema, create(MessageBatchSchema, wire)),
      )
      expect({ ...read, messages: read.messages.map(simple) }).toEqual({
        ...sent,
        messages: sent.messages.map(simple),
      })
    }),
  )
})
