import { expect, it } from 'vitest'
import type { Message } from '../types.ts'
import { decodeMessageBatch, encodeMessageBatch } from './message-batch.ts'

// Found by the simulator: the whole batch was dropped as malformed, and whatever else was in it.
it('a pre-vote that is refused before the first election comes through, in term 0', () => {
  const refusal: Message = {
    type: 'requestVoteReply',
    from: 'n2',
    to: 'n1',
    term: 0,
    preVote: true,
    granted: false,
    commitIndex: 0,
    commitTerm: 0,
  }
  const bytes = encodeMessageBatch({
    clusterId: '5eed'.repeat(8),
    from: 'n2',
    fromIncarnation: 'ab'.repeat(16),
    messages: [refusal],
  })
  expect(decodeMessageBatch(bytes).messages).toEqual([refusal])
})
