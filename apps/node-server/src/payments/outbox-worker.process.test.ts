import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findBooking, pendingOutbox } from '@quorail/booking-fsm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort } from '../../../../tools/testing/free-ports.ts'
import type { NodeHost } from '../host/types.ts'
import { type Outbox, type OutboxLimits, startOutbox } from './outbox-worker.ts'
import {
  FakeCluster,
  memoryLog,
  type Sandbox,
  secret,
  startSandbox,
  temporaryFolder,
} from './testing.ts'

const approve = '4242424242424242'
const decline = '4000000000000002'
const slow = '4000000000008005'
const dead = '4000000000009003'

const wait = { timeout: 60_000, interval: 20 }
let place: ReturnType<typeof temporaryFolder>
let cluster: FakeCluster
let ids: ReturnType<FakeCluster['found']>
let log: ReturnType<typeof memoryLog>
const workers: Outbox[] = []
const sandboxes: Sandbox[] = []

beforeEach(() => {
  place = temporaryFolder()
  cluster = new FakeCluster()
  ids = cluster.found()
  cluster.lead('n1')
  log = memoryLog()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.kill()))
  place.remove()
})

/** On a port that nobody takes while it is away. */
async function sandbox(...flags: string[]): Promise<Sandbox> {
  const port = flags.includes('--port') ? [] : ['--port', String(await freePort())]
  const started = await startSandbox(place.folder, [...flags, ...port])
  sandboxes.push(started)
  return started
}

function work(host: NodeHost, providerUrl: string, limits: Partial<OutboxLimits> = {}): Outbox {
  const quick = { answerWithinMs: 400, pauseFirstMs: 20, pauseMostMs: 200 }
  const worker = startOutbox({ host, providerUrl, secret, log, limits: { ...quick, ...limits } })
  workers.push(worker)
  return worker
}

function hold(): { readonly bookingId: number; readonly priceMinor: number } {
  const reply = cluster.run(
    {
      ...{ type: 'holdSeats', runId: ids.runId, fromStop: 0, toStop: 1, classCode: '2' },
      ...{ passengers: [{ name: 'Ada' }], seats: [] },
    },
    ids.passenger,
  )
  if (reply.type !== 'seatsHeld') throw new Error(reply.type)
  return reply
}

function pay({ bookingId, priceMinor }: ReturnType<typeof hold>, paymentToken: string): void {
  const command = {
    type: 'startPayment',
    bookingId,
    paymentToken,
    amountMinor: priceMinor,
  } as const
  cluster.run(command, ids.passenger)
}

const booking = (bookingId: number) => findBooking(cluster.state, bookingId)
const payment = (bookingId: number) => booking(bookingId)?.payments[0]

async function paidWith(card: string, host: NodeHost, provider: Sandbox) {
  work(host, provider.url)
  const held = hold()
  pay(held, await provider.token(card))
  return held
}

test('approve: one authorisation, one capture, confirmed', async () => {
  const provider = await sandbox()
  const held = await paidWith(approve, cluster.node('n1'), provider)
  await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  expect(booking(held.bookingId)?.status).toBe('confirmed')
  expect(await provider.ledger(held.bookingId)).toMatchObject({
    ...{ authorizations: 1, captures: 1, voids: 0, capturedMinor: held.priceMinor },
  })
  expect(pendingOutbox(cluster.state, 9)).toEqual([])
})

test('decline: said, nothing charged, and another card goes through', async () => {
  const provider = await sandbox()
  const held = await paidWith(decline, cluster.node('n1'), provider)
  await expect
    .poll(() => payment(held.bookingId), wait)
    .toMatchObject({ status: 'declined', declineReason: 'card_declined' })
  expect(booking(held.bookingId)?.status).toBe('held')
  pay(held, await provider.token(approve))
  await expect.poll(() => booking(held.bookingId)?.status, wait).toBe('confirmed')
  expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, declined: 1 })
})

test('slow: pending is asked by key until it is definite', async () => {
  const provider = await sandbox('--slow-ms', '1200')
  const held = await paidWith(slow, cluster.node('n1'), provider)
  await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
})

test('dead: no answer is unknown, and the key tells', async () => {
  const provider = await sandbox()
  const held = await paidWith(dead, cluster.node('n1'), provider)
  await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
  expect(log.lines.join('\n')).toContain('no_answer')
})

test('nothing logged holds a token or the secret', async () => {
  const provider = await sandbox()
  work(cluster.node('n1'), provider.url)
  const tokens: string[] = []
  for (const card of [approve, dead]) {
    const token = await provider.token(card)
    tokens.push(token)
    const held = hold()
    pay(held, token)
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  }
  const text = log.lines.join('\n')
  expect(text.length).toBeGreaterThan(100)
  for (const word of [...tokens, secret]) expect(text).not.toContain(word)
})

