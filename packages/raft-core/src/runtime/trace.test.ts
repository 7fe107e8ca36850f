import { describe, expect, it } from 'vitest'
import { bytes, NodeCluster } from '../../test/node-cluster.ts'
import type { Message } from '../types.ts'
import { tracedMessage } from './trace-message.ts'

interface Line {
  readonly tag: string
  readonly event: {
    readonly name: string
    readonly nid: string
    readonly state: { readonly term: number; readonly vote: string; readonly commit: number }
    readonly role: string
    readonly log: number
    readonly conf: readonly (readonly string[])[]
    readonly msg?: { readonly type: string; readonly from: string; readonly to: string }
    readonly prop?: { readonly cc: { readonly changes?: unknown; readonly newconf?: unknown } }
  }
}

function tracedCluster(size: number): { cluster: NodeCluster; lines: Line[] } {
  const lines: Line[] = []
  const trace = (line: string) => lines.push(JSON.parse(line) as Line)
  return { cluster: new NodeCluster(size, {}, { trace }), lines }
}

describe('a trace', () => {
  it('tells an election in the order of etcd’s specification', () => {
    const { cluster, lines } = tracedCluster(1)
    cluster.elect()
    expect(lines.every(({ tag }) => tag === 'trace')).toBe(true)
    const names = lines.map(({ event }) => event.name)
    expect(names.slice(0, 11)).toEqual([
      'InitState',
      'BecomeCandidate',
      'SendRequestVoteResponse',
      'Ready',
      'ReceiveRequestVoteResponse',
      'BecomeLeader',
      'Replicate',
      'SendAppendEntriesResponse',
      'Ready',
      'ReceiveAppendEntriesResponse',
      'Commit',
    ])
    expect(lines[5]?.event).toMatchObject({
      nid: 'n1',
      state: { term: 1, vote: 'n1', commit: 0 },
      role: 'StateLeader',
      log: 1,
      conf: [['n1'], []],
    })
  })

  it('has every message that arrives sent before, and votes only of the real kind', async () => {
    const { cluster, lines } = tracedCluster(3)
    cluster.elect()
    await cluster.propose(5)
    cluster.kill(cluster.leaderId())
    await cluster.run(2000)
    const underWay: string[] = []
    for (const { event } of lines) {
      if (event.msg === undefined) continue
      const message = JSON.stringify(event.msg)
      if (event.name.startsWith('Send')) underWay.push(message)
      else {
        const at = underWay.indexOf(message)
        expect(at, message).toBeGreaterThanOrEqual(0)
        underWay.splice(at, 1)
      }
    }
    const votes = lines.filter(({ event }) => event.msg?.type === 'MsgVote')
    const candidates = lines.filter(({ event }) => event.name === 'BecomeCandidate')
    expect(votes.length).toBeLessThanOrEqual(candidates.length * 2 * 2)
    expect(candidates.length).toBeGreaterThan(1)
    for (const { event } of lines) expect(event.role).toMatch(/^State(Follower|Candidate|Leader)$/)
  })

  it('never takes back a term or a commit index, and votes once a term', async () => {
    const { cluster, lines } = tracedCluster(3)
    cluster.elect()
    await cluster.propose(3)
    cluster.kill(cluster.leaderId())
    await cluster.run(2000)
    const seen = new Map<string, Line['event']['state']>()
    for (const { event } of lines) {
      const before = seen.get(event.nid)
      seen.set(event.nid, event.state)
      if (before === undefined) continue
      expect(event.state.term).toBeGreaterThanOrEqual(before.term)
      expect(event.state.commit).toBeGreaterThanOrEqual(before.commit)
      if (event.state.term === before.term && before.vote !== '0') {
        expect(event.state.vote).toBe(before.vote)
      }
    }
  })

  it('tells changes of the membership, asked for and applied', async () => {
    const { cluster, lines } = tracedCluster(1)
    const { node } = cluster.elect()
    await cluster.outcome(node.changeMembership({ addLearners: ['n2'] }))
    const told = lines.filter(
      ({ event }) => event.name.endsWith('ConfChange') || event.name === 'ChangeConf',
    )
    expect(told.map(({ event }) => [event.name, event.prop?.cc])).toEqual([
      ['ChangeConf', { changes: [{ nid: 'n2', action: 'AddLearner' }] }],
      ['ApplyConfChange', { newconf: ['n1'] }],
    ])
  })

  it('does not change what a node does', async () => {
    const { cluster } = tracedCluster(3)
    const leader = cluster.elect()
    expect(await cluster.outcome(leader.node.propose(bytes('a')))).toMatchObject({ result: 1 })
    expect(await cluster.outcome(leader.node.read())).toBe(2)
    const bare = new NodeCluster(3)
    bare.elect()
    expect(bare.leaderId()).toBe(cluster.leaderId())
  })
})

describe('a message', () => {
  const header = { from: 'a', to: 'b', term: 4 }
  const mark = { index: 9, term: 3, configIndex: 0 } as never
  it.each<[string, Message, object | undefined]>([
    [
      'a snapshot has the entries it stands for',
      { type: 'installSnapshot', ...header, mark, genesis: undefined },
      { name: 'AppendEntriesRequest', message: { type: 'MsgSnap', entries: 9, index: 0 } },
    ],
    [
      'a refusal has its hint',
      {
        ...{ type: 'appendEntriesReply', ...header, success: false, matchIndex: 8 },
        ...{ hintIndex: 5, hintTerm: 2, readSequence: 0 },
      } as Message,
      { message: { type: 'MsgAppResp', index: 8, reject: true, rejectHint: 5, logTerm: 2 } },
    ],
    [
      'a heartbeat has what is committed',
      { type: 'heartbeat', ...header, leaderCommit: 7, readSequence: 1 },
      { message: { type: 'MsgHeartbeat', commit: 7 } },
    ],
    [
      'a read is not of the specification',
      { type: 'readIndexRequest', ...header, readId: 1 },
      undefined,
    ],
  ])('%s', (_, message, expected) => {
    const traced = tracedMessage(message)
    if (expected === undefined) expect(traced).toBeUndefined()
    else expect(traced).toMatchObject(expected)
  })
})
