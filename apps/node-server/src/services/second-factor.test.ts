import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { findAccountByEmail, rowsOf } from '@quorail/booking-fsm'
import { AccountRole, AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdminService } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { SecondFactorService } from '@quorail/proto/quorail/booking/v1/second_factor_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { hashPassword } from '../auth/passwords.ts'
import { createSeal, type Seal } from '../auth/seal.ts'
import { codeOf } from '../auth/totp.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const password = 'correct horse'
const passwordHash = await hashPassword(password)
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

const servicesWith = (seal: Seal | undefined) =>
  createRouterTransport(createRoutes({ host, secureCookies: false, gatewayUrl: undefined, seal }), {
    router: { interceptors: createInterceptors(host) },
  })

beforeEach(() => {
  host = createMemoryHost(now)
  foundMemoryHost(host)
  transport = servicesWith(createSeal('7'.repeat(64)))
})

const accounts = () => createClient(AccountService, transport)
const factors = () => createClient(SecondFactorService, transport)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

function registered(email: string, role: 'passenger' | 'staff' | 'operator' = 'passenger') {
  host.run({ type: 'registerAccount', email, displayName: email, passwordHash, role })
  return findAccountByEmail(host.state, email)?.accountId ?? 0
}

const logIn = async (email: string, code = '') =>
  bearer((await accounts().logIn({ email, password, code })).sessionToken)

