/** Any sound message, membership, mark and batch, for property tests. */
import fc from 'fast-check'
import { encodeMembershipChange, isNodeName, type MessageBatch, makeEntry } from '../src/codec.ts'
import type {
  Entry,
  Genesis,
  MemberChange,
  Membership,
  MembershipChange,
  Message,
  SnapshotMark,
} from '../src/types.ts'

export const integers = fc.oneof(fc.nat({ max: 300 }), fc.maxSafeNat())
export const positives = integers.map((value) => Math.max(1, value))
export const names = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  .filter((name) => isNodeName(name))
export const hex = fc
  .array(fc.integer({ min: 0, max: 15 }), { minLength: 32, maxLength: 32 })
  .map((digits) => digits.map((digit) => digit.toString(16)).join(''))
export const data = fc.uint8Array({ maxLength: 200 })

const sorted = (list: readonly string[]) => [...list].sort((a, b) => (a < b ? -1 : 1))

/** What one node may be; the last three only while two configurations are joint. */
const parts = ['voter', 'learner', 'promoted', 'staying', 'leaving', 'demoted'] as const

/** The lists do not contradict each other; somebody can vote. */
export const memberships: fc.Arbitrary<Membership> = fc
  .record({
    people: fc.uniqueArray(names, { minLength: 1, maxLength: 6 }),
    roles: fc.array(fc.constantFrom(...parts), { minLength: 6, maxLength: 6 }),
    autoLeave: fc.boolean(),
  })
  .map(({ people, roles, autoLeave }) => {
    const those = (...wanted: readonly (typeof parts)[number][]) =>
      sorted(people.filter((_, i) => wanted.includes(i === 0 ? 'voter' : (roles[i] ?? 'voter'))))
    const votersOutgoing = those('staying', 'leaving', 'demoted')
    return {
      voters: those('voter', 'staying'),
      votersOutgoing,
      learners: those('learner', 'promoted'),
      learnersNext: those('demoted'),
      autoLeave: votersOutgoing.length > 0 && autoLeave,
      promote: those('promoted'),
    }
  })

const steps: fc.Arbitrary<MemberChange> = fc
  .record({
    type: fc.constantFrom('addVoter', 'addLearner', 'remove', 'update'),
    id: names,
    promote: fc.boolean(),
  })
  .map(({ type, id, promote }) => (promote ? { type, id, promote } : { type, id }))

export const membershipChanges: fc.Arbitrary<MembershipChange> = fc.record({
  changes: fc.array(steps, { maxLength: 4 }),
  transition: fc.constantFrom('auto', 'jointImplicit', 'jointExplicit'),
  context: data,
})

const NOBODY: Membership = {
  voters: [],
  votersOutgoing: [],
  learners: [],
  learnersNext: [],
  autoLeave: false,
  promote: [],
}

/** From index 1, up to `maxTerm`. */
const laterMarks = (maxTerm: number): fc.Arbitrary<SnapshotMark> =>
  fc
    .record({ index: positives, term: positives, membership: memberships, behind: integers })
    .map(({ index, term, membership, behind }) => ({
      index,
      term: Math.min(term, maxTerm),
      membership,
      configIndex: Math.max(0, index - behind),
    }))

export const marks: fc.Arbitrary<SnapshotMark> = fc.oneof(
  { arbitrary: laterMarks(Number.MAX_SAFE_INTEGER), weight: 5 },
  fc.constant({ index: 0, term: 0, membership: NOBODY, configIndex: 0 }),
  memberships.map((membership) => ({ index: 0, term: 0, membership, configIndex: 0 })),
)

export const geneses: fc.Arbitrary<Genesis> = fc.record({
  clusterId: hex,
  members: fc.uniqueArray(names, { maxLength: 5 }).map(sorted),
})

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

/** Where its messages are from and to, as `record` wants it. */
const headerFrom = (from: string) => ({ from: fc.constant(from), to: names, term: positives })

