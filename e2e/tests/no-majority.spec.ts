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
import { chargeOnce } from '../src/sandbox.ts'

test('two nodes of three die while a payment runs: the page says so, and settles by itself', async ({
  browser,
}) => {
  // Long enough that the payment still runs when they die, also where a page takes seconds.
  await using cluster = await TestCluster.start({
    web: true,
    paymentArguments: ['--slow-ms', '20000'],
  })
  await cluster.leader()
  const page = await browser.newPage({ baseURL: cluster.addresses.web })
  const whole = watchForErrorPages(page)
  await chooseTrain(page)
  await hold(page, cluster.logins.passenger)
  const bookingId = bookingIdOf(page)
  await pay(page, cards.slow)
  await expect(page.getByTestId('booking-status')).toContainText(/bank/i)
  const dead = cluster.nodeIds.slice(0, 2)
  await Promise.all(dead.map((id) => cluster.kill(id)))
  await expect(page.getByText(/nothing more will be charged/i)).toBeVisible({ timeout: 60_000 })
  await cluster.start(dead[0] ?? '')
  await ticket(page, 90_000)
  const charge = await chargeOnce(cluster, bookingId, { captures: 1 })
  expect(charge).toMatchObject({ authorizations: 1, captures: 1, voids: 0, refunds: 0 })
  whole()
  await page.close()
})

test('with two nodes down a hold is certainly not made, and the page says so', async ({
  browser,
}) => {
  await using cluster = await TestCluster.start({ web: true })
  await cluster.leader()
  const page = await browser.newPage({ baseURL: cluster.addresses.web })
  await page.goto('/login')
  await page.getByLabel('Email').fill(cluster.logins.passenger.email)
  await page.getByLabel('Password').fill(cluster.logins.passenger.password)
  await page.getByRole('button', { name: 'Log in', exact: true }).last().click()
  await expect(page.getByText('Pat Passenger').first()).toBeVisible()
  await chooseTrain(page)
  await Promise.all(cluster.nodeIds.slice(0, 2).map((id) => cluster.kill(id)))
  await page.getByTestId('hold-button').click()
  await expect(
    page
      .getByText(/too few of our servers|no majority|not carried out|keep asking|keeps? trying/i)
      .first(),
  ).toBeVisible({
    timeout: 60_000,
  })
  await page.close()
})