async function codeOfError(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return error?.findDetails(ErrorDetailSchema)[0]?.code
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
function bytesOf(secret: string): Buffer {
  const bits = [...secret].map((it) => letters.indexOf(it).toString(2).padStart(5, '0')).join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
const shown = (secret: string) => codeOf(bytesOf(secret), Math.floor(host.nowMs() / 30_000))

/** Sets one up, and gives what the device knows. */
async function setUp(email: string) {
  const auth = await logIn(email)
  const { secret, uri } = await factors().beginSecondFactor({ password }, auth)
  expect(uri).toContain(`secret=${secret}`)
  const { recoveryCodes } = await factors().enableSecondFactor({ code: shown(secret) }, auth)
  return { auth, secret, recoveryCodes }
}

test('with a second factor the password is not enough, and no code counts twice', async () => {
  registered('ann@example.org')
  const before = await logIn('ann@example.org')
  const { auth, secret } = await setUp('ann@example.org')
  // Sessions from before it are over, its own goes on.
  expect((await accounts().getMe({}, before)).account).toBeUndefined()
  expect((await accounts().getMe({}, auth)).account?.email).toBe('ann@example.org')
  expect(await codeOfError(logIn('ann@example.org'))).toBe('SECOND_FACTOR_NEEDED')
  expect(await codeOfError(logIn('ann@example.org', '000000'))).toBe('WRONG_CODE')
  expect(await codeOfError(logIn('ann@example.org', shown(secret)))).toBe('CODE_USED')
  host.advance(30_000)
  await logIn('ann@example.org', shown(secret))
  expect(await codeOfError(logIn('ann@example.org', shown(secret)))).toBe('CODE_USED')
})

test('a recovery code opens one session; password and code switch it off', async () => {
  registered('ann@example.org')
  const { secret, recoveryCodes } = await setUp('ann@example.org')
  const auth = await logIn('ann@example.org', recoveryCodes[3])
  expect(await codeOfError(logIn('ann@example.org', recoveryCodes[3]))).toBe(
    'RECOVERY_CODE_NOT_FOUND',
  )
  const mine = await factors().getSecondFactor({}, auth)
  expect(mine).toMatchObject({ enabled: true, required: false, recoveryCodes: 9, available: true })
  host.advance(30_000)
  const wrong = factors().disableSecondFactor({ password: 'guessed', code: shown(secret) }, auth)
  expect(await codeOfError(wrong)).toBe('WRONG_PASSWORD')
  await factors().disableSecondFactor({ password, code: shown(secret) }, auth)
  await logIn('ann@example.org')
})

test('guessing codes is slowed down', async () => {
  registered('ann@example.org')
  const { secret } = await setUp('ann@example.org')
  for (let i = 0; i < 10; i++) {
    expect(await codeOfError(logIn('ann@example.org', '111111'))).toBe('WRONG_CODE')
  }
  host.advance(60_000)
  expect(await codeOfError(logIn('ann@example.org', shown(secret)))).toBe('LOGIN_THROTTLED')
  host.advance(15 * 60_000)
  await logIn('ann@example.org', shown(secret))
})

test('neither secret nor code stands in the state, and without the key nothing is verified', async () => {
  registered('ann@example.org')
  const { secret, recoveryCodes } = await setUp('ann@example.org')
  const rows = JSON.stringify(rowsOf(host.state))
  for (const text of [secret, bytesOf(secret).toString('base64url'), ...recoveryCodes])
    expect(rows).not.toContain(text)
  host.advance(30_000)
  for (const seal of [undefined, createSeal('8'.repeat(64))]) {
    transport = servicesWith(seal)
    expect(await codeOfError(logIn('ann@example.org', shown(secret)))).toBe(
      'SECOND_FACTOR_UNAVAILABLE',
    )
  }
  // Recovery codes need no key.
  const auth = await logIn('ann@example.org', recoveryCodes[0])
  transport = servicesWith(undefined)
  expect((await factors().getSecondFactor({}, auth)).available).toBe(false)
  registered('bob@example.org')
  const begun = factors().beginSecondFactor({ password }, await logIn('bob@example.org'))
  expect(await codeOfError(begun)).toBe('SECOND_FACTOR_UNAVAILABLE')
})

test('whose role needs one does nothing else before; two operators reset one', async () => {
  const ann = registered('ann@example.org')
  registered('olga@example.org', 'operator')
  registered('otto@example.org', 'operator')
  const { secret } = await setUp('ann@example.org')
  const olga = await logIn('olga@example.org')
  const rule = {
    requestId: requestId(),
    validFrom: timestampFromMs(now),
    roles: [AccountRole.STAFF, AccountRole.OPERATOR],
  }
  const ofPassenger = await codeOfError(
    factors().setSecondFactorRule({ ...rule, roles: [AccountRole.PASSENGER] }, olga),
  )
  expect(ofPassenger).toBe('INVALID_FIELD')
  await factors().setSecondFactorRule(rule, olga)
  const search = () => createClient(AdminService, transport).listRules({}, olga)
  expect(await codeOfError(search())).toBe('SECOND_FACTOR_REQUIRED')
  const list = createClient(BookingService, transport).listBookings({}, olga)
  expect(await codeOfError(list)).toBe('SECOND_FACTOR_REQUIRED')
  expect((await factors().getSecondFactor({}, olga)).required).toBe(true)
  const first = await setUp('olga@example.org')
  const second = await setUp('otto@example.org')
  const { rules } = await createClient(AdminService, transport).listRules({}, first.auth)
  expect(rules.filter(({ counts }) => counts).map(({ kind }) => kind)).toContain('second_factor')

  const ask = { requestId: requestId(), accountId: BigInt(ann) }
  await factors().askSecondFactorReset(ask, first.auth)
  const { resets } = await factors().listSecondFactorResets({}, second.auth)
  expect(resets.map(({ accountId }) => accountId)).toEqual([BigInt(ann)])
  const alone = factors().approveSecondFactorReset({ ...ask, requestId: requestId() }, first.auth)
  expect(await codeOfError(alone)).toBe('SECOND_PERSON_NEEDED')
  await factors().approveSecondFactorReset({ ...ask, requestId: requestId() }, second.auth)
  await logIn('ann@example.org')
  expect(await codeOfError(logIn('ann@example.org', shown(secret)))).toBeUndefined()
})
