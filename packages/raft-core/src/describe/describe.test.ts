import fc from 'fast-check'
import { expect, it } from 'vitest'
import { memberships, messageFrom } from '../../test/arbitrary-messages.ts'
import {
  append,
  appendReply,
  forwardProposals,
  forwardReply,
  heartbeat,
  heartbeatReply,
  installSnapshot,
  markAt,
  membershipOf,
  requestVote,
  snapshotChunk,
  snapshotRequest,
  timeoutNow,
  transferRefused,
  voteReply,
} from '../../test/message-defaults.ts'
import { encodeMembershipChange, makeEntry } from '../codec.ts'
import type { CoreEvent, Input, Output } from '../core/io.ts'
import type { Entry, LogWrite, MembershipChange, Message } from '../types.ts'
import {
  describeCoreEvent,
  describeEntries,
  describeEntry,
  describeGenesis,
  describeHardState,
  describeInput,
  describeMembership,
  describeMembershipChange,
  describeMessage,
  describeOutput,
  describeRestoredLog,
  describeSnapshotMark,
  describeWrite,
} from './index.ts'
import { MAX_LINE_CHARACTERS, nameText } from './text.ts'

const ID = '0123456789abcdef'.repeat(2)
const NONE = new Uint8Array(0)
const text = (value: string) => new TextEncoder().encode(value)
const command = (index: number, term: number, value: string) =>
  makeEntry(index, term, 'command', text(value))

const JOINT = membershipOf(['n1', 'n2', 'n4'], {
  votersOutgoing: ['n1', 'n2', 'n3'],
  learners: ['n5', 'n6'],
  learnersNext: ['n3'],
  promote: ['n6'],
  autoLeave: true,
})
const CHANGE: MembershipChange = {
  changes: [
    { type: 'addLearner', id: 'n4', promote: true },
    { type: 'remove', id: 'n1' },
  ],
  transition: 'auto',
  context: text('n4=10.0.0.4'),
}
const GENESIS = { clusterId: ID, members: ['n1', 'n2', 'n3'] }

