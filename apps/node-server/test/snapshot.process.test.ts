import { readdirSync, statSync } from 'node:fs'
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

/** One round: a node is away until the log is cut behind it, and is then sent some MiB. The term before and after. */
async function termsAround(cluster: TestCluster): Promise<readonly [number, number]> {
  const leader = await cluster.leader()
  const away = cluster.nodeIds.find((node) => node !== leader.id) as string
  const stay = cluster.nodeIds.filter((node) => node !== away)
  await cluster.kill(away)
  const installed = countInstalled(cluster.log(away))
  const { commitIndex } = await cluster.leader()
  await register(cluster)
  await eventually(async () => {
    for (const node of stay)
      expect(compactedTo(cluster.log(node)), node).toBeGreaterThan(commitIndex)
  }, 150_000)
  const { term } = await cluster.leader()
  await cluster.start(away)
  await eventually(async () => expect(countInstalled(cluster.log(away))).toBeGreaterThan(installed))
  const [file = ''] = databases(cluster, away)
  expect(statSync(path.join(cluster.folder, away, 'state', file)).size).toBeGreaterThan(2 * 2 ** 20)
  return [term, (await cluster.leader()).term]
}

const countInstalled = (log: string): number => log.split('"type":"snapshotInstalled"').length - 1

test('nobody is elected while a snapshot of some MiB is sent: heartbeats go past it', async () => {
  await using cluster = await TestCluster.start({
    demo: true,
    nodeArguments: ['--retain-log-mib', '0'],
  })
  // A machine that has other things to do may stop a leader for a second; not each time, and only then.
  for (let round = 1; ; round += 1) {
    const [before, after] = await termsAround(cluster)
    if (before === after) return
    expect(round, `terms ${before} and ${after}`).toBeLessThan(3)
  }
})
