import { expect, it } from 'vitest'
import { NO_MEMBERSHIP } from './membership.ts'
import { RaftCore } from './raft-core.ts'

// Found by the simulator (profile swarm, seed 12): a node led terms 21 and 22; a message of term 21
// came late, and the answer to it, of term 22, carried the read round of term 21. It would have
// confirmed a round of term 22 that the follower had not heard of: a stale read.
it('the answer to a message of an older term confirms no read round', () => {
  const restored = {
    genesis: { clusterId: 'c'.repeat(32), members: ['n1', 'n2', 'n3'] },
    incarnation: 'a'.repeat(32),
    hardState: { term: 2, votedFor: 'n2', commitIndex: 0 },
    base: { index: 0, term: 0, membership: NO_MEMBERSHIP, configIndex: 0 },
    firstIndex: 1,
    lastIndex: 0,
    termRuns: [],
    configEntries: [],
    peers: [],
  }
  const core = new RaftCore({ id: 'n1', electionJitter: () => 0, firstReadId: 1 }, restored, 0)
  core.step({
    type: 'message',
    incarnation: 'b'.repeat(32),
    message: {
      type: 'appendEntries',
      from: 'n2',
      to: 'n1',
      term: 1,
      prevLogIndex: 0,
      prevLogTerm: 0,
      entries: [],
      leaderCommit: 0,
      readSequence: 7,
      genesis: undefined,
    },
  })
  expect(core.takeOutput().send).toMatchObject([
    { type: 'appendEntriesReply', to: 'n2', term: 2, success: false, readSequence: 0 },
  ])
})
