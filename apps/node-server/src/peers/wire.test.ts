/**
 * `quorail.raft.v1` defines the peers' wire, and raft-core has an encoder of its own for it. Here the
 * two meet: what raft-core writes, protobuf-es reads, and the other way round, for any message.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  MembershipChangeSchema,
  MessageBatchSchema,
  SnapshotMarkSchema,
  type Message as WireMessage,
} from '@quorail/proto/quorail/raft/v1/raft_pb'
import {
  decodeMembershipChange,
  decodeMessageBatch,
  decodeSnapshotMark,
  encodeMembershipChange,
  encodeMessageBatch,
  encodeSnapshotMark,
  type MembershipChange,
  type Message,
  type MessageBatch,
  makeEntry,
} from '@quorail/raft-core/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const integer = fc.maxSafeNat()
const hex = fc
  .array(fc.nat(15), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join(''))
const data = fc.uint8Array({ maxLength: 40 })
const header = {
  from: fc.constant('n1'),
  to: fc.constantFrom('n2', 'nœud-3'),
  term: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
}

const genesis = fc.option(
  fc.record({ clusterId: hex, members: fc.subarray(['n1', 'n2', 'nœud-3']) }),
  { nil: undefined },
)

/** Sound ones: the lists are sorted, and nobody is a learner and a voter. */
const membership = fc
  .record({
    voters: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
    votersOutgoing: fc.subarray(['b', 'c', 'd', 'e']),
    learners: fc.subarray(['x', 'y', 'z']),
    autoLeave: fc.boolean(),
  })
  .map((lists) => ({
    ...lists,
    learnersNext: lists.votersOutgoing.slice(1),
    promote: lists.learners.slice(1),
  }))

const mark = fc
  .record({ index: fc.integer({ min: 1, max: 2 ** 50 }), membership, behind: integer })
  .map(({ index, membership: members, behind }) => ({
    index,
    term: 1 + (index % 7),
    membership: members,
    configIndex: Math.max(0, index - behind),
  }))

const membershipChange = fc.record({
  changes: fc.array(
    fc
      .record({
        type: fc.constantFrom('addVoter', 'addLearner', 'remove', 'update'),
        id: fc.constantFrom('n1', 'nœud-3'),
        promote: fc.boolean(),
      })
      .map(({ promote, ...step }) => (promote ? { ...step, promote } : step)),
    { maxLength: 3 },
  ),
  transition: fc.constantFrom('auto', 'jointImplicit', 'jointExplicit'),
  context: data,
}) as fc.Arbitrary<MembershipChange>

const content = fc
  .record({ kind: fc.constantFrom('command', 'noop', 'config'), data, change: membershipChange })
  .map(({ kind, data: command, change }) => ({
    kind,
    data: kind === 'config' ? encodeMembershipChange(change) : command,
  }))