describe('a leader is killed', () => {
  test('after the sandbox has charged, before the outcome is logged: the next one settles it', async () => {
    const provider = await sandbox('--hold-after-charge-ms', '60000')
    const held = await paidWith(approve, cluster.node('n1'), provider)
    await expect
      .poll(() => provider.ledger(held.bookingId), wait)
      .toMatchObject({ authorizations: 1 })
    expect(payment(held.bookingId)?.status).toBe('authorising')
    const second = cluster.node('n2')
    work(second, provider.url, { answerWithinMs: 60_000 })
    cluster.lead('n2')
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
    expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
  })

  test('with the outcome on its way into a log that is lost', async () => {
    const provider = await sandbox()
    const first = cluster.node('n1')
    first.dropOutcomes = true
    const held = await paidWith(approve, first, provider)
    await expect
      .poll(() => provider.ledger(held.bookingId), wait)
      .toMatchObject({ authorizations: 1 })
    work(cluster.node('n2'), provider.url)
    cluster.lead('n2')
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
    expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
  })

  test('and who does not lead does nothing', async () => {
    const provider = await sandbox()
    cluster.lead('n2')
    const held = await paidWith(approve, cluster.node('n1'), provider)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await provider.ledger(held.bookingId)).toBeUndefined()
    cluster.lead('n1')
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
    cluster.lead('n2')
    const other = hold()
    pay(other, await provider.token(approve))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await provider.ledger(other.bookingId)).toBeUndefined()
  })
})

test('the sandbox is killed and comes back: exactly one charge', async () => {
  const provider = await sandbox('--hold-after-charge-ms', '60000')
  const held = await paidWith(approve, cluster.node('n1'), provider)
  await expect
    .poll(() => provider.ledger(held.bookingId), wait)
    .toMatchObject({ authorizations: 1 })
  await provider.kill()
  const again = await sandbox('--port', new URL(provider.url).port)
  await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  expect(await again.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
})

describe('the hold runs out', () => {
  test('while the card is slow, and the seats are gone: void, and no money moves', async () => {
    // Long enough that it is still under way when the first line is logged.
    const provider = await sandbox('--slow-ms', '5000')
    const held = await paidWith(slow, cluster.node('n1'), provider)
    await expect
      .poll(() => provider.ledger(held.bookingId).then(() => log.lines.length), wait)
      .toBeGreaterThan(0)
    cluster.nowMs += 700_000
    cluster.run({ type: 'tick' })
    expect(booking(held.bookingId)?.status).toBe('expired')
    hold()
    hold()
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('voided')
    expect(await provider.ledger(held.bookingId)).toMatchObject({
      ...{ authorizations: 1, captures: 0, voids: 1, capturedMinor: 0 },
    })
  })

  test('before the provider could be reached: the key is burned, and nothing is ever charged', async () => {
    const provider = await sandbox()
    const token = await provider.token(approve)
    await provider.kill()
    work(cluster.node('n1'), provider.url)
    const held = hold()
    pay(held, token)
    await expect.poll(() => log.lines.length, wait).toBeGreaterThan(0)
    cluster.nowMs += 700_000
    cluster.run({ type: 'tick' })
    const again = await sandbox('--port', new URL(provider.url).port)
    await expect
      .poll(() => payment(held.bookingId), wait)
      .toMatchObject({ status: 'declined', declineReason: 'payment_given_up' })
    expect(await again.ledger(held.bookingId)).toBeUndefined()
  })
})

test('refund: what was quoted is given back, once', async () => {
  const provider = await sandbox()
  const held = await paidWith(approve, cluster.node('n1'), provider)
  await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
  const expectedRefundMinor = held.priceMinor / 2
  const cancel = { type: 'cancelBooking', bookingId: held.bookingId, expectedRefundMinor } as const
  cluster.run(cancel, ids.passenger)
  await expect.poll(() => payment(held.bookingId)?.refundPending, wait).toBe(false)
  expect(payment(held.bookingId)?.refundedMinor).toBe(expectedRefundMinor)
  expect(await provider.ledger(held.bookingId)).toMatchObject({
    ...{ refunds: 1, refundedMinor: expectedRefundMinor },
  })
})

test('a token the provider does not know is refused for good, not asked for ever', async () => {
  const provider = await sandbox()
  work(cluster.node('n1'), provider.url)
  const held = hold()
  pay(held, 'tok_nobody_made_this')
  await expect
    .poll(() => payment(held.bookingId), wait)
    .toMatchObject({ status: 'declined', declineReason: 'token_not_found' })
})

test('a provider that answers 500, nonsense or nothing is asked until it is itself again', async () => {
  const provider = await sandbox()
  let faults = 0
  // Loses the answers of what it passes on.
  const pass = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const answer = await fetch(provider.url + request.url, {
      method: request.method ?? 'GET',
      headers: {
        authorization: String(request.headers.authorization),
        ...(request.method === 'POST'
          ? { 'idempotency-key': String(request.headers['idempotency-key']) }
          : {}),
      },
      ...(request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}),
    })
    const text = await answer.text()
    faults++
    if (faults % 5 === 1) response.destroy()
    else if (faults % 5 === 2) response.writeHead(500).end('{"state":"done"}')
    else if (faults % 5 === 3) response.writeHead(200).end('<html>')
    else response.writeHead(answer.status).end(text)
  }
  const proxy = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  try {
    work(cluster.node('n1'), `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
    const held = hold()
    pay(held, await provider.token(approve))
    await expect.poll(() => payment(held.bookingId)?.status, wait).toBe('captured')
    expect(await provider.ledger(held.bookingId)).toMatchObject({ authorizations: 1, captures: 1 })
    expect(faults).toBeGreaterThan(4)
  } finally {
    proxy.closeAllConnections()
    proxy.close()
  }
})
