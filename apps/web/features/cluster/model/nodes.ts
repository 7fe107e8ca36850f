import type { NodeStatus, Role } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { NodeRole } from '@/lib/api/enums'

/** One node as this page hears of it. */
export interface NodeView {
  readonly url: string
  /** `silent`: nothing heard for four seconds, or the stream broke. */
  readonly contact: 'connecting' | 'live' | 'silent'
  /** The last thing it said, however long ago. */
  readonly status: NodeStatus | undefined
  /** State hashes it told of lately, newest last. */
  readonly hashes: readonly { readonly index: bigint; readonly hash: string }[]
}

export type NodeEvent =
  | { readonly type: 'heard'; readonly url: string; readonly status: NodeStatus }
  | { readonly type: 'silent'; readonly url: string }

const hashesMost = 30

export function startNodes(urls: readonly string[]): readonly NodeView[] {
  return urls.map((url) => ({ url, contact: 'connecting', status: undefined, hashes: [] }))
}

export function reduceNodes(nodes: readonly NodeView[], event: NodeEvent): readonly NodeView[] {
  return nodes.map((node) => {
    if (node.url !== event.url) return node
    if (event.type === 'silent') return { ...node, contact: 'silent' }
    const { status } = event
    return { ...node, contact: 'live', status, hashes: withHash(node.hashes, status) }
  })
}

function withHash(hashes: NodeView['hashes'], status: NodeStatus): NodeView['hashes'] {
  const { hashIndex: index, stateHash: hash } = status
  if (hash === '' || hashes.at(-1)?.index === index) return hashes
  return [...hashes, { index, hash }].slice(-hashesMost)
}

/** Who leads: the live node that says so in the highest term; a deposed one may not know yet. */
export function leaderOf(nodes: readonly NodeView[]): NodeView | undefined {
  return nodes
    .filter(({ contact, status }) => contact === 'live' && status?.role === NodeRole.LEADER)
    .toSorted((a, b) => Number((b.status?.term ?? 0n) - (a.status?.term ?? 0n)))[0]
}

export interface HashVerdict {
  readonly verdict: 'equal' | 'different' | 'unknown'
  readonly index: bigint
  readonly nodes: number
}

/** Compares state hashes at the newest index that at least two live nodes have told of. */
export function compareHashes(nodes: readonly NodeView[]): HashVerdict {
  const byIndex = new Map<bigint, string[]>()
  for (const { contact, hashes } of nodes) {
    if (contact !== 'live') continue
    for (const { index, hash } of hashes) byIndex.set(index, [...(byIndex.get(index) ?? []), hash])
  }
  const common = [...byIndex].filter(([, list]) => list.length > 1)
  const most = Math.max(0, ...common.map(([, list]) => list.length))
  const best = common
    .filter(([, list]) => list.length === most)
    .toSorted(([a], [b]) => Number(b - a))[0]
  if (best === undefined) return { verdict: 'unknown', index: 0n, nodes: 0 }
  const [index, list] = best
  const equal = new Set(list).size === 1
  return { verdict: equal ? 'equal' : 'different', index, nodes: list.length }
}

export interface Explanation {
  readonly tone: 'good' | 'warn' | 'bad' | 'info'
  readonly title: string
  readonly text: string
}

/** The state of the cluster for somebody who has never heard of Raft. */
export function explain(nodes: readonly NodeView[]): Explanation {
  const live = nodes.filter(({ contact }) => contact === 'live').length
  const [all, majority] = [nodes.length, Math.floor(nodes.length / 2) + 1]
  const leader = leaderOf(nodes)
  if (nodes.every(({ contact }) => contact === 'connecting')) {
    return { tone: 'info', title: 'Asking the servers', text: 'One moment.' }
  }
  if (live === 0) {
    return {
      tone: 'bad',
      title: 'No server answers',
      text: 'What is booked stays booked: it is on their disks. This page keeps asking.',
    }
  }
  if (live < majority) {
    return {
      tone: 'bad',
      title: `${live} of ${all} servers answer; ${majority} are needed`,
      text: 'Nothing can be sold now, because a sale must be on most disks before anybody hears yes. It goes on by itself when another server returns.',
    }
  }
  if (leader === undefined) {
    return {
      tone: 'warn',
      title: 'The servers are choosing a leader',
      text: 'That takes about a second. Bookings wait for so long, and none is lost.',
    }
  }
  const name = leader.status?.id ?? ''
  if (live < all) {
    return {
      tone: 'warn',
      title: `${live} of ${all} servers answer, and that is enough`,
      text: `${name} leads and sells. The missing one catches up when it returns.`,
    }
  }
  return {
    tone: 'good',
    title: `All ${all} servers agree, and ${name} leads`,
    text: `Every booking is written by at least ${majority} of them before anybody hears yes. Stop one and watch: the others go on.`,
  }
}

export function roleWord(role: Role | undefined): string {
  switch (role) {
    case NodeRole.LEADER:
      return 'Leader'
    case NodeRole.FOLLOWER:
      return 'Follower'
    case NodeRole.PRE_CANDIDATE:
      return 'Asking around'
    case NodeRole.CANDIDATE:
      return 'Candidate'
    default:
      return 'Unknown'
  }
}

export function formatBytes(bytes: bigint): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let [value, unit] = [Number(bytes), 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`
}
