import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findBooking, type Outcome, pendingOutbox } from '@quorail/booking-fsm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { NodeHost } from '../host/types.ts'
import { FakeCluster, memoryLog, secret } from './testing.ts'
import { createWebhookHandler, webhookPath } from './webhook.ts'

let cluster: FakeCluster
let bookingId: number
const servers: Server[] = []

beforeEach(() => {
  cluster = new FakeCluster()
  const { passenger, runId } = cluster.found()
  const held = cluster.run(
    {
      ...{ type: 'holdSeats', runId, fromStop: 0, toStop: 1, classCode: '2' },
      ...{ passengers: [{ name: 'Ada' }], seats: [] },
    },
    passenger,
  )
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  bookingId = held.bookingId
  const paymentToken = 'tok_12345678'
  cluster.run(
    { type: 'startPayment', bookingId, paymentToken, amountMinor: held.priceMinor },
    passenger,
  )
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

async function serve(host: NodeHost): Promise<string> {
  const server = createServer(createWebhookHandler({ host, secret, log: memoryLog() }))
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const authorised: Outcome = { type: 'done', providerReference: 'auth_1' }

function notice(outcome: Outcome = authorised, eventId = 'evt_1'): string {
  const key = pendingOutbox(cluster.state, 1)[0]?.key ?? ''
  return JSON.stringify({ eventId, type: 'authorize.done', key, kind: 'authorize', outcome })
}

async function post(
  url: string,
  body: string,
  given: { readonly secret?: string; readonly ageSeconds?: number; readonly hop?: string } = {},
): Promise<{ readonly status: number; readonly code: string }> {
  const t = Math.floor(cluster.nowMs / 1000) - (given.ageSeconds ?? 0)
  const v1 = createHmac('sha256', given.secret ?? secret)
    .update(`${t}.${body}`)
    .digest('hex')
  const response = await fetch(url + webhookPath, {
    method: 'POST',
    headers: {
      'payment-signature': `t=${t},v1=${v1}`,
      ...(given.hop === undefined ? {} : { 'x-quorail-forwarded-by': given.hop }),
    },
    body,
  })
  const { code } = (await response.json()) as { readonly code: string }
  return { status: response.status, code }
}

const outcomes = () =>
  cluster.applied.filter(({ submission }) => submission.command.type === 'recordOutcome')

test('counts a notice once, however often and at once it comes', async () => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  const body = notice()
  const together = await Promise.all([post(url, body), post(url, body), post(url, body)])
  expect(together.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await post(url, body)).toEqual({ status: 200, code: 'ALREADY_SETTLED' })
  expect(findBooking(cluster.state, bookingId)?.status).toBe('confirmed')
  // The copies that reached the log got the first one's reply, and queued one capture.
  expect(pendingOutbox(cluster.state, 9).map(({ kind }) => kind)).toEqual(['capture'])
  expect(new Set(outcomes().map(({ submission }) => submission.key?.requestId))).toEqual(
    new Set(['evt_1']),
  )
  expect(outcomes()[0]?.submission.key).toMatchObject({
    ...{ principal: 'p:sandbox', method: 'ProviderEvent' },
  })
})

test('a decline is counted too, under its reason', async () => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  await post(url, notice({ type: 'refused', reason: 'card_declined' }))
  expect(findBooking(cluster.state, bookingId)?.payments[0]).toMatchObject({
    ...{ status: 'declined', declineReason: 'card_declined' },
  })
})

test.each([
  ['another secret', { secret: 'not ours' }],
  ['a signature of six minutes ago', { ageSeconds: 360 }],
  ['a signature of the future', { ageSeconds: -360 }],
])('refuses %s', async (_, given) => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  expect(await post(url, notice(), given)).toEqual({ status: 401, code: 'BAD_SIGNATURE' })
  expect(outcomes()).toEqual([])
})

test('takes a signature of four minutes ago', async () => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  expect((await post(url, notice(), { ageSeconds: 240 })).status).toBe(200)
})

test('refuses a changed body, none at all, another method, too much', async () => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  const unsigned = await fetch(url + webhookPath, { method: 'POST', body: notice() })
  expect(unsigned.status).toBe(401)
  expect((await fetch(url + webhookPath)).status).toBe(405)
  expect((await post(url, '{"eventId":1}')).status).toBe(400)
  expect((await post(url, 'nonsense')).status).toBe(400)
  expect((await post(url, 'x'.repeat(70_000))).status).toBe(413)
  expect(outcomes()).toEqual([])
})

test('a notice of nothing of ours is taken and changes nothing', async () => {
  const url = await serve(cluster.node('n1'))
  cluster.lead('n1')
  const body = JSON.stringify({ eventId: 'evt_9', key: 'another-1-0', outcome: authorised })
  expect(await post(url, body)).toEqual({ status: 200, code: 'ALREADY_SETTLED' })
  expect(outcomes()).toEqual([])
})

test('a follower passes it on to the leader, once', async () => {
  const leaderUrl = await serve(cluster.node('n1'))
  const followerUrl = await serve(cluster.node('n2'))
  cluster.lead('n1', leaderUrl)
  expect(await post(followerUrl, notice())).toEqual({ status: 200, code: 'FORWARDED' })
  expect(findBooking(cluster.state, bookingId)?.status).toBe('confirmed')
})

test('two nodes that take each other for the leader do not pass it round', async () => {
  const [n2, n3] = [cluster.node('n2'), cluster.node('n3')]
  const [url2, url3] = [await serve(n2), await serve(n3)]
  n2.leader = () => ({ id: 'n3', clientUrl: url3, term: 1 })
  n3.leader = () => ({ id: 'n2', clientUrl: url2, term: 1 })
  expect(await post(url2, notice())).toEqual({ status: 503, code: 'NO_LEADER' })
})

test('without a leader, or with one that does not answer, the provider is to come again', async () => {
  const url = await serve(cluster.node('n1'))
  expect(await post(url, notice())).toEqual({ status: 503, code: 'NO_LEADER' })
  cluster.lead('n2', 'http://127.0.0.1:1')
  expect(await post(url, notice())).toEqual({ status: 503, code: 'NO_LEADER' })
  cluster.lead('n1')
  expect((await post(url, notice())).status).toBe(200)
})
