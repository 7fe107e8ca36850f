import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { eventually } from './waiting.ts'

test('each node says what it counts, and one of them that it leads', async () => {
  await using cluster = await TestCluster.start({
    demo: false,
    nodeArguments: ['--metrics-port', '0'],
  })
  await cluster.leader()
  // A follower may have started last, and hear of the first entries now.
  await eventually(async () => {
    const texts = await Promise.all(cluster.nodeIds.map((id) => scrape(cluster.log(id))))
    const figures = (name: string) =>
      texts.map((text) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]))
    expect(figures('quorail_leader').sort()).toEqual([0, 0, 1])
    for (const applied of figures('quorail_applied_index')) expect(applied).toBeGreaterThan(0)
    for (const lag of figures('nodejs_eventloop_lag_p99_seconds')) expect(lag).toBeGreaterThan(0)
    for (const batches of figures('quorail_database_batch_seconds_count\\{durable="true"\\}'))
      expect(batches).toBeGreaterThan(0)
    for (const appends of figures('quorail_raft_stage_seconds_count\\{stage="append"\\}'))
      expect(appends).toBeGreaterThan(0)
  })
})

async function scrape(log: string): Promise<string> {
  const port = /"metricsPort":(\d+)/.exec(log)?.[1]
  return (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
}
