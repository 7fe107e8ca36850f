import type { Entry } from '@quorail/raft-core'
import type { Message } from '@quorail/raft-core/core'
import type { Case } from '../harness/measure.ts'
import { repeatFor, sampled } from '../harness/sample.ts'
import type { RaftCoreDoors } from './doors.ts'
import { command, GENESIS, incarnationOf } from './members.ts'

const BATCH = 64

/** The message of a round of 64 commands of 256 bytes, there and back. */
export function codecCases({ core }: RaftCoreDoors): readonly Case[] {
  const { encodeMessageBatch, decodeMessageBatch, makeEntry } = core
  const entries = (): Entry[] =>
    Array.from({ length: BATCH }, (_, i) => makeEntry(1_000_000 + i, 7, 'command', command))
  const batchOf = (these: readonly Entry[]) => {
    const message: Message = {
      type: 'appendEntries',
      from: 'n1',
      to: 'n2',
      term: 7,
      prevLogIndex: 999_999,
      prevLogTerm: 7,
      entries: these,
      leaderCommit: 999_999,
      readSequence: 12,
      genesis: undefined,
    }
    const fromIncarnation = incarnationOf('n1')
    return { clusterId: GENESIS.clusterId, from: 'n1', fromIncarnation, messages: [message] }
  }
  const kept = batchOf(entries())
  const bytes = encodeMessageBatch(kept)
  const of = (name: string, step: () => unknown): Case => ({
    name,
    unit: 'entries',
    run: (seconds) =>
      sampled(() => {
        let seen = 0
        const calls = repeatFor(seconds, 16, () => {
          if (step() !== undefined) seen++
        })
        if (seen !== calls) throw new Error(`${name}: no result`)
        return { operations: calls * BATCH, counts: { bytes: calls * bytes.length } }
      }),
  })
  return [
    of('codec: encode for the first follower', () => encodeMessageBatch(batchOf(entries()))),
    of('codec: encode for the second follower', () => encodeMessageBatch(kept)),
    of('codec: decode', () => decodeMessageBatch(bytes)),
  ]
}
