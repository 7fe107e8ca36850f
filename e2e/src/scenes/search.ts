import { portMarin, searchPath, valdor } from '../demo.ts'
import type { Scene } from './scene.ts'

export const searchScenes: readonly Scene[] = [
  {
    name: 'home',
    show: async ({ page }) => {
      await page.goto('/')
      await page.waitForLoadState('networkidle').catch(() => {})
    },
  },
  {
    name: 'search-results',
    show: async ({ page }) => {
      await page.goto(searchPath(portMarin, valdor, 2))
      await page.getByText('IC 101').first().waitFor()
    },
  },
  {
    name: 'not-found',
    show: async ({ page }) => {
      await page.goto('/no/such/page')
    },
  },
]
