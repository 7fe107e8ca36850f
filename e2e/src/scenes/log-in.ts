import type { Page } from '@playwright/test'
import type { Login } from '../passenger.ts'

export async function logIn(page: Page, login: Login, next = '/trips'): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(next)}`)
  await page.getByLabel('Email').fill(login.email)
  await page.getByLabel('Password').fill(login.password)
  await page.locator('form').getByRole('button', { name: 'Log in', exact: true }).click()
  await page.waitForURL(`**${next}`)
}

/** An account of its own, with nothing in it yet. */
export async function register(page: Page, next = '/trips'): Promise<void> {
  await page.goto(`/login?next=${encodeURIComponent(next)}`)
  await page.getByText('Create account').first().click()
  await page.getByLabel('Name').fill('Nora New')
  await page.getByLabel('Email').fill(`nora.${Date.now()}@example.org`)
  await page.getByLabel('Password').fill('a long password')
  await page.locator('form').getByRole('button', { name: 'Create account' }).last().click()
  await page.waitForURL(`**${next}`)
}
