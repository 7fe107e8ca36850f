import { expect, test } from '@playwright/test'
import { TestCluster } from '../../tools/testing/cluster.ts'
import { cards, chooseTrain, hold, pay, ticket, watchForErrorPages } from '../src/passenger.ts'
import { charges, eventually, newCharges } from '../src/sandbox.ts'

/** One ticket, one authorisation, one capture, whatever died in between. */
async function settledOnce(cluster: TestCluster, before: Awaited<ReturnType<typeof charges>>) {
  const found = await eventually(async () => {
    const charged = await newCharges(cluster, before)
    return charged.some((charge) => charge.captures > 0) ? charged : undefined
  }, 'a capture')
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject({ authorizations: 1, captures: 1, voids: 0, refunds: 0 })
}

/** The demo sells seats of its own at first; its charges must stand still before ours are counted. */
async function quiet(cluster: TestCluster) {
  let last = ''
  return eventually(
    async () => {
      const now = await charges(cluster)
      const text = JSON.stringify(now)
      const still = text === last && now.every((charge) => charge.captures === 1)
      last = text
      await new Promise((resolve) => setTimeout(resolve, 500))
      return still ? now : undefined
    },
    'the demo at rest',
    40_000,
  )
}

interface Moment {
  readonly name: string
  readonly card: string
  readonly paymentArguments?: readonly string[]
  readonly beforePay?: (cluster: TestCluster) => Promise<void>
  readonly afterPay?: (
    cluster: TestCluster,
    before: Awaited<ReturnType<typeof charges>>,
  ) => Promise<void>
}

const killLeader = async (cluster: TestCluster) => {
  await cluster.kill((await cluster.leader()).id)
}

const moments: readonly Moment[] = [
  {
    name: 'the leader is killed between hold and pay',
    card: cards.approve,
    beforePay: killLeader,
  },
  {
    name: 'the leader is killed with Pay sent and unanswered',
    card: cards.slow,
    afterPay: async (cluster) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await killLeader(cluster)
    },
  },
  {
    name: 'the leader is killed after the provider has charged and before the outcome is logged',
    card: cards.approve,
    paymentArguments: ['--hold-after-charge-ms', '4000'],
    afterPay: async (cluster, before) => {
      await eventually(async () => {
        const charged = await newCharges(cluster, before)
        return charged.some((charge) => charge.authorizations === 1) || undefined
      }, 'the charge')
      await killLeader(cluster)
    },
  },
  {
    name: 'the leader hangs for 10 s',
    card: cards.approve,
    beforePay: async (cluster) => {
      const { id } = await cluster.leader()
      cluster.pause(id)
      setTimeout(() => cluster.resume(id), 10_000)
    },
  },
]

for (const moment of moments) {
  test(moment.name, async ({ browser }) => {
    test.setTimeout(150_000)
    await using cluster = await TestCluster.start({
      web: true,
      ...(moment.paymentArguments ? { paymentArguments: moment.paymentArguments } : {}),
    })
    const context = await browser.newContext({ baseURL: cluster.addresses.web })
    const page = await context.newPage()
    const whole = watchForErrorPages(page)
    const before = await quiet(cluster)
    await chooseTrain(page)
    await hold(page, cluster.logins.passenger)
    await moment.beforePay?.(cluster)
    await pay(page, moment.card)
    await moment.afterPay?.(cluster, before)
    await ticket(page, 60_000)
    await settledOnce(cluster, before)
    await page.goto('/trips')
    await expect(page.getByRole('link', { name: /ticket|trip|Port Marin/i }).first()).toBeVisible()
    whole()
    await context.close()
  })
}
