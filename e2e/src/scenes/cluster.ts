import type { TestCluster } from '../../../tools/testing/cluster.ts'
import { portMarin, searchPath, valdor } from '../demo.ts'
import { cards, chooseTrain, hold, pay } from '../passenger.ts'
import type { Scene } from './scene.ts'

async function follower(cluster: TestCluster): Promise<string> {
  const { id } = await cluster.leader()
  return cluster.nodeIds.find((candidate) => candidate !== id) ?? ''
}

export const clusterScenes: readonly Scene[] = [
  {
    name: 'cluster',
    show: async ({ page }) => {
      await page.goto('/cluster')
      await page
        .getByText(/leader/i)
        .first()
        .waitFor()
      await page.waitForTimeout(1500)
    },
  },
  {
    name: 'cluster-one-node-down',
    show: async ({ page, cluster }) => {
      await page.goto('/cluster')
      await page
        .getByText(/leader/i)
        .first()
        .waitFor()
      await cluster.kill(await follower(cluster))
      await page.waitForTimeout(3000)
    },
    after: ({ cluster }) => startMissing(cluster),
  },
  {
    name: 'no-node-reachable',
    show: async ({ page, cluster, context }) => {
      for (const address of cluster.addresses.nodes)
        await context.route(`${address}/**`, (route) => route.abort())
      await page.goto(searchPath(portMarin, valdor))
      await page.waitForTimeout(8000)
    },
  },
  {
    name: 'checkout-no-majority',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      const { id } = await cluster.leader()
      // The leader stays, alone: what it is asked to write down can not be agreed.
      for (const other of cluster.nodeIds) if (other !== id) await cluster.kill(other)
      await pay(page, cards.approve)
      await page.waitForTimeout(7000)
    },
    after: ({ cluster }) => startMissing(cluster),
  },
  {
    name: 'not-found',
    show: async ({ page }) => {
      await page.goto('/no/such/page')
      await page.getByRole('heading', { level: 1 }).waitFor()
    },
  },
]

async function startMissing(cluster: TestCluster): Promise<void> {
  for (const id of cluster.nodeIds) if (!cluster.isRunning(id)) await cluster.start(id)
  await cluster.leader()
}