/** Sound ones: the decoder refuses entries with a gap, or of a term after the sender's. */
const appendEntries = fc
  .record({
    to: header.to,
    prevLogIndex: fc.nat(2 ** 40),
    prevLogTerm: fc.integer({ min: 1, max: 2 ** 40 }),
    contents: fc.array(fc.tuple(content, fc.nat(3)), { maxLength: 4 }),
    ahead: fc.nat(5),
    leaderCommit: integer,
    readSequence: integer,
    genesis,
  })
  .map(({ contents, ahead, ...rest }) => {
    let lastTerm = rest.prevLogIndex === 0 ? 1 : rest.prevLogTerm
    const entries = contents.map(([{ kind, data: bytes }, termStep], at) => {
      lastTerm += termStep
      return makeEntry(rest.prevLogIndex + 1 + at, lastTerm, kind, bytes)
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

const snapshotChunk = fc
  .record({
    ...header,
    snapshotId: hex,
    mark,
    checksum: fc.nat(0xffffffff),
    offset: fc.nat(),
    data,
  })
  .map((chunk) => ({
    type: 'snapshotChunk' as const,
    ...chunk,
    totalBytes: chunk.offset + chunk.data.length,
  }))

/** A message of whole numbers, flags, and what else is given. */
function plain<T extends Message['type']>(type: T, fields: object): fc.Arbitrary<Message> {
  const all = { type: fc.constant(type), ...header, ...fields }
  return fc.record(all) as unknown as fc.Arbitrary<Message>
}

/** By type, so that a new kind of message can not be forgotten here. */
const messages: Record<Message['type'], fc.Arbitrary<Message>> = {
  appendEntries,
  snapshotChunk,
  requestVote: plain('requestVote', {
    preVote: fc.boolean(),
    lastLogIndex: integer,
    lastLogTerm: integer,
    transfer: fc.boolean(),
    priority: integer,
    commitIndex: integer,
    commitTerm: integer,
  }),
  requestVoteReply: plain('requestVoteReply', {
    preVote: fc.boolean(),
    granted: fc.boolean(),
    commitIndex: integer,
    commitTerm: integer,
  }),
  appendEntriesReply: plain('appendEntriesReply', {
    success: fc.boolean(),
    matchIndex: integer,
    hintIndex: integer,
    hintTerm: integer,
    readSequence: integer,
  }),
  timeoutNow: plain('timeoutNow', {}),
  readIndexRequest: plain('readIndexRequest', { readId: integer }),
  readIndexReply: plain('readIndexReply', { readId: integer, readIndex: integer }),
  heartbeat: plain('heartbeat', { leaderCommit: integer, readSequence: integer }),
  heartbeatReply: plain('heartbeatReply', { readSequence: integer }),
  installSnapshot: plain('installSnapshot', {
    term: fc.integer({ min: 7, max: Number.MAX_SAFE_INTEGER }),
    mark,
    genesis,
  }),
  snapshotRequest: plain('snapshotRequest', {
    snapshotId: fc.oneof(fc.constant(''), hex),
    minIndex: integer,
    offset: integer,
    maxBytes: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  }),
  transferRefused: plain('transferRefused', {}),
  forwardProposals: plain('forwardProposals', {
    forwardId: integer,
    commands: fc.array(data, { maxLength: 3 }),
  }),
  forwardProposalsReply: plain('forwardProposalsReply', {
    forwardId: integer,
    accepted: fc.nat(1000),
    firstIndex: fc.integer({ min: 1, max: 2 ** 50 }),
    entryTerm: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    refusal: fc.constantFrom('', 'notLeader'),
  }),
}

const message: fc.Arbitrary<Message> = fc.oneof(...Object.values(messages))

const batch: fc.Arbitrary<MessageBatch> = fc.record({
  clusterId: fc.constant('0123456789abcdef0123456789abcdef'),
  from: fc.constant('n1'),
  fromIncarnation: fc.constant('fedcba9876543210fedcba9876543210'),
  messages: fc.array(message, { maxLength: 5 }),
})

const entryKinds = ['unspecified', 'command', 'noop', 'config']
const changeTypes = ['unspecified', 'addVoter', 'addLearner', 'remove', 'update']
const transitions = ['unspecified', 'auto', 'jointImplicit', 'jointExplicit']

/** A message as protobuf-es reads it, in raft-core's words. */
function words(wire: WireMessage, from: string): unknown {
  const { case: type, value } = wire.body
  return { type, from, to: wire.to, term: Number(wire.term), ...inWords(value) }
}

function inWords(value: object | undefined): object {
  const fields = Object.entries(value ?? {}).filter(([name]) => !name.startsWith('$'))
  return Object.fromEntries(fields.map(([name, field]) => [name, word(name, field)]))
}

function word(name: string, field: unknown): unknown {
  if (typeof field === 'bigint') return Number(field)
  if (name === 'kind') return entryKinds[field as number]
  if (name === 'type') return changeTypes[field as number]
  if (name === 'transition') return transitions[field as number]
  if (Array.isArray(field)) return field.map((one) => word('', one))
  if (field === null || typeof field !== 'object' || field instanceof Uint8Array) return field
  return inWords(field)
}

const simple = (one: Message): unknown =>
  one.type !== 'appendEntries'
    ? one
    : {
        ...one,
        entries: one.entries.map(({ index, term, kind, data: bytes }) => ({
          index,
          term,
          kind,
          data: bytes,
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
    { numRuns: 500 },
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
    { numRuns: 500 },
  )
})

test('a membership change is the same to both', () => {
  fc.assert(
    fc.property(membershipChange, (change) => {
      const wire = fromBinary(MembershipChangeSchema, encodeMembershipChange(change))
      expect(wire.$unknown ?? []).toEqual([])
      expect(inWords(wire)).toEqual({
        ...change,
        changes: change.changes.map((step) => ({ promote: false, ...step })),
      })
      expect(decodeMembershipChange(toBinary(MembershipChangeSchema, wire))).toEqual(change)
    }),
  )
})

test('a snapshot mark is the same to both', () => {
  fc.assert(
    fc.property(mark, (sent) => {
      const wire = fromBinary(SnapshotMarkSchema, encodeSnapshotMark(sent))
      expect(wire.$unknown ?? []).toEqual([])
      expect(inWords(wire)).toEqual(sent)
      expect(decodeSnapshotMark(toBinary(SnapshotMarkSchema, wire))).toEqual(sent)
    }),
  )
})
