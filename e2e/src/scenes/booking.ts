import { cards, chooseTrain, fillCard, hold, pay, ticket } from '../passenger.ts'
import { logIn } from './log-in.ts'
import type { Scene } from './scene.ts'

const freeSeat = '[data-testid^="seat-"]:not([aria-disabled="true"]):not([disabled])'

/** From the seats to the ticket, and back to the money. */
export const bookingScenes: readonly Scene[] = [
  {
    name: 'seats',
    show: async ({ page }) => {
      await chooseTrain(page, 2)
      await page.locator(freeSeat).nth(4).click()
    },
  },
  {
    name: 'seats-log-in',
    windowOnly: true,
    show: async ({ page }) => {
      await chooseTrain(page)
      await page.getByTestId('hold-button').click()
      await page.getByRole('dialog').getByLabel('Email').waitFor()
    },
  },
  {
    name: 'seats-create-account',
    windowOnly: true,
    show: async ({ page }) => {
      await chooseTrain(page)
      await page.getByTestId('hold-button').click()
      await page.getByRole('dialog').getByText('Create account').first().click()
      await page.getByRole('dialog').getByLabel('Name').waitFor()
    },
  },
  {
    name: 'seats-wrong-password',
    windowOnly: true,
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await page.getByTestId('hold-button').click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Email').fill(cluster.logins.passenger.email)
      await dialog.getByLabel('Password').fill('not the password')
      await dialog.getByRole('button', { name: 'Log in', exact: true }).click()
      await dialog
        .getByText(/password/i)
        .nth(1)
        .waitFor()
      await page.waitForTimeout(1000)
    },
  },
  {
    name: 'seats-taken-by-another',
    show: async ({ page, browser, cluster }) => {
      await logIn(page, cluster.logins.passenger)
      await chooseTrain(page, 2)
      await page.locator(freeSeat).nth(0).click()
      await page.locator(freeSeat).nth(1).click()
      const rivalContext = await browser.newContext({ baseURL: cluster.addresses.web })
      const rival = await rivalContext.newPage()
      await rival.goto(page.url().replace('passengers=2', 'passengers=1'))
      await rival.locator(freeSeat).nth(0).click()
      await hold(rival, cluster.logins.staff)
      await rivalContext.close()
      await page.getByLabel('Passenger 2').fill('Ben Passenger')
      await page.getByTestId('hold-button').click()
      await page.getByText(/taken/i).first().waitFor()
    },
  },
  {
    name: 'checkout',
    show: async ({ page, cluster }) => {
      await chooseTrain(page, 2)
      await page.getByLabel('Passenger 2').fill('Ben Passenger')
      await hold(page, cluster.logins.passenger)
      await page.getByRole('region', { name: 'Test cards' }).waitFor()
    },
  },
  {
    name: 'checkout-mistakes',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await fillCard(page, '4242 4242 4242 4241')
      await page.getByTestId('pay-button').click()
      await page
        .getByText(/check the digits/i)
        .first()
        .waitFor()
    },
  },
  {
    name: 'checkout-declined',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await pay(page, cards.decline)
      await page
        .getByText(/declined/i)
        .first()
        .waitFor()
    },
  },
  {
    name: 'checkout-paying',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await pay(page, cards.slow)
      await page.getByText('Waiting for the bank').waitFor()
    },
  },
  {
    name: 'checkout-released',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await page.getByRole('button', { name: /give|release/i }).click()
      const confirm = page.getByRole('dialog').getByRole('button', { name: /give|release/i })
      if (await confirm.isVisible().catch(() => false)) await confirm.click()
      await page.getByText('Seats given back').waitFor()
    },
  },
  {
    name: 'ticket',
    show: async ({ page, cluster }) => {
      await chooseTrain(page, 2)
      await page.getByLabel('Passenger 2').fill('Ben Passenger')
      await hold(page, cluster.logins.passenger)
      await pay(page, cards.approve)
      await ticket(page)
    },
  },
  {
    name: 'ticket-cancel',
    windowOnly: true,
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await pay(page, cards.approve)
      await ticket(page)
      await page.getByTestId('cancel-button').click()
      await page.getByTestId('refund-amount').waitFor()
    },
  },
  {
    name: 'ticket-cancelled',
    show: async ({ page, cluster }) => {
      await chooseTrain(page)
      await hold(page, cluster.logins.passenger)
      await pay(page, cards.approve)
      await ticket(page)
      await page.getByTestId('cancel-button').click()
      await page.getByTestId('refund-amount').waitFor()
      await page.getByRole('button', { name: /^Cancel the trip/ }).click()
      await page
        .getByTestId('booking-status')
        .getByText(/cancelled/i)
        .waitFor()
    },
  },
  {
    name: 'trips',
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.passenger, '/trips')
      await page.getByRole('heading', { name: 'Upcoming' }).waitFor()
    },
  },
]
