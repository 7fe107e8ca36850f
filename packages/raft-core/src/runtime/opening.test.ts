/** What a caller is told when a node can not be opened, and that nothing stays open then. */
import { describe, expect, it } from 'vitest'
import { MemorySnapshots } from '../../test/memory-snapshots.ts'
import { bytes, ListMachine, NodeCluster, TestLog } from '../../test/node-cluster.ts'
import type { SnapshotInfo } from '../ports.ts'
import type { RaftNodeOptions } from './options.ts'
import { RaftNode } from './raft-node.ts'

const SMALL = { snapshotEveryEntries: 20, retainEntries: 5 }

/** A log that counts how often it was closed. */
class CountedLog extends TestLog {
  closed = 0
  override close(done: (error: Error | undefined) => void): void {
    this.closed++
    super.close(done)
  }
}

/** A group of one, whose parts can be replaced. */
function make(more: Partial<RaftNodeOptions<number>> = {}) {
  const cluster = new NodeCluster(1)
  const log = new CountedLog(cluster.genesis, 'f'.repeat(32))
  const snapshots = new MemorySnapshots()
  const options: RaftNodeOptions<number> = {
    ...{ id: 'n1', log, snapshots, machine: new ListMachine(), clock: cluster.clock },
    ...{ transport: cluster.network.transport('n1'), random: () => 0.5 },
    ...more,
  }
  return { cluster, log, snapshots, options }
}

/** A log that begins behind a snapshot, and that snapshot. */
async function compacted(config = SMALL) {
  const cluster = new NodeCluster(1, config)
  cluster.elect()
  for (let i = 0; i < 5; i++) await cluster.propose(10)
  const { log, snapshots } = cluster.kill('n1')
  expect(log.stats().firstIndex).toBeGreaterThan(1)
  return { cluster, log, snapshots }
}

describe('opening', () => {
  it('gives a node that takes part', async () => {
    const { cluster, options } = make()
    const node = await RaftNode.open(options)
    cluster.clock.advance(1500)
    expect(await cluster.outcome(node.propose(bytes('a')))).toMatchObject({ result: 1 })
  })

  it('is refused when the log can not be read', async () => {
    const { log, snapshots, options } = make()
    log.open = (done) => done(new Error('EIO'), undefined as never)
    await expect(RaftNode.open(options)).rejects.toMatchObject({
      code: 'storageFailed',
      cause: { message: 'EIO' },
    })
    expect(snapshots.closed).toBe(0)
  })

  it('is refused when the snapshots can not be listed, or one that leads nowhere not removed', async () => {
    for (const fails of ['open', 'remove'] as const) {
      const { log, snapshots, options } = make()
      const mark = { index: 99, term: 1, membership: {} as never, configIndex: 0 }
      const info: SnapshotInfo = { id: 'ahead', mark, sizeBytes: 2, checksum: 0 }
      snapshots.complete.set('ahead', { info, data: bytes('[]') })
      if (fails === 'open') snapshots.open = (done) => done(new Error('EIO'), [])
      else snapshots.remove = (_id, done) => done(new Error('EIO'))
      await expect(RaftNode.open(options)).rejects.toMatchObject({
        code: 'storageFailed',
        cause: { message: 'EIO' },
      })
      expect([log.closed, snapshots.closed]).toEqual([1, 1])
    }
  })

  it('is refused when the log needs a snapshot that can not be read', async () => {
    const { cluster, log, snapshots } = await compacted()
    const { options } = make({ log, snapshots, clock: cluster.clock })
    snapshots.read = (_id, done) => done(new Error('EIO'), undefined as never)
    await expect(RaftNode.open(options)).rejects.toMatchObject({
      code: 'storageFailed',
      cause: { message: 'EIO' },
    })
    expect(snapshots.openReaders).toBe(0)
  })

  it('is refused when the machine throws at the state that it needs', async () => {
    const { cluster, log, snapshots } = await compacted()
    const machine = new ListMachine()
    machine.restore = () => {
      throw new Error('of another version')
    }
    const { options } = make({ log, snapshots, machine, clock: cluster.clock })
    await expect(RaftNode.open(options)).rejects.toMatchObject({
      code: 'machineFailed',
      cause: { message: 'of another version' },
    })
    expect(snapshots).toMatchObject({ openReaders: 0 })
  })

  it('takes a snapshot that stands for just the beginning of the log', async () => {
    const { cluster, log, snapshots } = await compacted({ ...SMALL, retainEntries: 0 })
    const [kept] = snapshots.complete.values()
    const index = kept?.info.mark.index as number
    expect(log.stats().firstIndex).toBe(index + 1)
    const machine = new ListMachine()
    const { options } = make({ log, snapshots, machine, clock: cluster.clock })
    const node = await RaftNode.open(options)
    expect(machine).toMatchObject({ restores: 1, appliedIndex: index })
    expect(node.status().snapshot?.mark.index).toBe(index)
  })

  it('without the option snapshots is refused when the log needs one', async () => {
    const { cluster, log } = await compacted()
    const { options } = make({ log, clock: cluster.clock })
    const { snapshots: _, ...without } = options
    await expect(RaftNode.open(without)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('there is no snapshot that would bridge the gap'),
    })
  })

  it.each([
    [
      'was founded by others',
      { clusterId: 'c'.repeat(32), members: ['n1', 'n7'] },
      'founded by n1',
    ],
    ['is of another cluster', { clusterId: 'd'.repeat(32), members: ['n1'] }, 'of cluster ccc'],
  ])('is refused when the log %s', async (_, genesis, says) => {
    const { log, snapshots, options } = make({ genesis })
    await expect(RaftNode.open(options)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(says),
    })
    expect([log.closed, snapshots.closed]).toEqual([1, 1])
  })

  it('with a genesis is refused where the log waits to be added, and else if it is the same', async () => {
    const { cluster, options } = make({ genesis: { clusterId: 'c'.repeat(32), members: ['n1'] } })
    const waiting = { ...options, log: new TestLog(undefined, '9'.repeat(32)) }
    await expect(RaftNode.open(waiting)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('it waits to be added'),
    })
    const node = await RaftNode.open(options)
    expect(node.status().clusterId).toBe(cluster.genesis.clusterId)
  })
})

describe('a node without snapshots and without an observer', () => {
  it('applies, says that there are no snapshots, and closes', async () => {
    const { cluster, log, options } = make()
    const { snapshots: _, ...without } = options
    const node = await RaftNode.open(without)
    cluster.clock.advance(2500)
    expect(await cluster.outcome(node.propose(bytes('a')))).toMatchObject({ result: 1 })
    const taken = await cluster.outcome(node.takeSnapshot())
    expect(taken).toMatchObject({ code: 'rejected', reason: 'noSnapshots' })
    await node.close()
    expect(log.closed).toBe(1)
    expect(node.status()).toMatchObject({ state: 'closed', snapshot: undefined })
  })

  it('whose log can not be closed says so', async () => {
    const { log, options } = make()
    const node = await RaftNode.open(options)
    log.close = (done) => done(new Error('EIO'))
    await expect(node.close()).rejects.toMatchObject({
      code: 'storageFailed',
      cause: { message: 'EIO' },
    })
  })
})
