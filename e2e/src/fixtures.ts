import { test as base } from '@playwright/test'
import { TestCluster } from '../../tools/testing/cluster.ts'

/**
 * `cluster` is one installation with the web app for all tests of a file that do no harm to it; a test that kills
 * something starts its own with `TestCluster.start`.
 */
export const test = base.extend<object, { cluster: TestCluster }>({
  cluster: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the destructured form
    async ({}, use) => {
      const cluster = await TestCluster.start({ web: true, gateway: true })
      await cluster.leader()
      await use(cluster)
      await cluster.stop()
    },
    { scope: 'worker', timeout: 180_000 },
  ],
  baseURL: async ({ cluster }, use) => use(cluster.addresses.web),
})

export { expect } from '@playwright/test'
