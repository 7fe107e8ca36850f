import { expect, it } from 'vitest'
import { NodeCluster, type TestNode } from '../../test/node-cluster.ts'

/** Snapshots often, and a log that keeps little. */
const SMALL = {
  snapshotEveryEntries: 20,
  retainEntries: 5,
  snapshotChunkBytes: 16,
  snapshotTimeoutMs: 200,
}

it('captures nothing between two states, though a snapshot of its own is due', async () => {
  const cluster = new NodeCluster(3, SMALL)
  cluster.elect()
  const behind = cluster.followers()[0] as TestNode
  const { id } = behind.node.status()
  behind.machine.capture = (done) => done(new Error('not now'), undefined as never)
  for (let i = 0; i < 3; i++) await cluster.propose(10)
  expect(behind.events.map(({ type }) => type)).toContain('snapshotFailed')
  cluster.isolate(id)
  for (let i = 0; i < 6; i++) await cluster.propose(10)
  const { log } = behind
  const write = log.write.bind(log)
  log.write = (one, done) => {
    // The log is about to begin anew behind the snapshot: it is not durable yet, nor restored.
    if (one.base?.reset === true) log.held = []
    write(one, done)
  }
  cluster.network.heal()
  for (let i = 0; i < 300 && log.held === undefined; i++) await cluster.run(10)
  expect(log.held).toHaveLength(1)
  await cluster.run(2000)
  expect(behind.node.status().state).toBe('running')
  log.release()
  await cluster.run(1500)
  expect(behind.machine.list).toEqual(cluster.leader().machine.list)
})
