import { localDate, portMarin, searchPath, valdor } from '../demo.ts'
import type { Scene } from './scene.ts'

export const searchScenes: readonly Scene[] = [
  {
    name: 'home',
    show: async ({ page }) => {
      await page.goto('/')
      await page.getByTestId('search-form').waitFor()
    },
  },
  {
    name: 'home-stations',
    windowOnly: true,
    show: async ({ page }) => {
      await page.goto('/')
      await page.getByLabel('From', { exact: true }).fill('brez')
      await page.getByRole('option', { name: /Brézières/ }).waitFor()
    },
  },
  {
    name: 'search-results',
    show: async ({ page }) => {
      await page.goto(searchPath(portMarin, valdor, 2))
      await page.getByTestId('journey-card').first().waitFor()
    },
  },
  {
    name: 'search-last-seats-and-full',
    show: async ({ page }) => {
      await page.goto(searchPath(valdor, { code: 'CSL' }, 1))
      await page.getByTestId('journey-card').first().waitFor()
    },
  },
  {
    name: 'search-no-trains',
    show: async ({ page }) => {
      await page.goto(searchPath(portMarin, valdor, 1, localDate(200)))
      await page.getByText('No direct train on this day').first().waitFor()
    },
  },
  {
    name: 'search-unknown-station',
    show: async ({ page }) => {
      await page.goto(searchPath({ code: 'ATLANTIS' }, valdor))
      await page
        .getByRole('alert')
        .or(page.getByText(/station/i))
        .first()
        .waitFor()
    },
  },
  {
    name: 'search-without-a-query',
    show: async ({ page }) => {
      await page.goto('/search')
      await page.getByTestId('search-form').waitFor()
    },
  },
]
