import type { Entry, NodeId } from '@quorail/raft-core'
import type { Message, MessageBatch } from '@quorail/raft-core/core'
import type { Case } from '../harness/measure.ts'
import { repeatFor, sampled } from '../harness/sample.ts'
import type { RaftCoreDoors } from './doors.ts'
import { command, GENESIS, incarnationOf } from './members.ts'

const BATCH = 64

/** The messages of a round of 64 commands of 256 bytes, there and back. */
export function codecCases({ core }: RaftCoreDoors): readonly Case[] {
  const { encodeMessageBatch, decodeMessageBatch, makeEntry } = core
  const entries = (): Entry[] =>
    Array.from({ length: BATCH }, (_, i) => makeEntry(1_000_000 + i, 7, 'command', command))
  const kept = appendOf(entries())
  const appendBytes = encodeMessageBatch(kept)
  const replyBytes = encodeMessageBatch(REPLY)
  return [
    of('codec: encode for the first follower', 'entries', BATCH, () =>
      encodeMessageBatch(appendOf(entries())),
    ),
    of('codec: encode for the second follower', 'entries', BATCH, () => encodeMessageBatch(kept)),
    of('codec: decode', 'entries', BATCH, () => decodeMessageBatch(appendBytes)),
    of('codec: encode an acknowledgement', 'messages', 1, () => encodeMessageBatch(REPLY)),
    of('codec: decode an acknowledgement', 'messages', 1, () => decodeMessageBatch(replyBytes)),
  ]
}

function of(name: string, unit: string, each: number, step: () => unknown): Case {
  return {
    name,
    unit,
    run: (seconds) =>
      sampled(() => {
        let seen = 0
        const calls = repeatFor(seconds, 64, () => {
          if (step() !== undefined) seen++
        })
        if (seen !== calls) throw new Error(`${name}: no result`)
        return { operations: calls * each }
      }),
  }
}

const batchFrom = (from: NodeId, message: Message): MessageBatch => ({
  clusterId: GENESIS.clusterId,
  from,
  fromIncarnation: incarnationOf(from),
  messages: [message],
})

const appendOf = (entries: readonly Entry[]): MessageBatch =>
  batchFrom('n1', {
    type: 'appendEntries',
    from: 'n1',
    to: 'n2',
    term: 7,
    prevLogIndex: 999_999,
    prevLogTerm: 7,
    entries,
    leaderCommit: 999_999,
    readSequence: 12,
    genesis: undefined,
  })

const REPLY = batchFrom('n2', {
  type: 'appendEntriesReply',
  from: 'n2',
  to: 'n1',
  term: 7,
  success: true,
  matchIndex: 1_000_063,
  hintIndex: 0,
  hintTerm: 0,
  readSequence: 12,
})
