// A counter that three nodes agree on, all of them in this process and in memory.
import { type Callback, type Entry, RaftNode } from '@quorail/raft-core'
import { systemClock } from '@quorail/raft-core/tcp'
import { MemoryLog, MemoryNetwork } from '@quorail/raft-core/testing'

class Counter {
  readonly appliedIndex = 0 // kept in memory only: everything is applied again after a restart
  #total = 0

  apply(entries: readonly Entry[], done: Callback<number[]>): void {
    const add = ({ kind, data }: Entry) => (kind === 'command' ? (data[0] ?? 0) : 0)
    const totals = entries.map((entry) => (this.#total += add(entry)))
    done(undefined, totals)
  }
}

const name = () => crypto.randomUUID().replaceAll('-', '')
const genesis = { clusterId: name(), members: ['a', 'b', 'c'] }
const network = new MemoryNetwork(systemClock.defer)
const open = (id: string) => {
  const log = new MemoryLog({ genesis, incarnation: name() })
  const ports = { log, transport: network.transport(id), clock: systemClock, random: Math.random }
  return RaftNode.open({ id, machine: new Counter(), ...ports })
}
const nodes = await Promise.all(genesis.members.map(open))
const leader = () => nodes.find((node) => node.status().ready)
while (leader() === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
await leader()?.propose(Uint8Array.of(40))
console.log((await leader()?.propose(Uint8Array.of(2)))?.result) // 42
for (const node of nodes) await node.close({ handOver: true })
