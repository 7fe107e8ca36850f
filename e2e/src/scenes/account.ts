import { logIn, register } from './log-in.ts'
import type { Scene } from './scene.ts'

export const accountScenes: readonly Scene[] = [
  {
    name: 'login',
    show: async ({ page }) => {
      await page.goto('/login')
      await page.getByLabel('Email').waitFor()
    },
  },
  {
    name: 'trips-logged-out',
    show: async ({ page }) => {
      await page.goto('/trips')
      await page.getByText(/log in to see/i).waitFor()
    },
  },
  {
    name: 'trips-empty',
    show: async ({ page }) => {
      await register(page)
      await page.getByText('No trips yet').waitFor()
    },
  },
  {
    name: 'account-menu',
    windowOnly: true,
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.passenger, '/')
      await page.getByRole('button', { name: /^Account of/ }).click()
      await page.getByText(cluster.logins.passenger.email).waitFor()
    },
  },
]