function appendsFrom(from: string): fc.Arbitrary<Message> {
  return fc
    .record({
      ...headerFrom(from),
      prevLogIndex: fc.nat({ max: 1e9 }),
      steps: fc.array(
        fc.tuple(
          fc.nat({ max: 2 }),
          fc.oneof(
            data.map((bytes) => ({ kind: 'command' as const, bytes })),
            fc.constant({ kind: 'noop' as const, bytes: new Uint8Array(0) }),
            membershipChanges.map((change) => ({
              kind: 'config' as const,
              bytes: encodeMembershipChange(change),
            })),
          ),
        ),
        { maxLength: 5 },
      ),
      leaderCommit: integers,
      readSequence: integers,
      genesis: maybe(geneses),
    })
    .map(({ steps: contents, prevLogIndex, term, ...rest }): Message => {
      const prevLogTerm = prevLogIndex === 0 ? 0 : Math.max(1, Math.min(term - 20, 1e6))
      let last = Math.max(prevLogTerm, 1)
      const entries: Entry[] = contents.map(([step, { kind, bytes }], i) => {
        last = Math.min(last + step, term)
        return makeEntry(prevLogIndex + 1 + i, Math.max(last, 1), kind, bytes)
      })
      return { type: 'appendEntries', ...rest, term, prevLogIndex, prevLogTerm, entries }
    })
}

function chunksFrom(from: string): fc.Arbitrary<Message> {
  const none = { snapshotId: '', mark: undefined, totalBytes: 0, checksum: 0, offset: 0 }
  return fc
    .record({
      ...headerFrom(from),
      found: fc.boolean(),
      snapshotId: hex,
      mark: marks,
      checksum: fc.nat({ max: 0xffffffff }),
      offset: fc.nat({ max: 2 ** 50 }),
      behind: fc.nat({ max: 1e6 }),
      data,
    })
    .map(({ found, behind, from: sender, to, term, ...chunk }): Message => {
      const header = { type: 'snapshotChunk', from: sender, to, term } as const
      if (!found) return { ...header, ...none, data: new Uint8Array(0) }
      return { ...header, ...chunk, totalBytes: chunk.offset + chunk.data.length + behind }
    })
}

/** A message as a core or a runtime sends it. */
export function messageFrom(from: string): fc.Arbitrary<Message> {
  const header = headerFrom(from)
  const plain = <T extends Message['type']>(type: T, fields: object) =>
    fc.record({ type: fc.constant(type), ...header, ...fields }) as unknown as fc.Arbitrary<Message>
  return fc.oneof(
    appendsFrom(from),
    plain('requestVote', {
      preVote: fc.boolean(),
      lastLogIndex: integers,
      lastLogTerm: integers,
      transfer: fc.boolean(),
      priority: integers,
      commitIndex: integers,
      commitTerm: integers,
    }),
    plain('requestVoteReply', {
      preVote: fc.boolean(),
      granted: fc.boolean(),
      commitIndex: integers,
      commitTerm: integers,
    }),
    plain('appendEntriesReply', {
      success: fc.boolean(),
      matchIndex: integers,
      hintIndex: integers,
      hintTerm: integers,
      readSequence: integers,
    }),
    plain('timeoutNow', {}),
    plain('readIndexRequest', { readId: integers }),
    plain('readIndexReply', { readId: integers, readIndex: integers }),
    plain('heartbeat', { leaderCommit: integers, readSequence: integers }),
    plain('heartbeatReply', { readSequence: integers }),
    positives.chain((term) =>
      plain('installSnapshot', {
        term: fc.constant(term),
        mark: laterMarks(term),
        genesis: maybe(geneses),
      }),
    ),
    plain('snapshotRequest', {
      term: integers,
      snapshotId: fc.oneof(fc.constant(''), hex),
      minIndex: integers,
      offset: integers,
      maxBytes: positives,
    }),
    chunksFrom(from),
    plain('transferRefused', {}),
    plain('forwardProposals', {
      term: integers,
      forwardId: integers,
      commands: fc.array(data, { maxLength: 4 }),
    }),
    plain('forwardProposalsReply', {
      term: integers,
      forwardId: integers,
      accepted: fc.nat({ max: 1000 }),
      firstIndex: positives.map((index) => Math.min(index, 2 ** 52)),
      entryTerm: positives,
      refusal: fc.constantFrom('', 'notLeader', 'overloaded'),
    }),
  )
}

export const batches: fc.Arbitrary<MessageBatch> = fc
  .tuple(hex, names, hex)
  .chain(([clusterId, from, fromIncarnation]) =>
    fc
      .array(messageFrom(from), { maxLength: 5 })
      .map((messages) => ({ clusterId, from, fromIncarnation, messages })),
  )
