// Nodes in this process and in memory, for the examples that are about something else.
import { type LogFounding, type RaftConfig, RaftNode } from '@quorail/raft-core'
import { systemClock } from '@quorail/raft-core/tcp'
import { MemoryLog, MemoryNetwork, MemorySnapshotStore } from '@quorail/raft-core/testing'
import { Store } from './store.ts'

export interface Member {
  readonly id: string
  readonly node: RaftNode<string>
  readonly store: Store
}

const randomName = () => crypto.randomUUID().replaceAll('-', '')
const genesis = { clusterId: randomName(), members: ['a', 'b', 'c'] }
const network = new MemoryNetwork(systemClock.defer)

/** Opens a node: one of the founders a, b and c, or any other, which then waits to be added. */
export async function open(id: string, config: Partial<RaftConfig> = {}): Promise<Member> {
  const isFounder = genesis.members.includes(id)
  const founding: LogFounding = {
    genesis: isFounder ? genesis : undefined,
    incarnation: randomName(),
  }
  const store = new Store()
  const node = await RaftNode.open({
    id,
    log: new MemoryLog(founding),
    snapshots: new MemorySnapshotStore(),
    machine: store,
    transport: network.transport(id),
    clock: systemClock,
    random: Math.random,
    config,
  })
  return { id, node, store }
}

/** The member that leads, once there is one. */
export async function leaderOf(members: readonly Member[]): Promise<Member> {
  for (;;) {
    const leader = members.find(({ node }) => node.status().ready)
    if (leader !== undefined) return leader
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
}
