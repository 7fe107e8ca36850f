/** Stores of snapshots that fail, at each place, and what the node and its callers make of it. */
import { describe, expect, it } from 'vitest'
import type { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { bytes, ListMachine, NodeCluster, type TestNode } from '../../test/node-cluster.ts'
import type { SnapshotWriter, StateCapture } from '../ports.ts'
import type { NodeId } from '../types.ts'

const SMALL = {
  snapshotEveryEntries: 20,
  retainEntries: 5,
  snapshotChunkBytes: 16,
  snapshotTimeoutMs: 200,
}
const broken = () => new Error('EIO')
const failed = ({ events }: TestNode) =>
  events.flatMap((event) => (event.type === 'snapshotFailed' ? [event.error] : []))

/** Lets writers of new snapshots be changed. */
function changeWriters(snapshots: MemorySnapshots, change: (writer: SnapshotWriter) => void): void {
  const create = snapshots.create.bind(snapshots)
  snapshots.create = (id, mark, done) =>
    create(id, mark, (error, writer) => {
      change(writer)
      done(error, writer)
    })
}

describe('a snapshot of one’s own that fails', () => {
  const steps: [string, (node: TestNode) => void][] = [
    [
      'when the state is captured',
      ({ machine }) => {
        machine.capture = (done) => done(broken(), undefined as never)
      },
    ],
    [
      'when it is begun',
      ({ snapshots }) => {
        snapshots.create = (_id, _mark, done) => done(broken(), undefined as never)
      },
    ],
    [
      'when the state is read',
      ({ machine }) => {
        const capture: StateCapture = {
          next: (give) => give(broken(), undefined),
          release: () => {
            machine.releases++
          },
        }
        machine.capture = (done) => {
          machine.captures++
          done(undefined, capture)
        }
      },
    ],
    [
      'when it is written',
      ({ snapshots }) => {
        snapshots.failure = broken()
      },
    ],
    [
      'when it is finished',
      ({ snapshots }) =>
        changeWriters(snapshots, (writer) => {
          writer.finish = (done) => writer.abort(() => done(broken(), undefined as never))
        }),
    ],
  ]

  it.each(steps)(
    '%s is told to who asked; the node goes on and tries again',
    async (_, breakIt) => {
      const cluster = new NodeCluster(1)
      const leader = cluster.elect()
      const { machine, snapshots } = leader
      const { capture } = machine
      const { create } = snapshots
      await cluster.propose(3)
      breakIt(leader)
      expect(await cluster.outcome(leader.node.takeSnapshot())).toMatchObject({
        code: 'storageFailed',
        cause: { message: 'EIO' },
      })
      expect(failed(leader)).toMatchObject([{ message: 'EIO' }])
      expect(machine.releases).toBe(machine.captures)
      expect([snapshots.created.size, snapshots.complete.size]).toEqual([0, 0])
      expect(await cluster.outcome(leader.node.propose(bytes('x')))).toMatchObject({ result: 4 })
      Object.assign(machine, { capture })
      Object.assign(snapshots, { create, failure: undefined })
      await cluster.run(1500)
      expect(leader.node.status().snapshot?.mark.index).toBe(5)
      await leader.node.close()
    },
  )

  it('because a caller throws at the news does not fail', async () => {
    const cluster = new NodeCluster(1)
    const leader = cluster.elect()
    leader.machine.capture = (done) =>
      done(undefined, {
        next: (give) => give(undefined, undefined),
        release: () => {
          throw new Error('at the release')
        },
      })
    const taken = leader.node.takeSnapshot()
    expect(() => cluster.clock.runDeferred()).toThrow('at the release')
    expect(await cluster.outcome(taken)).toMatchObject({ mark: { index: 1 }, sizeBytes: 0 })
  })
})

describe('a snapshot that was fetched', () => {
  it('and can not be read when it is to be installed stops the node, which can be closed', async () => {
    const cluster = new NodeCluster(3, SMALL)
    cluster.elect()
    const behind = cluster.followers()[0] as TestNode
    cluster.isolate(behind.node.status().id as NodeId)
    for (let i = 0; i < 6; i++) await cluster.propose(10, `${i}/`)
    behind.snapshots.read = (_id, done) => done(broken(), undefined as never)
    cluster.network.heal()
    await cluster.run(1500)
    expect(behind.events.at(-1)).toMatchObject({
      type: 'failed',
      error: { code: 'storageFailed', cause: { message: 'EIO' } },
    })
    await behind.node.close()
    expect(behind.snapshots).toMatchObject({ openReaders: 0, closed: 1 })
  })
})

describe('a leader that can make no snapshots', () => {
  it('says so once, to who asks as well, when a follower needs one', async () => {
    const cluster = new NodeCluster(3, SMALL)
    for (const id of cluster.genesis.members) {
      const machine = Object.assign(new ListMachine(), { durableIndex: 0, capture: undefined })
      cluster.startWith(id, { log: cluster.kill(id).log, machine: machine as never })
    }
    const leader = cluster.elect()
    const id = cluster.followers()[0]?.node.status().id as NodeId
    cluster.isolate(id)
    await cluster.propose(60)
    for (const { machine } of cluster.nodes.values()) {
      Object.assign(machine, { durableIndex: machine.appliedIndex })
    }
    await cluster.run(1500)
    expect(leader.node.status().log.firstIndex).toBeGreaterThan(50)
    cluster.network.heal()
    await cluster.run(3000)
    expect(failed(leader)).toMatchObject([{ code: 'rejected', reason: 'noSnapshots' }])
    expect(await cluster.outcome(leader.node.takeSnapshot())).toMatchObject({
      code: 'rejected',
      reason: 'noSnapshots',
    })
    expect(await cluster.outcome(leader.node.propose(bytes('x')))).toMatchObject({ result: 61 })
  })
})
