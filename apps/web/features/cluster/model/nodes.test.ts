import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { NodeStatusSchema, Role } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { describe, expect, it } from 'vitest'
import {
  compareHashes,
  explain,
  formatBytes,
  leaderOf,
  type NodeView,
  reduceNodes,
  startNodes,
} from './nodes'

const urls = ['http://a', 'http://b', 'http://c']

function hear(
  nodes: readonly NodeView[],
  at: number,
  init: MessageInitShape<typeof NodeStatusSchema>,
): readonly NodeView[] {
  const status = create(NodeStatusSchema, { id: `n${at + 1}`, ...init })
  return reduceNodes(nodes, { type: 'heard', url: urls[at] ?? '', status })
}

const silence = (nodes: readonly NodeView[], at: number) =>
  reduceNodes(nodes, { type: 'silent', url: urls[at] ?? '' })

function all(): readonly NodeView[] {
  let nodes = startNodes(urls)
  nodes = hear(nodes, 0, { role: Role.LEADER, term: 5n })
  nodes = hear(nodes, 1, { role: Role.FOLLOWER, term: 5n })
  return hear(nodes, 2, { role: Role.FOLLOWER, term: 5n })
}

describe('the cluster in words', () => {
  it('is well when all answer and one leads', () => {
    expect(explain(all())).toMatchObject({
      tone: 'good',
      title: 'All 3 servers agree, and n1 leads',
    })
  })

  it('goes on with one missing, stops with two, and says so', () => {
    const two = silence(all(), 2)
    expect(explain(two).title).toBe('2 of 3 servers answer, and that is enough')
    expect(explain(silence(two, 1)).title).toBe('1 of 3 servers answer; 2 are needed')
    expect(explain(silence(silence(two, 1), 0)).title).toBe('No server answers')
  })

  it('knows an election', () => {
    expect(explain(silence(all(), 0)).title).toBe('The servers are choosing a leader')
  })

  it('asks before it judges', () => {
    expect(explain(startNodes(urls)).tone).toBe('info')
  })
})

describe('the leader', () => {
  it('is the one of the highest term: a deposed one may not know yet', () => {
    const nodes = hear(all(), 1, { role: Role.LEADER, term: 6n })
    expect(leaderOf(nodes)?.status?.id).toBe('n2')
  })

  it('is nobody who is silent', () => {
    expect(leaderOf(silence(all(), 0))).toBeUndefined()
  })
})

describe('state hashes', () => {
  const tell = (nodes: readonly NodeView[], at: number, hashIndex: bigint, stateHash: string) =>
    hear(nodes, at, { hashIndex, stateHash })

  it('are compared at the newest index most of them know', () => {
    let nodes = tell(startNodes(urls), 0, 10n, 'aa')
    nodes = tell(tell(nodes, 0, 20n, 'bb'), 1, 10n, 'aa')
    nodes = tell(nodes, 2, 10n, 'aa')
    expect(compareHashes(nodes)).toEqual({ verdict: 'equal', index: 10n, nodes: 3 })
    expect(compareHashes(tell(nodes, 1, 20n, 'cc')).index).toBe(10n)
  })

  it('tell when data differs', () => {
    const nodes = tell(tell(startNodes(urls), 0, 10n, 'aa'), 1, 10n, 'zz')
    expect(compareHashes(nodes)).toMatchObject({ verdict: 'different', index: 10n })
  })

  it('are not compared across indexes', () => {
    const nodes = tell(tell(startNodes(urls), 0, 10n, 'aa'), 1, 20n, 'zz')
    expect(compareHashes(nodes).verdict).toBe('unknown')
  })
})

describe('sizes', () => {
  it.each([
    [0n, '0 B'],
    [1536n, '1.5 KiB'],
    [52_428_800n, '50 MiB'],
  ])('writes %s as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })
})
