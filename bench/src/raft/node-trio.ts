/** Three whole nodes in one process: runtime, codec, a network and logs in memory, real timers. */
import type { Entry, RaftNode, StateMachine } from '@quorail/raft-core'
import type { RaftCoreDoors } from './doors.ts'
import { GENESIS, MEMBERS } from './members.ts'
import { RecentLog } from './recent-log.ts'

/** Does nothing, at once. */
class IdleMachine implements StateMachine<undefined> {
  readonly appliedIndex = 0

  apply(entries: readonly Entry[], done: (error: undefined, results: undefined[]) => void): void {
    done(undefined, new Array<undefined>(entries.length).fill(undefined))
  }
}

export interface NodeTrio {
  readonly leader: RaftNode<undefined>
  close(): Promise<void>
}

/** Resolves when the first member leads and may be asked. */
export async function openNodeTrio(doors: RaftCoreDoors): Promise<NodeTrio> {
  const { main, testing, tcp } = await doors.runtime()
  const { RaftNode } = main
  const { MemoryNetwork, randomStream } = testing
  const { systemClock: clock } = tcp
  const network = new MemoryNetwork((run) => clock.defer(run))
  const nodes: RaftNode<undefined>[] = []
  let ready: () => void = () => {}
  const elected = new Promise<void>((resolve) => {
    ready = resolve
  })
  for (const id of MEMBERS) {
    const slow = id === MEMBERS[0] ? 1 : 20
    const node = await RaftNode.open<undefined>({
      id,
      genesis: GENESIS,
      log: new RecentLog(id),
      machine: new IdleMachine(),
      transport: network.transport(id),
      clock,
      random: randomStream(1, id),
      // The first one campaigns first, and goes on leading when the machine stands still for a while.
      config: {
        heartbeatMs: 30,
        electionMinMs: 100 * slow,
        electionMaxMs: 101 * slow,
        checkQuorum: false,
      },
      observer: ({ type }) => {
        if (type === 'leaderReady') ready()
        if (type === 'failed') throw new Error(`${id} failed`)
      },
    })
    nodes.push(node)
  }
  await elected
  const leader = nodes[0] as RaftNode<undefined>
  if (!leader.status().ready) throw new Error('another node leads than the first')
  return {
    leader,
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()))
    },
  }
}
