import { expect, type Page } from '@playwright/test'
import { portMarin, searchPath, valdor } from './demo.ts'

/** What a person does in the browser, step by step, by what they read. */
export interface Login {
  readonly email: string
  readonly password: string
}

export const cards = {
  approve: '4242 4242 4242 4242',
  decline: '4000 0000 0000 0002',
  slow: '4000 0000 0000 8005',
} as const

/** From the search to the seats of the second train of tomorrow with room for the party. */
export async function chooseTrain(page: Page, passengers = 1): Promise<void> {
  await page.goto(searchPath(portMarin, valdor, passengers))
  const card = page.getByTestId('journey-card').filter({ has: page.getByRole('link') })
  await card.nth(1).getByRole('link').last().click()
  await expect(page.getByTestId('hold-button')).toBeVisible()
}

/** Holds whatever seats suit best; logs in when asked. Ends at the checkout. */
export async function hold(page: Page, login?: Login): Promise<void> {
  await page.getByTestId('hold-button').click()
  if (login !== undefined) {
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Email').fill(login.email)
    await dialog.getByLabel('Password').fill(login.password)
    await dialog.getByRole('button', { name: 'Log in', exact: true }).click()
  }
  await expect(page).toHaveURL(/\/checkout\/\d+/)
  await expect(page.getByTestId('countdown')).toBeVisible()
}

export async function fillCard(page: Page, number: string): Promise<void> {
  await page.getByLabel('Card number').fill(number)
  await page.getByLabel('Expiry').fill('12/39')
  await page.getByLabel('Security code').fill('123')
  await page.getByLabel('Name on card').fill('Pat Passenger')
}

export async function pay(page: Page, number: string): Promise<void> {
  await fillCard(page, number)
  await page.getByTestId('pay-button').click()
}

/** The ticket, as soon as it is there; gives the booking's code. */
export async function ticket(page: Page, withinMs = 60_000): Promise<string> {
  await expect(page).toHaveURL(/\/trips\/\d+/, { timeout: withinMs })
  await expect(page.getByTestId('booking-status')).toHaveText(/confirmed/i, { timeout: withinMs })
  const pnr = ((await page.getByTestId('pnr').textContent()) ?? '').replace(/\s/g, '')
  expect(pnr).toMatch(/^[2-9A-HJKMNP-Z]{7}$/)
  return pnr
}

/** The page of a booking says so in its address. */
export const bookingIdOf = (page: Page): string =>
  /\/(\d+)/.exec(new URL(page.url()).pathname)?.[1] ?? ''

/** Fails when the page ever showed that it broke. */
export function watchForErrorPages(page: Page): () => void {
  const broken: string[] = []
  page.on('pageerror', (error) => broken.push(error.message))
  return () => expect(broken).toEqual([])
}
