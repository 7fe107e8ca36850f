import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ProxyMesh } from '../../../tools/testing/proxy-mesh.ts'
import { addMuchState } from './much-state.ts'
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

/** What a slow link carries of a connection: a piece of a snapshot (1 MiB) takes longer than an election does. */
const slowLink = { delayMs: 60 }
const stateMib = 4

/**
 * One round: a node is away until the log is cut behind it, and is then sent some MiB over a slow link by a leader that
 * needs that node's answers, because the third one is gone. The leader's term before and after.
 */
async function termsAround(cluster: TestCluster, mesh: ProxyMesh) {
  const leader = await cluster.leader()
  const [away = '', third = ''] = cluster.nodeIds.filter((node) => node !== leader.id)
  await cluster.kill(away)
  const installed = countInstalled(cluster.log(away))
  const { commitIndex } = await cluster.leader()
  await register(cluster)
  await eventually(async () => {
    for (const node of [leader.id, third])
      expect(compactedTo(cluster.log(node)), node).toBeGreaterThan(commitIndex)
  }, 150_000)
  const before = await cluster.leader()
  mesh.set(before.id, away, slowLink)
  const onTheWay = () => mesh.counts(before.id, away).delayed
  const alreadyBytes = onTheWay()
  const started = cluster.start(away)
  await eventually(async () => expect(onTheWay() - alreadyBytes).toBeGreaterThan(2 ** 18))
  await cluster.kill(cluster.nodeIds.find((node) => node !== before.id && node !== away) ?? '')
  await started
  await eventually(async () => expect(countInstalled(cluster.log(away))).toBeGreaterThan(installed))
  expect(onTheWay() - alreadyBytes).toBeGreaterThan((stateMib * 2 ** 20) / 2)
  const after = await cluster.leader()
  mesh.mendAll()
  const [gone = ''] = cluster.nodeIds.filter((node) => !cluster.isRunning(node))
  await cluster.start(gone)
  return [before.term, after.term] as const
}

const countInstalled = (log: string): number => log.split('"type":"snapshotInstalled"').length - 1

test('nobody is elected while a node is sent some MiB of state over a slow link by a leader that needs its answers', async () => {
  const mesh = new ProxyMesh()
  await using cluster = await TestCluster.start({
    demo: true,
    mesh,
    nodeArguments: ['--retain-log-mib', '0'],
  })
  await addMuchState(cluster, stateMib)
  // A machine that has other things to do may stop a leader for half a second; not each time, and only then.
  for (let round = 1; ; round += 1) {
    const [before, after] = await termsAround(cluster, mesh)
    if (before === after) return
    expect(round, `terms ${before} and ${after}`).toBeLessThan(3)
  }
})
