import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OutboxView } from '@quorail/booking-fsm'
import { afterEach, expect, test } from 'vitest'
import { createProviderClient } from './provider-client.ts'
import { settleEffect } from './settle-effect.ts'
import { memoryLog } from './testing.ts'

const effect: OutboxView = {
  ...{ outboxId: 1, key: 'k-1', kind: 'capture', paymentId: 1, bookingId: 1, amountMinor: 500 },
  ...{ currency: 'EUR', paymentToken: 'tok_a', providerReference: 'auth_1' },
}

interface Asked {
  readonly method: string
  readonly path: string
}

type Said = readonly [status: number, body: string]

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** A provider that says what `answer` gives, and what it was asked. */
async function provider(answer: (asked: Asked, nth: number) => Said) {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const now = { method: request.method ?? '', path: request.url ?? '' }
    asked.push(now)
    const [status, body] = answer(now, asked.length)
    request.resume().on('end', () => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return { asked, client: createProviderClient({ url, secret: 's', answerWithinMs: 1_000 }) }
}

const plan = (askFirst: boolean, signal: AbortSignal = new AbortController().signal) => ({
  ...{ signal, askFirst, log: memoryLog(), isPointless: () => false },
  leadsStill: async () => true,
  waits: () => undefined,
  ...{ pauseFirstMs: 5, pauseMostMs: 20 },
})

const done: Said = [200, '{"state":"done","providerReference":"cap_1"}']
const noSuchPage: Said = [404, '<html>404 Not Found</html>']

test('a question that is not taken says nothing about the effect: it is not given up', async () => {
  const { asked, client } = await provider(({ method }, nth) =>
    nth === 1 ? [404, '{"error":{"code":"not_found"}}'] : method === 'GET' ? [404, unknown] : done,
  )
  await expect(settleEffect(client, effect, plan(true))).resolves.toMatchObject({ type: 'done' })
  expect(asked.filter(({ path }) => path.includes('burn'))).toEqual([])
})
const unknown = '{"state":"unknown"}'

test('a page that is not the provider’s (a gateway’s 404) is no refusal of the effect', async () => {
  const { asked, client } = await provider(({ method }, nth) =>
    nth === 1 ? noSuchPage : method === 'GET' ? [404, unknown] : done,
  )
  await expect(settleEffect(client, effect, plan(false))).resolves.toMatchObject({ type: 'done' })
  expect(asked.filter(({ path }) => path.includes('burn'))).toEqual([])
})

test('a provider that takes neither effect nor question is not asked in a tight loop', async () => {
  const { asked, client } = await provider(() => [422, '{"error":{"code":"no"}}'])
  const signal = AbortSignal.timeout(300)
  await expect(settleEffect(client, effect, plan(false, signal))).rejects.toThrow()
  expect(asked.length).toBeLessThan(60)
})
