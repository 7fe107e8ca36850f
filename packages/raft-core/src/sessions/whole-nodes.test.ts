/** Sessions on whole nodes: leaders are cut off, nodes die and come back, logs are compacted. */
import { expect, it } from 'vitest'
import { JournalMachine, snapshotOf } from '../../test/journal-machine.ts'
import { type ListMachine, NodeCluster } from '../../test/node-cluster.ts'
import { encodeUtf8 } from '../codec/utf8.ts'
import { NotLeaderError } from '../errors.ts'
import type { RaftNode } from '../runtime/raft-node.ts'
import { randomStream } from '../testing/random.ts'
import {
  RaftSession,
  type SessionMachine,
  type SessionReply,
  type SessionResult,
  sessionMachine,
} from './index.ts'

type Machine = SessionMachine<string>

function machine(): Machine {
  return sessionMachine(new JournalMachine(), {
    encodeResult: encodeUtf8,
    decodeResult: (bytes) => new TextDecoder().decode(bytes),
  })
}

/** The helper's machines are lists; its nodes take any. */
const parts = (one: Machine) => ({ machine: one as unknown as ListMachine })

class Group {
  readonly cluster: NodeCluster
  readonly machines = new Map<string, Machine>()

  constructor() {
    this.cluster = new NodeCluster(3, {
      snapshotEveryEntries: 10,
      retainEntries: 0,
      proposeTimeoutMs: 1000,
    })
    for (const id of ['n1', 'n2', 'n3']) this.restart(id)
  }

  restart(id: string): void {
    const fresh = machine()
    this.machines.set(id, fresh)
    this.cluster.restart(id, parts(fresh))
  }

  /** It is heard and hears nothing: what it sends is committed, and it does not know. */
  deafen(id: string): void {
    for (const other of this.machines.keys()) {
      if (other !== id) this.cluster.network.cut(other, id)
    }
  }

  /** Whoever leads, as a client finds out. */
  async propose(data: Uint8Array, options: { readonly timeoutMs: number }) {
    for (const { node } of this.cluster.nodes.values()) {
      if (!node.status().ready) continue
      const one = node as unknown as RaftNode<SessionResult<string>>
      return await one.propose(data, options)
    }
    throw new NotLeaderError(undefined, 'noLeader')
  }
}

const text = (value: string) => new TextEncoder().encode(value)

it('every command is applied once, and all nodes have the same sessions', async () => {
  const group = new Group()
  const { cluster } = group
  cluster.elect()
  const random = randomStream(1, 'sessions')
  const opening = RaftSession.open<string>(group, { clock: cluster.clock, random })
  await cluster.run(200)
  const session = await opening

  const values = Array.from({ length: 60 }, (_, i) => `c${i}`)
  const replies: Promise<SessionReply<string>>[] = []
  for (const [i, value] of values.entries()) {
    replies.push(session.propose(text(value)))
    await cluster.run(10)
    if (i % 20 === 5) group.deafen(cluster.leaderId())
    if (i % 20 === 12) {
      await cluster.run(1500)
      cluster.network.heal()
    }
    if (i % 20 === 15) {
      group.restart(cluster.leaderId())
      await cluster.run(1500)
    }
  }
  await cluster.run(8000)

  const answers = await Promise.all(replies)
  expect(answers.map(({ result }) => result)).toEqual(values.map((value, i) => `${i + 1} ${value}`))
  // Some outcomes were unknown, or this would prove nothing.
  expect(answers.some(({ repeated }) => repeated)).toBe(true)
  const snapshots = [...group.machines.values()].map((one) => snapshotOf(one))
  expect(snapshots[1]).toEqual(snapshots[0])
  expect(snapshots[2]).toEqual(snapshots[0])
  const firsts = [...cluster.nodes.values()].map(({ log }) => log.stats().firstIndex)
  expect(Math.min(...firsts)).toBeGreaterThan(1)
})
