import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { portMarin, searchPath, valdor } from '../src/demo.ts'
import { expect, test } from '../src/fixtures.ts'
import { chooseTrain, hold } from '../src/passenger.ts'
import { sampled } from '../src/sample.ts'

/** All of axe's rules, the advisory ones too. */
async function expectNoIssue(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
  expect(found, what).toEqual([])
}

for (const colorScheme of sampled(['light', 'dark'] as const)) {
  test.describe(`in ${colorScheme} colours`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    test('no page has an accessibility issue', async ({ page, cluster }) => {
      await page.goto('/')
      await page.getByLabel('From', { exact: true }).fill('port')
      await page.getByRole('option').first().waitFor()
      await expectNoIssue(page, 'home, with stations')

      await page.goto(searchPath(portMarin, valdor, 2))
      await page.getByTestId('journey-card').first().waitFor()
      await expectNoIssue(page, 'results')
      await page.getByRole('button', { name: 'Ask the assistant' }).click()
      await page.getByTestId('assistant-input').waitFor()
      await expectNoIssue(page, 'assistant')

      await chooseTrain(page)
      await page.locator('[data-testid^="seat-"][data-state="free"]').first().click()
      await expectNoIssue(page, 'seats')
      await page.getByTestId('hold-button').click()
      await page.getByRole('dialog').getByLabel('Email').waitFor()
      await expectNoIssue(page, 'log in')
      await page.keyboard.press('Escape')
      await hold(page, cluster.logins.staff)
      await page.getByRole('region', { name: 'Test cards' }).waitFor()
      await expectNoIssue(page, 'checkout')

      await page.goto('/trips')
      await page.getByText('Waiting for payment').waitFor()
      await expectNoIssue(page, 'trips')
      await page.goto('/staff')
      await page.getByText('IC 101').first().waitFor()
      await expectNoIssue(page, 'staff')
      await page.goto('/staff/trains/new')
      await page.getByRole('button', { name: 'Add the train' }).click()
      await page.getByRole('main').getByRole('alert').waitFor()
      await expectNoIssue(page, 'a new train, refused')
      await page.goto('/cluster')
      await page.getByText('All 3 servers agree').waitFor()
      await page.getByText('All figures').click()
      await expectNoIssue(page, 'cluster')
    })
  })
}

test('a journey is searched, and seats are chosen, by keyboard alone', async ({ page }) => {
  await page.goto('/')
  await page.getByLabel('From', { exact: true }).focus()
  await page.keyboard.type('port mar')
  await page.keyboard.press('Tab')
  await page.keyboard.type('grand')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('To', { exact: true })).toHaveValue('Valdor Central')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/search\?from=PMR&to=VDC/)

  await chooseTrain(page)
  const seats = page.locator('[data-testid^="seat-"]')
  await seats.and(page.locator('[tabindex="0"]')).focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowRight')
  await expect(page.locator('[data-testid^="seat-"]:focus')).toHaveAccessibleName(/seat 2A, window/)
  await page.keyboard.press('Space')
  await expect(page.locator('[data-state="chosen"]')).toHaveAccessibleName(/chosen by you/)
})
