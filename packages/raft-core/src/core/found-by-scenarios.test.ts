/** What etcd's scenarios showed to be wrong here (docs/internals/bugs-found.md). */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import { append, entries, installSnapshot, MEMBERS, receive } from '../../test/messages.ts'
import { membershipOf } from './membership.ts'

describe('found by scenarios', () => {
  it('a leader that was removed, and may lead on, takes no more commands', () => {
    const cluster = new CoreCluster(3, { stepDownOnRemoval: false })
    const leader = cluster.elect('n1')
    const change = {
      changes: [{ type: 'remove', id: 'n1' }],
      transition: 'auto',
      context: new Uint8Array(),
    } as const
    leader.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
    cluster.deliver()
    expect(leader.core.status()).toMatchObject({ role: 'leader', members: ['n2', 'n3'] })
    const { lastIndex } = leader.core.status()
    leader.step({ type: 'propose', id: 7, commands: [new Uint8Array(1)] })
    expect(leader.event('proposed')).toMatchObject({ id: 7, accepted: 0, refusal: 'notLeader' })
    expect(leader.core.status().lastIndex).toBe(lastIndex)
  })

  it('a joiner’s first membership is the snapshot’s, not for a moment the founders’', () => {
    const host = new CoreHost('n4', undefined)
    const membership = membershipOf(['n1', 'n3', 'n4'])
    const genesis = { clusterId: 'c1'.repeat(16), members: ['n1', 'n2', 'n3'] }
    receive(
      host,
      installSnapshot({
        to: 'n4',
        mark: { index: 9, term: 1, membership, configIndex: 8 },
        genesis,
      }),
    )
    const seen = host.events.filter((event) => event.type === 'membershipChanged')
    expect(seen).toMatchObject([{ membership, configIndex: 8 }])
    expect(host.core.status().members).toEqual(membership.voters)
    expect(host.disk.genesis).toEqual(genesis)
  })

  it('an answer to an append acknowledges all that the append is about, once it is durable', () => {
    const host = new CoreHost('n1', MEMBERS)
    receive(host, append({ entries: entries(1, 1) }))
    host.manualDisk = true
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1) }))
    receive(host, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 1 }))
    host.takeSent()
    host.completeWrites()
    const replies = host.takeSent().filter(({ type }) => type === 'appendEntriesReply')
    expect(replies).toMatchObject([{ matchIndex: 2 }, { matchIndex: 2 }])
  })
})
