/** Committed entries on their way to the state machine, which takes its time. */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost, commands } from '../../test/core-cluster.ts'
import {
  append,
  entries,
  hostWith,
  installSnapshot,
  MEMBERS,
  markAt,
  receive,
} from '../../test/messages.ts'
import { makeEntry } from '../codec/entry.ts'
import { encodeMembershipChange } from '../codec/membership-change.ts'
import type { Entry } from '../types.ts'

/** n3 is removed by entry 2. */
const LOG: Entry[] = [
  makeEntry(1, 1, 'noop', new Uint8Array(0)),
  makeEntry(
    2,
    1,
    'config',
    encodeMembershipChange({
      changes: [{ type: 'remove', id: 'n3' }],
      transition: 'auto',
      context: new Uint8Array(0),
    }),
  ),
]

describe('applying', () => {
  it('one batch at a time; a change is in force when its batch is done', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualApply = true
    receive(host, append({ entries: LOG, leaderCommit: 2 }))
    receive(
      host,
      append({ prevLogIndex: 2, prevLogTerm: 1, entries: entries(3, 1), leaderCommit: 3 }),
    )
    expect(host.applying.map(({ index }) => index)).toEqual([1, 2])
    expect(host.core.status()).toMatchObject({ commitIndex: 3, appliedIndex: 0, members: MEMBERS })
    host.finishApply()
    expect(host.core.status()).toMatchObject({ appliedIndex: 2, members: ['n1', 'n2'] })
    expect(host.applying.map(({ index }) => index)).toEqual([3])
  })

  it('D3 a snapshot that comes meanwhile waits for the batch, whose changes are older than its own', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualApply = true
    receive(host, append({ entries: LOG, leaderCommit: 2 }))
    const mark = markAt(9, 1, { configIndex: 7 })
    receive(host, installSnapshot({ mark }))
    expect(host.restores).toEqual([])
    expect(host.core.status()).toMatchObject({ members: MEMBERS, configIndex: 7 })
    host.finishApply()
    expect(host.restores).toEqual([9])
    expect(host.core.status()).toMatchObject({ members: MEMBERS, configIndex: 7, appliedIndex: 9 })
    // What was known of the log before is forgotten: the node may campaign.
    host.step({ type: 'campaign' })
    expect(host.core.role).toBe('preCandidate')
  })

  it('D3 entries that were being read for it are not applied any more', () => {
    const host = new CoreHost('n1', MEMBERS, { maxTailBytes: 1 })
    host.manualApply = true
    host.manualReads = true
    receive(host, append({ entries: LOG, leaderCommit: 1 }))
    host.finishApply()
    receive(host, append({ prevLogIndex: 2, prevLogTerm: 1, leaderCommit: 2 }))
    expect(host.reads).toMatchObject([{ from: 2, to: 2 }])
    receive(host, installSnapshot({ mark: markAt(9, 1) }))
    expect(host.core.wantsRead(host.reads[0]?.readId ?? 0)).toBe(false)
    host.core.step({
      type: 'entriesRead',
      readId: host.reads[0]?.readId ?? 0,
      entries: LOG.slice(1),
    })
    host.settle()
    expect(host.core.status()).toMatchObject({ appliedIndex: 9, lastIndex: 9 })
  })

  it('with applyUnstable it does not wait for the own disk', () => {
    for (const applyUnstable of [false, true]) {
      const host = new CoreHost('n1', MEMBERS, { applyUnstable })
      host.manualDisk = true
      receive(host, append({ entries: entries(1, 1, 1), leaderCommit: 2 }))
      expect(host.applied).toHaveLength(applyUnstable ? 2 : 0)
    }
  })

  it('a change that does not fit is nothing, on every node the same', () => {
    const cluster = new CoreCluster(3, { validateMembership: false })
    const leader = cluster.elect('n1')
    const change = { changes: [], transition: 'auto', context: new Uint8Array(0) } as const
    leader.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
    cluster.deliver()
    expect(leader.event('membershipProposed')).toMatchObject({ index: 2, refusal: undefined })
    for (const host of cluster.hosts.values()) {
      expect(host.core.status()).toMatchObject({
        appliedIndex: 2,
        members: MEMBERS,
        configIndex: 0,
      })
    }
  })

  it('goes on while a leader steps down: what it reads for itself is wanted still', () => {
    const cluster = new CoreCluster(3, { maxTailBytes: 1 })
    const leader = cluster.elect('n1')
    cluster.propose('n1', 'a', 'b')
    leader.manualReads = true
    cluster.deliver()
    expect(leader.reads.length).toBeGreaterThan(0)
    receive(leader, append({ from: 'n2', term: 9, prevLogIndex: 3, prevLogTerm: 1 }))
    leader.manualReads = false
    leader.answerReads()
    expect(commands(leader.applied)).toEqual(['a', 'b'])
  })

  it('a removed leader that is told not to hand over only steps down', () => {
    const cluster = new CoreCluster(3, { handOverOnRemoval: false })
    const leader = cluster.elect('n1')
    let asked = 0
    cluster.filter = ({ type }) => {
      if (type === 'timeoutNow') asked++
      return true
    }
    const change = {
      changes: [{ type: 'remove', id: 'n1' }],
      transition: 'auto',
      context: new Uint8Array(0),
    } as const
    leader.step({ type: 'changeMembership', id: 1, change, ifConfig: undefined })
    cluster.deliver()
    expect(leader.event('steppedDown')).toMatchObject({ reason: 'removed' })
    expect(asked).toBe(0)
    expect(cluster.leader()).toBeUndefined()
  })

  it('nothing of it is done twice after a restart over a log that begins later', () => {
    const host = hostWith([1, 1, 1], 1)
    receive(host, append({ prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 }))
    host.compact()
    host.restart()
    expect(host.core.status()).toMatchObject({ appliedIndex: 3, firstIndex: 4 })
    expect(host.applying).toEqual([])
  })
})
