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
    // Tomorrow one train to Stellacroce has three seats left, the next none: the demo buys the others.
    name: 'search-last-seats-and-full',
    show: async ({ page }) => {
      const lookAgain = async () => {
        await page.goto(searchPath({ code: 'TNB' }, { code: 'STC' }))
        await page.getByTestId('journey-card').first().waitFor()
      }
      await lookAgain()
      for (let tries = 0; tries < 30; tries += 1) {
        if (
          await page
            .getByText(/sold out|full/i)
            .first()
            .isVisible()
        )
          return
        await page.waitForTimeout(500)
        await lookAgain()
      }
      throw new Error('The demo has not sold its full train within 15 s.')
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
      // Next has an alert of its own in the page; the notice is in the content.
      await page.getByRole('main').getByRole('alert').waitFor()
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
