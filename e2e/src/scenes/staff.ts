import { tomorrow } from '../demo.ts'
import { logIn } from './log-in.ts'
import type { Scene } from './scene.ts'

export const staffScenes: readonly Scene[] = [
  {
    name: 'staff',
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.staff, `/staff?date=${tomorrow()}`)
      await page.locator('a[href^="/staff/runs/"]').first().waitFor()
      await page
        .getByRole('button', { name: /^Open runs/ })
        .first()
        .waitFor()
    },
  },
  {
    name: 'staff-open-runs',
    windowOnly: true,
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.staff, '/staff')
      await page
        .getByRole('button', { name: /^Open runs/ })
        .first()
        .click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'staff-new-train',
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.staff, '/staff/trains/new')
      await page.getByRole('heading', { level: 1 }).waitFor()
    },
  },
  {
    name: 'staff-occupancy',
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.staff, `/staff?date=${tomorrow()}`)
      await page.locator('a[href^="/staff/runs/"]').nth(1).click()
      await page.waitForURL('**/staff/runs/*')
      await page.getByText(/seats/).first().waitFor()
    },
  },
  {
    name: 'staff-as-a-passenger',
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.passenger, '/staff')
      await page.waitForTimeout(1000)
    },
  },
]