/** By type: a new kind of message needs a line here. */
const MESSAGES: Record<Message['type'], readonly [Message, string][]> = {
  requestVote: [
    [
      requestVote({ term: 5, lastLogIndex: 10, lastLogTerm: 4, commitIndex: 8, commitTerm: 3 }),
      'n2 -> n1 term 5: requestVote last 10@4, commit 8@3',
    ],
    [
      requestVote({ preVote: true, transfer: true, priority: 2 }),
      'n2 -> n1 term 1: requestVote last 0@0, commit 0@0, pre-vote, by transfer, priority 2',
    ],
  ],
  requestVoteReply: [
    [voteReply({ term: 5 }), 'n2 -> n1 term 5: requestVoteReply granted, commit 0@0'],
    [
      voteReply({ granted: false, preVote: true, commitIndex: 8, commitTerm: 3 }),
      'n2 -> n1 term 1: requestVoteReply refused, commit 8@3, pre-vote',
    ],
  ],
  appendEntries: [
    [
      append({
        term: 5,
        prevLogIndex: 10,
        prevLogTerm: 4,
        entries: [command(11, 5, 'set x'), command(12, 5, 'set y')],
        leaderCommit: 9,
        readSequence: 2,
      }),
      'n2 -> n1 term 5: appendEntries after 10@4, 2 entries 11@5..12@5 of 10 bytes, commit 9, round 2',
    ],
    [
      append({ genesis: GENESIS, entries: [makeEntry(1, 1, 'noop', NONE)] }),
      'n2 -> n1 term 1: appendEntries after 0@0, 1 entry 1@1 noop, commit 0, round 0, cluster 01234567 of n1 n2 n3',
    ],
  ],
  appendEntriesReply: [
    [
      appendReply({ matchIndex: 12, readSequence: 2 }),
      'n2 -> n1 term 1: appendEntriesReply matches 12, round 2',
    ],
    [
      appendReply({ success: false, matchIndex: 10, hintIndex: 7, hintTerm: 3 }),
      'n2 -> n1 term 1: appendEntriesReply refuses 10, hint 7@3, round 0',
    ],
  ],
  timeoutNow: [[timeoutNow(), 'n2 -> n1 term 1: timeoutNow']],
  readIndexRequest: [
    [
      { type: 'readIndexRequest', from: 'n2', to: 'n1', term: 1, readId: 7 },
      'n2 -> n1 term 1: readIndexRequest #7',
    ],
  ],
  readIndexReply: [
    [
      { type: 'readIndexReply', from: 'n2', to: 'n1', term: 1, readId: 7, readIndex: 12 },
      'n2 -> n1 term 1: readIndexReply #7 at 12',
    ],
    [
      { type: 'readIndexReply', from: 'n2', to: 'n1', term: 1, readId: 7, readIndex: 0 },
      'n2 -> n1 term 1: readIndexReply #7 refused',
    ],
  ],
  heartbeat: [
    [
      heartbeat({ leaderCommit: 9, readSequence: 2 }),
      'n2 -> n1 term 1: heartbeat commit 9, round 2',
    ],
  ],
  heartbeatReply: [
    [heartbeatReply({ readSequence: 2 }), 'n2 -> n1 term 1: heartbeatReply round 2'],
  ],
  installSnapshot: [
    [
      installSnapshot({ mark: markAt(100, 1, { configIndex: 90 }), genesis: GENESIS }),
      'n2 -> n1 term 1: installSnapshot 100@1 config 90, voters n1 n2 n3, cluster 01234567 of n1 n2 n3',
    ],
  ],
  snapshotRequest: [
    [
      snapshotRequest({ minIndex: 100, maxBytes: 1000 }),
      'n2 -> n1 term 1: snapshotRequest newest from 100 on, at byte 0, up to 1000 bytes',
    ],
    [
      snapshotRequest({ snapshotId: ID, offset: 4096, maxBytes: 1 }),
      'n2 -> n1 term 1: snapshotRequest 01234567, at byte 4096, up to 1 byte',
    ],
  ],
  snapshotChunk: [
    [
      snapshotChunk({
        snapshotId: ID,
        mark: markAt(100, 1),
        totalBytes: 5000,
        checksum: 0xbeef,
        offset: 4096,
        data: Uint8Array.of(1, 2, 3),
      }),
      'n2 -> n1 term 1: snapshotChunk 01234567, bytes 4096..4099 of 5000, crc 0000beef, 100@1 config 0, voters n1 n2 n3',
    ],
    [snapshotChunk(), 'n2 -> n1 term 1: snapshotChunk of no snapshot'],
  ],
  transferRefused: [[transferRefused(), 'n2 -> n1 term 1: transferRefused']],
  forwardProposals: [
    [
      forwardProposals({ forwardId: 3, commands: [text('set x'), text('y')] }),
      'n2 -> n1 term 1: forwardProposals #3, 2 commands of 6 bytes',
    ],
  ],
  forwardProposalsReply: [
    [
      forwardReply({
        forwardId: 3,
        accepted: 1,
        firstIndex: 11,
        entryTerm: 5,
        refusal: 'overloaded',
      }),
      'n2 -> n1 term 1: forwardProposalsReply #3, 1 accepted from 11@5, others refused: overloaded',
    ],
    [
      forwardReply({ refusal: 'notLeader' }),
      'n2 -> n1 term 1: forwardProposalsReply #1, none accepted, others refused: notLeader',
    ],
  ],
}

it.each(Object.values(MESSAGES).flat())('message $type', (message, expected) => {
  expect(describeMessage(message)).toBe(expected)
})

const INPUTS: Record<Input['type'], readonly [Input, string]> = {
  tick: [{ type: 'tick' }, 'tick'],
  message: [
    { type: 'message', message: timeoutNow(), incarnation: ID },
    'message (01234567) n2 -> n1 term 1: timeoutNow',
  ],
  propose: [
    { type: 'propose', id: 3, commands: [text('set x'), Uint8Array.of(0, 255), NONE] },
    'propose #3 "set x", 0x00ff of 2 bytes, empty',
  ],
  readIndex: [{ type: 'readIndex', id: 3 }, 'readIndex #3'],
  transferLeadership: [
    { type: 'transferLeadership', id: 3, to: undefined },
    'transferLeadership #3 to anybody',
  ],
  appended: [{ type: 'appended', writeId: 7 }, 'appended write 7'],
  applied: [{ type: 'applied', index: 12 }, 'applied 12'],
  entriesRead: [
    { type: 'entriesRead', readId: 3, entries: [command(11, 5, 'set x')] },
    'entriesRead #3 1 entry 11@5 command "set x"',
  ],
  peerLost: [{ type: 'peerLost', peer: 'n2' }, 'peerLost n2'],
  unreachable: [{ type: 'unreachable', peer: 'n2' }, 'unreachable n2'],
  campaign: [{ type: 'campaign' }, 'campaign'],
  forgetLeader: [{ type: 'forgetLeader' }, 'forgetLeader'],
  abortTransfer: [{ type: 'abortTransfer' }, 'abortTransfer'],
  changeMembership: [
    { type: 'changeMembership', id: 3, change: CHANGE, ifConfig: 90 },
    'changeMembership #3 addLearner n4 to promote, remove n1 (auto) with "n4=10.0.0.4", if config 90',
  ],
  snapshotSaved: [
    { type: 'snapshotSaved', mark: markAt(100, 3) },
    'snapshotSaved 100@3 config 0, voters n1 n2 n3',
  ],
  compact: [{ type: 'compact', index: 100 }, 'compact 100'],
  restored: [{ type: 'restored', index: 100 }, 'restored 100'],
  snapshotDelivery: [
    { type: 'snapshotDelivery', peer: 'n2', succeeded: false },
    'snapshotDelivery n2 failed',
  ],
  confirmLeadership: [{ type: 'confirmLeadership' }, 'confirmLeadership'],
}

