import { expect, test } from '@playwright/test'
import { paced, startLlamaServer } from '@quorail/llm-gateway/testing'
import { TestCluster } from '../../tools/testing/cluster.ts'

// At 25 ms each for more than a minute: it is stopped long before.
const words = Array.from({ length: 4_000 }, (_, i) => ` word${i}`)

test('a model answers token by token, and stopping ends the call at llama.cpp', async ({
  browser,
}) => {
  const llama = await startLlamaServer({ tokens: paced(words, 25) })
  try {
    await using cluster = await TestCluster.start({ web: true, llamaUrl: llama.url })
    await cluster.leader()
    const page = await browser.newPage({ baseURL: cluster.addresses.web })
    await page.goto('/')
    await page.getByRole('button', { name: 'Ask the assistant' }).click()
    await page.getByTestId('assistant-input').fill('Tell me about trains')
    await page.getByTestId('assistant-input').press('Enter')
    const answer = page.getByTestId('assistant-answer').last()
    await expect(answer).toContainText('word3')
    const lengths = new Set<number>()
    for (let look = 0; look < 200 && lengths.size <= 5; look++) {
      lengths.add(((await answer.textContent()) ?? '').length)
      await page.waitForTimeout(150)
    }
    // It grew while we looked, again and again: chunks over time, not one lump.
    expect(lengths.size).toBeGreaterThan(5)
    expect(llama.seen).toMatchObject({ started: 1, finished: 0, cancelled: 0 })
    await page.getByTestId('assistant-stop').click()
    await expect.poll(() => llama.seen.cancelled, { timeout: 45_000 }).toBe(1)
    expect(llama.seen.finished).toBe(0)
    await expect(answer).not.toContainText('word3999')
    await page.close()
  } finally {
    await llama.close()
  }
})

test('with no model the built-in answers speak, and say so', async ({ browser }) => {
  await using cluster = await TestCluster.start({ web: true, gateway: true })
  await cluster.leader()
  const page = await browser.newPage({ baseURL: cluster.addresses.web })
  await page.goto('/')
  await page.getByRole('button', { name: 'Ask the assistant' }).click()
  await page
    .getByTestId('assistant-input')
    .fill('Trains from Port Marin to Valdor Central tomorrow')
  await page.getByTestId('assistant-input').press('Enter')
  await expect(page.getByTestId('assistant-answer').last()).toContainText('IC 101')
  await expect(page.getByText(/built-in answers/)).toBeVisible()
  await page.close()
})
