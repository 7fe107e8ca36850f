// Nodes in this process and in memory, for the examples that are about something else.
import { type RaftConfig, RaftNode, type StateMachine } from '@quorail/raft-core'
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
export function openNode<Result>(
  id: string,
  machine: StateMachine<Result>,
  config: Partial<RaftConfig> = {},
): Promise<RaftNode<Result>> {
  const isFounder = genesis.members.includes(id)
  const founding = { genesis: isFounder ? genesis : undefined, incarnation: randomName() }
  return RaftNode.open({
    id,
    log: new MemoryLog(founding),
    snapshots: new MemorySnapshotStore(),
    machine,
    transport: network.transport(id),
    clock: systemClock,
    random: Math.random,
    config,
  })
}

export async function open(id: string, config?: Partial<RaftConfig>): Promise<Member> {
  const store = new Store()
  return { id, node: await openNode(id, store, config), store }
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