it.each(Object.values(INPUTS))('input $type', (input, expected) => {
  expect(describeInput(input)).toBe(expected)
})

const EVENTS: Record<CoreEvent['type'], readonly [CoreEvent, string]> = {
  proposed: [
    { type: 'proposed', id: 3, accepted: 2, firstIndex: 11, term: 5, refusal: 'tooLarge' },
    'proposed #3 2 accepted from 11@5, others refused: tooLarge',
  ],
  readReady: [{ type: 'readReady', id: 3, index: 12 }, 'readReady #3 at 12'],
  readFailed: [{ type: 'readFailed', id: 3, reason: 'noLeader' }, 'readFailed #3 noLeader'],
  transferEnded: [
    { type: 'transferEnded', id: 3, result: 'transferred', leader: 'n2' },
    'transferEnded #3 transferred, leader n2',
  ],
  membershipProposed: [
    { type: 'membershipProposed', id: 3, index: 0, term: 0, refusal: 'notReady' },
    'membershipProposed #3 refused: notReady',
  ],
  membershipChanged: [
    { type: 'membershipChanged', membership: membershipOf(['n1']), configIndex: 90 },
    'membershipChanged config 90, voters n1',
  ],
  roundStarted: [{ type: 'roundStarted', sequence: 2 }, 'roundStarted 2'],
  roundConfirmed: [{ type: 'roundConfirmed', sequence: 2 }, 'roundConfirmed 2'],
  compacted: [{ type: 'compacted', index: 100 }, 'compacted 100'],
  snapshotOffered: [
    { type: 'snapshotOffered', peer: 'n2', index: 100 },
    'snapshotOffered 100 to n2',
  ],
  roleChanged: [{ type: 'roleChanged', role: 'leader', term: 5 }, 'roleChanged leader in term 5'],
  leaderChanged: [
    { type: 'leaderChanged', leader: undefined, term: 5 },
    'leaderChanged no leader in term 5',
  ],
  steppedDown: [
    { type: 'steppedDown', term: 5, reason: 'quorumLost' },
    'steppedDown in term 5: quorumLost',
  ],
  peerSetApart: [{ type: 'peerSetApart', peer: 'n2', incarnation: ID }, 'peerSetApart n2 01234567'],
}

it.each(Object.values(EVENTS))('event $type', (event, expected) => {
  expect(describeCoreEvent(event)).toBe(expected)
})

it('what a log keeps', () => {
  const write: LogWrite = {
    id: 7,
    truncateFrom: 11,
    entries: [command(11, 5, 'set x')],
    hardState: { term: 5, votedFor: 'n2', commitIndex: 9 },
    base: { mark: markAt(10, 4), reset: true },
    genesis: GENESIS,
    peers: [{ id: 'n2', incarnation: ID }],
  }
  const nothing = { truncateFrom: undefined, entries: [], hardState: undefined, peers: [] }
  const log = {
    genesis: undefined,
    incarnation: ID,
    hardState: { term: 0, votedFor: undefined, commitIndex: 0 },
    base: { index: 0, term: 0, membership: membershipOf([]), configIndex: 0 },
    firstIndex: 1,
    lastIndex: 0,
    termRuns: [],
    configEntries: [],
    peers: [],
  }
  expect([
    describeWrite(write),
    describeWrite({ ...write, ...nothing, base: undefined, genesis: undefined }),
    describeWrite({ ...write, ...nothing, base: { mark: markAt(10, 4), reset: false } }),
    describeRestoredLog(log),
    describeRestoredLog({ ...log, genesis: GENESIS, lastIndex: 12, peers: write.peers }),
    describeHardState({ term: 5, votedFor: undefined, commitIndex: 9 }),
    describeGenesis(GENESIS),
    describeSnapshotMark(markAt(100, 3, { configIndex: 90 })),
    describeMembership(JOINT),
    describeMembershipChange(CHANGE),
    describeMembershipChange({ changes: [], transition: 'jointExplicit', context: NONE }),
  ]).toMatchInlineSnapshot(`
    [
      "write 7: cluster 01234567 of n1 n2 n3, begin anew behind 10@4 config 0, voters n1 n2 n3, truncate from 11, 1 entry 11@5 command "set x", term 5, voted for n2, commit 9, knows n2 01234567",
      "write 7: nothing",
      "write 7: cluster 01234567 of n1 n2 n3, compact behind 10@4 config 0, voters n1 n2 n3",
      "of no cluster yet, incarnation 01234567, term 0, no vote, commit 0, base 0@0 config 0, no voters, no entries",
      "cluster 01234567 of n1 n2 n3, incarnation 01234567, term 0, no vote, commit 0, base 0@0 config 0, no voters, entries 1..12, knows n2 01234567",
      "term 5, no vote, commit 9",
      "cluster 01234567 of n1 n2 n3",
      "100@3 config 90, voters n1 n2 n3",
      "voters n1 n2 n4, outgoing n1 n2 n3, learners n5 n6, learners next n3, to promote n6, leaves by itself",
      "addLearner n4 to promote, remove n1 (auto) with "n4=10.0.0.4"",
      "leave the joint configuration (jointExplicit)",
    ]
  `)
})

