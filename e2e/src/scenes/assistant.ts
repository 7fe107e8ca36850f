import type { Page } from '@playwright/test'
import { logIn } from './log-in.ts'
import type { Scene } from './scene.ts'

export const assistantScenes: readonly Scene[] = [
  {
    name: 'assistant',
    windowOnly: true,
    show: async ({ page }) => {
      await page.goto('/')
      await open(page)
      await page.getByText('What would you like to know?').waitFor()
    },
  },
  {
    name: 'assistant-trains',
    windowOnly: true,
    show: ({ page }) => ask(page, 'Which trains go from Port Marin to Valdor Central tomorrow?'),
  },
  {
    name: 'assistant-my-bookings',
    windowOnly: true,
    show: async ({ page, cluster }) => {
      await logIn(page, cluster.logins.passenger, '/')
      await ask(page, 'What are my bookings?')
    },
  },
]

const open = (page: Page) => page.getByRole('button', { name: 'Ask the assistant' }).click()

async function ask(page: Page, question: string): Promise<void> {
  if (page.url() === 'about:blank') await page.goto('/')
  await open(page)
  await page.getByTestId('assistant-input').fill(question)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('[data-testid="assistant-answer"][data-state="finished"]').waitFor()
}
