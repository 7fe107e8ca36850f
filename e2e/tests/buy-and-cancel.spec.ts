import type { Page } from '@playwright/test'
import { tomorrow } from '../src/demo.ts'
import { expect, test } from '../src/fixtures.ts'
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

test('a person searches, holds, pays, gets a ticket and cancels it', async ({ page, cluster }) => {
  const whole = watchForErrorPages(page)
  await page.goto('/')
  await page.getByLabel('From', { exact: true }).fill('port mar')
  await page.getByRole('option', { name: /Port Marin/ }).click()
  await page.getByLabel('To', { exact: true }).fill('grand stat')
  await page.getByRole('option', { name: /Valdor Central/ }).click()
  await page.getByLabel('Date').fill(tomorrow())
  await page
    .getByTestId('search-form')
    .getByRole('button', { name: /search|find/i })
    .click()
  await expect(page.getByTestId('journey-card').first()).toBeVisible()

  await chooseTrain(page, 2)
  await page.getByLabel('Passenger 2').fill('Ben Passenger')
  await hold(page, cluster.logins.passenger)
  await pay(page, cards.approve)
  const pnr = await ticket(page)
  const bookingId = bookingIdOf(page)
  const charge = await chargeOnce(cluster, bookingId, { captures: 1 })
  expect(charge).toMatchObject({ authorizations: 1, captures: 1, refunds: 0 })

  await page.goto('/trips')
  await expect(page.getByText(pnr).first()).toBeVisible()
  await page.goto(`/trips/${bookingId}`)
  await page.getByTestId('cancel-button').click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByTestId('refund-amount')).toBeVisible()
  await dialog.getByRole('button', { name: /^cancel (the )?(booking|trip|ticket)/i }).click()
  await expect(page.getByTestId('booking-status')).toHaveText(/cancelled/i)
  const refunded = await chargeOnce(cluster, bookingId, { refunds: 1 })
  expect(refunded).toMatchObject({ authorizations: 1, captures: 1, refunds: 1 })
  expect(refunded.refundedMinor).toBeGreaterThan(0)
  whole()
})

test('a declined card says so, and another one works', async ({ page, cluster }) => {
  await chooseTrain(page)
  await hold(page, cluster.logins.passenger)
  await pay(page, cards.decline)
  await expect(page.getByText(/declined/i).first()).toBeVisible()
  await pay(page, cards.approve)
  await ticket(page)
})

test('the countdown survives a reload', async ({ page, cluster }) => {
  await chooseTrain(page)
  await hold(page, cluster.logins.passenger)
  const seconds = async () => {
    const [minutes = 0, rest = 0] =
      /(\d+):(\d\d)/
        .exec((await page.getByTestId('countdown').textContent()) ?? '')
        ?.slice(1)
        .map(Number) ?? []
    return minutes * 60 + rest
  }
  const before = await seconds()
  expect(before).toBeGreaterThan(400)
  await page.waitForTimeout(2_000)
  await page.reload()
  await expect(page.getByTestId('countdown')).toBeVisible()
  const after = await seconds()
  expect(after).toBeLessThan(before)
  expect(after).toBeGreaterThan(before - 200)
})

for (const { when, stream, asking } of [
  { when: 'while still choosing', stream: true, asking: false },
  { when: 'while still choosing, without a stream', stream: false, asking: true },
  { when: 'at the hold', stream: false, asking: false },
]) {
  test(`two people on one seat, ${when}: the loser is told at once and keeps the rest`, async ({
    page,
    browser,
    cluster,
  }) => {
    if (!stream) await page.route(/WatchService/, (route) => route.abort())
    await chooseTrain(page, 2)
    const address = page.url()
    await chooseFreeSeats(page, 2)
    // The page has the seats told, or asks every few seconds; without that, only the hold itself can tell.
    if (!asking) await page.route(/GetSeatMap/, () => {})
    const blind = !stream && !asking
    const other = await browser.newContext({ baseURL: cluster.addresses.web })
    const rival = await other.newPage()
    await rival.goto(address.replace('passengers=2', 'passengers=1'))
    await chooseFreeSeats(rival, 1)
    await hold(rival, cluster.logins.staff)
    await other.close()

    if (blind) {
      await page.getByLabel('Passenger 2').fill('Ben Passenger')
      await page.getByTestId('hold-button').click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Email').fill(cluster.logins.passenger.email)
      await dialog.getByLabel('Password').fill(cluster.logins.passenger.password)
      await dialog.getByRole('button', { name: 'Log in', exact: true }).click()
    }
    await expect(page.getByText(/just been taken by someone else/)).toBeVisible()
    await expect(page.getByTestId('hold-button')).toHaveText(/1 more seat/)
  })
}

async function chooseFreeSeats(page: Page, count: number): Promise<void> {
  for (let chosen = 0; chosen < count; chosen++) {
    await page.locator('[data-testid^="seat-"][data-state="free"]').first().click()
    await expect(page.locator('[data-state="chosen"]')).toHaveCount(chosen + 1)
  }
}
