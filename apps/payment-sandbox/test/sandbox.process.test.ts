import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testCards } from '../src/cards.ts'
import {
  call,
  card,
  origin,
  type RunningSandbox,
  secret,
  startReceiver,
  startSandbox,
  temporaryFolder,
} from './running-sandbox.ts'

let place: ReturnType<typeof temporaryFolder>
let running: RunningSandbox[]
beforeEach(() => {
  place = temporaryFolder()
  running = []
})
afterEach(async () => {
  for (const sandbox of running) {
    sandbox.kill('SIGKILL')
    await sandbox.exited
  }
  place.remove()
})

async function start(...flags: string[]): Promise<RunningSandbox> {
  const sandbox = await startSandbox(place.folder, flags)
  running.push(sandbox)
  return sandbox
}

async function token(url: string, number: string): Promise<string> {
  const { status, body } = await call(url, 'POST', '/v1/tokens', card(number))
  expect(status).toBe(201)
  return body.token
}

const key = (value: string) => ({ 'idempotency-key': value })

async function authorize(url: string, number: string, idempotencyKey: string, reference = 'B1') {
  const body = { token: await token(url, number), amountMinor: 4_200, currency: 'EUR', reference }
  return call(url, 'POST', '/v1/authorizations', body, key(idempotencyKey))
}

const numberOf = (behaviour: string) =>
  testCards.find((each) => each.behaviour === behaviour)?.number ?? ''

describe('tokens', () => {
  test('are made for the test cards, for pages of the origin', async () => {
    const { url } = await start()
    const cards = await call(url, 'GET', '/v1/test-cards', undefined, { origin })
    expect(cards.headers.get('access-control-allow-origin')).toBe(origin)
    for (const { number, brand } of cards.body.cards) {
      const made = await call(url, 'POST', '/v1/tokens', card(number), { authorization: '' })
      expect(made.body).toEqual({
        token: expect.stringMatching(/^tok_[A-Za-z0-9_-]{8,128}$/),
        brand,
        last4: number.slice(-4),
      })
    }
    const stranger = await call(url, 'GET', '/v1/test-cards', undefined, { origin: 'http://evil' })
    expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await fetch(`${url}/v1/tokens`, { method: 'OPTIONS', headers: { origin } })
    expect([preflight.status, preflight.headers.get('access-control-allow-headers')]).toEqual([
      204,
      'content-type',
    ])
  })

  test.each([
    [{ number: '4242 4242 4242 4241' }, { number: /check the digits/ }],
    [{ number: '4012 8888 8888 1881' }, { number: /never a real one/ }],
    [{ number: 'abc' }, { number: /digits only/ }],
    [{ expiry: '01/20' }, { expiry: /expired/ }],
    [{ expiry: '13/39' }, { expiry: /MM\/YY/ }],
    [
      { cvc: '1', name: ' ' },
      { cvc: /three or four/, name: /name on the card/ },
    ],
  ])('say which field is wrong: %o', async (wrong, fields) => {
    const { url } = await start()
    const { status, body } = await call(url, 'POST', '/v1/tokens', {
      ...card('4242424242424242'),
      ...wrong,
    })
    expect([status, body.error.code]).toEqual([422, 'invalid_card'])
    expect(Object.keys(body.error.fields).sort()).toEqual(Object.keys(fields).sort())
    for (const [field, sentence] of Object.entries(fields)) {
      expect(body.error.fields[field]).toMatch(sentence)
    }
  })
})

