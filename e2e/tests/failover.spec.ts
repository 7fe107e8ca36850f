import { expect, test } from '@playwright/test'
import { TestCluster } from '../../tools/testing/cluster.ts'
import {
  bookingIdOf,
  cards,
  chooseTrain,
  hold,
  pay,
  ticket,
  watchForErrorPages,
} from '../src/passenger.ts'
import { sampled } from '../src/sample.ts'
import { chargeOf, chargeOnce } from '../src/sandbox.ts'

/** One authorisation, one capture, whatever died in between. */
async function settledOnce(cluster: TestCluster, bookingId: string) {
  await chargeOnce(cluster, bookingId, { captures: 1 })
  expect(await chargeOf(cluster, bookingId)).toMatchObject({
    authorizations: 1,
    captures: 1,
    voids: 0,
    refunds: 0,
  })
}

interface Moment {
  readonly name: string
  readonly card: string
  readonly paymentArguments?: readonly string[]
  readonly beforePay?: (cluster: TestCluster) => Promise<void>
  readonly afterPay?: (cluster: TestCluster, bookingId: string) => Promise<void>
}

/** A test that failed has stopped its cluster by then. */
function resumeIfThere(cluster: TestCluster, id: string) {
  try {
    cluster.resume(id)
  } catch {}
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
    paymentArguments: ['--hold-after-charge-ms', '10000'],
    afterPay: async (cluster, bookingId) => {
      await chargeOnce(cluster, bookingId, { authorizations: 1 })
      await killLeader(cluster)
    },
  },
  {
    name: 'the leader hangs for 10 s',
    card: cards.approve,
    beforePay: async (cluster) => {
      const { id } = await cluster.leader()
      cluster.pause(id)
      setTimeout(() => resumeIfThere(cluster, id), 10_000)
    },
  },
]

for (const moment of sampled(moments)) {
  test(moment.name, async ({ browser }) => {
    await using cluster = await TestCluster.start({
      web: true,
      ...(moment.paymentArguments ? { paymentArguments: moment.paymentArguments } : {}),
    })
    const context = await browser.newContext({ baseURL: cluster.addresses.web })
    const page = await context.newPage()
    const whole = watchForErrorPages(page)
    await cluster.leader()
    await chooseTrain(page)
    await hold(page, cluster.logins.passenger)
    const bookingId = bookingIdOf(page)
    await moment.beforePay?.(cluster)
    await pay(page, moment.card)
    await moment.afterPay?.(cluster, bookingId)
    await ticket(page, 90_000)
    await settledOnce(cluster, bookingId)
    await page.goto('/trips')
    await expect(page.getByRole('link', { name: /ticket|trip|Port Marin/i }).first()).toBeVisible()
    whole()
    await context.close()
  })
}
