/** Nodes that would rather lead than others (etcd has none; raft-rs' `priority`). */
import { describe, expect, it } from 'vitest'
import { CoreCluster, CoreHost } from '../../test/core-cluster.ts'
import {
  append,
  entries,
  hostWith,
  installSnapshot,
  MEMBERS,
  receive,
  requestVote,
} from '../../test/messages.ts'
import type { RequestVoteReply } from '../types.ts'

/** n1 with a log of terms 1, 1 and a priority of 2. */
function preferred(): CoreHost {
  const host = new CoreHost('n1', MEMBERS, { priority: 2 })
  host.disk.entries = entries(1, 1, 1)
  host.disk.hardState = { term: 1, votedFor: undefined, commitIndex: 0 }
  host.restart()
  return host
}

function answer(host: CoreHost, fields: Parameters<typeof requestVote>[0]): boolean | undefined {
  receive(host, requestVote({ term: host.core.status().term + 1, ...fields }))
  return host
    .takeSent()
    .find((message): message is RequestVoteReply => message.type === 'requestVoteReply')?.granted
}

describe('priorities', () => {
  it('a voter of higher priority votes only for a log that is better than its own', () => {
    const same = { lastLogIndex: 2, lastLogTerm: 1 }
    expect(answer(preferred(), { ...same, priority: 1 })).toBe(false)
    expect(answer(preferred(), { ...same, priority: 1, preVote: true })).toBe(false)
    expect(answer(preferred(), { ...same, priority: 2 })).toBe(true)
    expect(answer(preferred(), { ...same, priority: 3 })).toBe(true)
    expect(answer(preferred(), { lastLogIndex: 3, lastLogTerm: 1 })).toBe(true)
    expect(answer(preferred(), { lastLogIndex: 1, lastLogTerm: 2 })).toBe(true)
  })

  it('whom the leader sent is voted for, whatever its priority', () => {
    expect(answer(preferred(), { lastLogIndex: 2, lastLogTerm: 1, transfer: true })).toBe(true)
  })

  it('a learner prefers nobody, least of all itself', () => {
    const host = new CoreHost('n1', ['n2', 'n3'], { priority: 2 })
    expect(answer(host, {})).toBe(true)
  })

  it('a voter that can not lead now, because its state is being replaced, holds nobody up', () => {
    const host = new CoreHost('n1', MEMBERS, { priority: 2 })
    host.manualRestore = true
    receive(host, installSnapshot())
    expect(host.core.status().isRestoring).toBe(true)
    host.step({ type: 'forgetLeader' })
    expect(answer(host, { from: 'n3', lastLogIndex: 1, lastLogTerm: 1 })).toBe(true)
  })

  it('without a disk that answers it holds nobody up either', () => {
    const host = new CoreHost('n1', MEMBERS, { priority: 2 })
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 1) }))
    for (let i = 0; i < 51; i++) host.step({ type: 'tick' })
    host.completeWrites(0)
    receive(
      host,
      requestVote({ from: 'n3', term: 2, preVote: true, lastLogIndex: 1, lastLogTerm: 1 }),
    )
    expect(host.takeSent().at(-1)).toMatchObject({ type: 'requestVoteReply', granted: true })
  })

  it('where its vote is needed, the one of higher priority leads, however eager another is', () => {
    const cluster = new CoreCluster(3)
    const host = cluster.host('n3')
    Object.assign(host.options, { priority: 5 })
    host.restart()
    cluster.filter = ({ from, to }) => from !== 'n2' && to !== 'n2'
    cluster.tick(300)
    expect(cluster.leader()?.id).toBe('n3')
  })

  it('nothing of this concerns who has priority 0', () => {
    expect(answer(hostWith([1, 1], 1), { lastLogIndex: 2, lastLogTerm: 1 })).toBe(true)
  })
})