describe('operations', () => {
  test('authorise, capture, refund: each once per key', async () => {
    const { url } = await start()
    const authorized = await authorize(url, '4242424242424242', 'k1')
    expect(authorized.body).toMatchObject({ key: 'k1', kind: 'authorize', state: 'done' })
    const id = authorized.body.providerReference
    const capture = () => call(url, 'POST', `/v1/authorizations/${id}/capture`, {}, key('k2'))
    const [first, second] = [await capture(), await capture()]
    expect(first.status).toBe(201)
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    const other = await call(url, 'POST', `/v1/authorizations/${id}/capture`, {}, key('k3'))
    expect(other.body).toMatchObject({ state: 'refused', reason: 'authorization_captured' })
    const refund = (amountMinor: number, name: string) =>
      call(url, 'POST', `/v1/authorizations/${id}/refunds`, { amountMinor }, key(name))
    expect((await refund(2_000, 'k4')).status).toBe(201)
    expect((await refund(2_000, 'k4')).status).toBe(201)
    expect((await refund(1_999, 'k4')).body.error.code).toBe('key_reused')
    expect((await refund(2_201, 'k5')).body).toMatchObject({ reason: 'refund_too_large' })
    const byCapture = `/v1/captures/${first.body.providerReference}/refunds`
    expect((await call(url, 'POST', byCapture, { amountMinor: 200 }, key('k6'))).status).toBe(201)
    const { body } = await call(url, 'GET', '/v1/ledger')
    expect(body.references).toEqual([
      {
        reference: 'B1',
        authorizations: 1,
        declined: 0,
        captures: 1,
        voids: 0,
        refunds: 2,
        authorizedMinor: 4_200,
        capturedMinor: 4_200,
        voidedMinor: 0,
        refundedMinor: 2_200,
      },
    ])
  })

  test('void ends an authorization', async () => {
    const { url } = await start()
    const { body } = await authorize(url, '4242424242424242', 'k1')
    const address = `/v1/authorizations/${body.providerReference}`
    expect((await call(url, 'POST', `${address}/void`, {}, key('k2'))).status).toBe(201)
    const late = await call(url, 'POST', `${address}/capture`, {}, key('k3'))
    expect(late.body).toMatchObject({ state: 'refused', reason: 'authorization_voided' })
    const found = await call(url, 'GET', '/v1/authorizations?reference=B1')
    expect(found.body.authorizations).toMatchObject([{ state: 'voided', last4: '4242' }])
  })

  test('a declined card charges nothing', async () => {
    const { url } = await start()
    const { status, body } = await authorize(url, numberOf('decline'), 'k1')
    expect([status, body.state, body.reason]).toEqual([402, 'refused', 'card_declined'])
    const ledger = await call(url, 'GET', '/v1/ledger')
    expect(ledger.body.references).toMatchObject([{ authorizations: 0, declined: 1 }])
  })

  test('a slow card is pending, and goes on when nobody waits any more, also over a restart', async () => {
    const sandbox = await start('--slow-ms', '3000')
    const given = authorize(sandbox.url, numberOf('slow'), 'k1').catch(() => 'gone')
    const state = async (url: string) =>
      (await call(url, 'GET', '/v1/operations/by-key/k1')).body.state
    await expect.poll(() => state(sandbox.url)).toBe('pending')
    sandbox.kill('SIGKILL')
    await sandbox.exited
    expect(await given).toBe('gone')
    const { url } = await start()
    await expect.poll(() => state(url)).toBe('done')
    const ledger = await call(url, 'GET', '/v1/ledger')
    expect(ledger.body.references).toMatchObject([{ authorizations: 1 }])
  })

  test('a dead line never answers, but has charged; asking by key says so', async () => {
    const { url } = await start()
    const body = {
      token: await token(url, numberOf('dead')),
      amountMinor: 1,
      currency: 'EUR',
      reference: 'B9',
    }
    const asked = fetch(`${url}/v1/authorizations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, ...key('k1') },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(2_000),
    })
    const known = async () => (await call(url, 'GET', '/v1/operations/by-key/k1')).body
    await expect(asked).rejects.toThrow(/timeout/)
    await expect.poll(known).toMatchObject({ state: 'done', kind: 'authorize' })
  })

  test('an unknown key is unknown; a burned one can never happen', async () => {
    const { url } = await start()
    const ask = (query = '') => call(url, 'GET', `/v1/operations/by-key/k1${query}`)
    expect(await ask()).toMatchObject({ status: 404, body: { state: 'unknown' } })
    expect(await ask('?burn=1')).toMatchObject({ status: 404, body: { state: 'burned' } })
    expect(await ask()).toMatchObject({ status: 404, body: { state: 'burned' } })
    const late = await authorize(url, '4242424242424242', 'k1')
    expect([late.status, late.body.error.code]).toEqual([409, 'key_burned'])
    await authorize(url, '4242424242424242', 'k2')
    const kept = await call(url, 'GET', '/v1/operations/by-key/k2?burn=1')
    expect(kept.body.state).toBe('done')
  })

  test('hold after charge: durable and known by key while the answer waits', async () => {
    const { url } = await start('--hold-after-charge-ms', '3000')
    const startedAt = performance.now()
    let isAnswered = false
    const given = authorize(url, '4242424242424242', 'k1').then(() => {
      isAnswered = true
    })
    const state = async () => (await call(url, 'GET', '/v1/operations/by-key/k1')).body.state
    await expect.poll(state).toBe('done')
    expect(isAnswered).toBe(false)
    await given
    expect(performance.now() - startedAt).toBeGreaterThan(2_990)
  })

  test('asks for the secret, a key and sound fields', async () => {
    const { url } = await start()
    const good = { token: 'tok_nobody', amountMinor: 1, currency: 'EUR', reference: 'B1' }
    const post = (body: object, headers: Record<string, string>) =>
      call(url, 'POST', '/v1/authorizations', body, headers)
    expect((await post(good, { ...key('a'), authorization: 'Bearer no' })).status).toBe(401)
    expect((await post(good, {})).body.error.code).toBe('key_missing')
    const odd = await post({ ...good, amountMinor: 1.5 }, key('a'))
    expect(odd.body.error.fields).toHaveProperty('amountMinor')
    expect((await post(good, key('a'))).body).toMatchObject({ reason: 'token_not_found' })
    expect((await call(url, 'GET', '/v1/nothing')).status).toBe(404)
    const broken = await fetch(`${url}/v1/tokens`, { method: 'POST', body: '{' })
    expect(broken.status).toBe(400)
  })
})

describe('webhooks', () => {
  test('are signed, tried elsewhere on failure, and survive a restart', async () => {
    const [deaf, good] = [await startReceiver(), await startReceiver()]
    try {
      deaf.status = 503
      const sandbox = await start('--webhook-url', deaf.url)
      await authorize(sandbox.url, '4242424242424242', 'k1')
      await expect.poll(() => deaf.notices.length).toBeGreaterThan(0)
      sandbox.kill('SIGKILL')
      await sandbox.exited
      await start('--webhook-url', deaf.url, '--webhook-url', good.url)
      await expect.poll(() => good.notices.length).toBe(1)
      const [notice] = good.notices
      expect(notice?.body).toMatchObject({
        type: 'authorize.done',
        key: 'k1',
        outcome: { type: 'done' },
      })
      expect(notice?.body.eventId).toBe(deaf.notices[0]?.body.eventId)
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
        String(notice?.headers['payment-signature']),
      ) as RegExpExecArray
      const expected = createHmac('sha256', secret).update(`${t}.${notice?.raw}`).digest('hex')
      expect(v1).toBe(expected)
    } finally {
      await Promise.all([deaf.close(), good.close()])
    }
  })

  test('come three times for the duplicate card, under one event id; never for the dead line', async () => {
    const receiver = await startReceiver()
    try {
      const { url } = await start('--webhook-url', receiver.url)
      await authorize(url, numberOf('duplicateWebhook'), 'k1')
      await expect.poll(() => receiver.notices.length).toBe(3)
      expect(new Set(receiver.notices.map(({ body }) => body.eventId)).size).toBe(1)
    } finally {
      await receiver.close()
    }
  })
})

describe('the process', () => {
  test('keeps its data over a restart, and no card number is in it', async () => {
    const sandbox = await start()
    for (const [i, { number, behaviour }] of testCards.entries()) {
      if (behaviour === 'dead' || behaviour === 'slow') await token(sandbox.url, number)
      else await authorize(sandbox.url, number, `k${i}`)
    }
    const before = (await call(sandbox.url, 'GET', '/v1/ledger')).body
    sandbox.kill('SIGTERM')
    expect(await sandbox.exited).toBe(0)
    const { url } = await start()
    expect((await call(url, 'GET', '/v1/ledger')).body).toEqual(before)
    const data = path.join(place.folder, 'data')
    for (const file of readdirSync(data)) {
      const bytes = readFileSync(path.join(data, file)).toString('latin1')
      for (const { number } of testCards) {
        expect(bytes).not.toContain(number.replaceAll(' ', ''))
        expect(bytes).not.toContain(number)
      }
    }
  })

  test('ends when the channel to its parent closes', async () => {
    const sandbox = await start()
    sandbox.disconnect()
    expect(await sandbox.exited).toBe(0)
  })

  test('says what is missing', async () => {
    await expect(startSandbox(place.folder, ['--slow-ms', 'soon'])).rejects.toThrow('ended with 2')
  })
})
