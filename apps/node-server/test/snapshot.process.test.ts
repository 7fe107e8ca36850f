import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { register } from './people.ts'
import { eventually } from './waiting.ts'

/** Where the log of the node began last. */
const compactedTo = (log: string): number =>
  Math.max(
    0,
    ...[...log.matchAll(/"type":"(?:compacted|snapshotInstalled)"[^}]*"index":(\d+)/g)].map(
      ([, at]) => Number(at),
    ),
  )

const databases = (cluster: TestCluster, id: string): string[] =>
  readdirSync(path.join(cluster.folder, id, 'state')).filter((name) => name.endsWith('.db'))

test('a node that was away for longer than the log is kept is sent the state, by real processes', async () => {
  await using cluster = await TestCluster.start({
    demo: false,
    nodeArguments: ['--retain-log-mib', '0'],
  })
  await register(cluster)
  const { id } = await cluster.leader()
  const away = cluster.nodeIds.find((node) => node !== id) as string
  await cluster.kill(away)
  const { commitIndex } = await cluster.leader()
  for (let at = 0; at < 10; at += 1) await register(cluster)
  // The rows become durable within a second, and then the log behind them goes; with both that may lead. If one of
  // them started late and was sent the state, its snapshot holds the other's log for a minute.
  await eventually(async () => {
    for (const node of cluster.nodeIds.filter((it) => it !== away))
      expect(compactedTo(cluster.log(node)), node).toBeGreaterThan(commitIndex)
  }, 150_000)
  await register(cluster)

  await cluster.start(away)
  await register(cluster)
  await eventually(async () => expect(cluster.log(away)).toContain('"type":"snapshotInstalled"'))
  // Past everything else, on a connection of its own.
  const bulk = `"peer":"${away}","lane":"bulk","isOpen":true`
  expect(cluster.nodeIds.some((node) => cluster.log(node).includes(bulk))).toBe(true)
  await eventually(async () => {
    const nodes = await cluster.status()
    expect(new Set(nodes.map((node) => `${node.hashIndex} ${node.stateHash}`)).size).toBe(1)
  })
  await eventually(async () => {
    expect(databases(cluster, away)).toHaveLength(1)
    expect(databases(cluster, away)).not.toEqual(['1.db'])
  })

  // All of them again, from what is on their disks.
  await Promise.all(cluster.nodeIds.map((node) => cluster.kill(node)))
  await Promise.all(cluster.nodeIds.map((node) => cluster.start(node)))
  await register(cluster)
})