it('entries', () => {
  const entries: Entry[] = [
    command(11, 5, 'set x'),
    makeEntry(12, 5, 'command', new Uint8Array(200).fill(0xab)),
    makeEntry(13, 6, 'noop', NONE),
    makeEntry(14, 6, 'config', encodeMembershipChange(CHANGE)),
    makeEntry(15, 6, 'config', Uint8Array.of(0x10, 9)),
  ]
  expect([...entries.map(describeEntry), describeEntries(entries)]).toMatchInlineSnapshot(`
    [
      "11@5 command "set x"",
      "12@5 command 0xabababababababababababab… of 200 bytes",
      "13@6 noop",
      "14@6 config addLearner n4 to promote, remove n1 (auto) with "n4=10.0.0.4"",
      "15@6 config that can not be read: 0x1009 of 2 bytes",
      "5 entries 11@5..15@6 of 240 bytes",
    ]
  `)
})

it('an output, and one that is empty', () => {
  const empty: Output = {
    send: [],
    write: undefined,
    apply: [],
    read: [],
    restore: undefined,
    wantsSnapshot: false,
    events: [],
  }
  expect(describeOutput(empty)).toBe('nothing')
  const output: Output = {
    send: [timeoutNow(), heartbeat()],
    write: {
      id: 7,
      truncateFrom: undefined,
      entries: [],
      hardState: { term: 5, votedFor: undefined, commitIndex: 9 },
      base: undefined,
      genesis: undefined,
      peers: [],
    },
    apply: [command(9, 5, 'set x')],
    read: [{ readId: 3, from: 4, to: 8, maxBytes: 1000 }],
    restore: markAt(100, 3),
    wantsSnapshot: true,
    events: [{ type: 'roleChanged', role: 'follower', term: 5 }],
  }
  expect(describeOutput(output).split('; ')).toMatchInlineSnapshot(`
    [
      "roleChanged follower in term 5",
      "write 7: term 5, no vote, commit 9",
      "send n2 -> n1 term 1: timeoutNow",
      "send n2 -> n1 term 1: heartbeat commit 0, round 0",
      "apply 1 entry 9@5 command "set x"",
      "read #3 4..8 up to 1000 bytes",
      "restore 100@3 config 0, voters n1 n2 n3",
      "wants a snapshot",
    ]
  `)
})

it('a list goes on only so far', () => {
  const names = Array.from({ length: 12 }, (_, i) => `n${i + 10}`)
  expect(describeMembership(membershipOf(names))).toBe(
    'voters n10 n11 n12 n13 n14 n15 n16 n17 and 4 more',
  )
})

it('a name can not forge a line, nor hide what it is', () => {
  expect(nameText('n1\nn2 -> n1')).toBe('"n1\\nn2 -> n1"')
  expect(nameText('n\u202e1')).toBe('"n\\u{202e}1"')
  expect(nameText('zürich')).toBe('"zürich"')
})

it('every message is one line of bounded length, whoever sends it', () => {
  const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 64 })
  fc.assert(
    fc.property(names.chain(messageFrom), (message) => {
      const described = describeMessage(message)
      expect(described).toMatch(/^[^\p{C}]+$/u)
      expect(described.length).toBeLessThanOrEqual(MAX_LINE_CHARACTERS)
      expect(described).toContain(message.type)
    }),
    { numRuns: 500 },
  )
})

it('the longest there can be is cut', () => {
  const long = (digit: number) =>
    Array.from({ length: 8 }, (_, i) => `${digit}${i}${'x'.repeat(62)}`)
  const membership = membershipOf(long(1), { votersOutgoing: long(2), learners: long(3) })
  const described = describeMembership(membership)
  expect(described.length).toBe(MAX_LINE_CHARACTERS)
  expect(described.endsWith('…')).toBe(true)
  fc.assert(fc.property(memberships, (one) => !describeMembership(one).includes('…')))
})
