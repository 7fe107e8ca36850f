import { expect, test } from '../src/fixtures.ts'

test('what is typed before the page is interactive is not lost', async ({ page }) => {
  await page.route('**/_next/static/chunks/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    await route.continue()
  })
  await page.goto('/', { waitUntil: 'commit' })
  const from = page.getByLabel('From', { exact: true })
  await from.focus()
  await page.keyboard.type('port m')
  await expect(page.getByRole('option').first()).toBeVisible()
  await page.keyboard.type('ar')
  await expect(from).toHaveValue('port mar')
})
