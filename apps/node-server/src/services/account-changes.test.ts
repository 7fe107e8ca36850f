import {
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { findAccountByEmail, pendingNotices } from '@quorail/booking-fsm'
import { AccountRole, AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { sendNotices } from '../mail/notice-worker.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { createInterceptors, createRoutes } from './index.ts'

let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`
const password = 'correct horse'

beforeEach(() => {
  host = createMemoryHost(Date.UTC(2026, 10, 22, 9, 0))
  foundMemoryHost(host)
  transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(host) } },
  )
})
const accounts = () => createClient(AccountService, transport)
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

async function register(email: string) {
  const asked = { requestId: requestId(), email, password, displayName: 'Anna' }
  const { account, sessionToken } = await accounts().register(asked)
  return { accountId: account?.accountId ?? 0n, auth: bearer(sessionToken) }
}
const logIn = async (email: string, secret = password) =>
  bearer((await accounts().logIn({ email, password: secret })).sessionToken)
const whoIs = async (auth: ReturnType<typeof bearer>) =>
  (await accounts().getMe({}, auth)).account?.email
async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return error?.findDetails(ErrorDetailSchema)[0]?.code
}

test('another password ends every session but the one that set it', async () => {
  const { auth } = await register('anna@example.org')
  const elsewhere = await logIn('anna@example.org')
  const newPassword = 'battery staple'
  const change = (oldPassword: string) =>
    accounts().changePassword({ oldPassword, newPassword }, auth)
  expect(await codeOf(change('wrong'))).toBe('WRONG_PASSWORD')
  expect(await whoIs(elsewhere)).toBe('anna@example.org')
  await change(password)
  expect([await whoIs(auth), await whoIs(elsewhere)]).toEqual(['anna@example.org', undefined])
  expect(await codeOf(logIn('anna@example.org'))).toBe('WRONG_PASSWORD')
  expect(await whoIs(await logIn('anna@example.org', newPassword))).toBe('anna@example.org')
})

test('sessions are listed, and ended from elsewhere; nobody ends those of others', async () => {
  const { auth } = await register('anna@example.org')
  const ben = await register('ben@example.org')
  host.advance(1_000)
  const phone = await logIn('anna@example.org')
  const { sessions } = await accounts().listSessions({}, auth)
  expect(sessions.map(({ current }) => current)).toEqual([false, true])
  const sessionId = sessions[0]?.sessionId ?? ''
  expect(await codeOf(accounts().endSession({ sessionId }, ben.auth))).toBe('SESSION_NOT_FOUND')
  await accounts().endSession({ sessionId }, auth)
  expect([await whoIs(auth), await whoIs(phone)]).toEqual(['anna@example.org', undefined])
})

test('a forgotten password: the mail has a code that works once', async () => {
  const { auth } = await register('anna@example.org')
  host.run({ type: 'switchNotices', on: true })
  // Nobody learns who has an account.
  expect(await accounts().requestPasswordReset({ email: 'nobody@example.org' })).toBeDefined()
  expect(pendingNotices(host.state, 9)).toEqual([])
  await accounts().requestPasswordReset({ email: ' Anna@Example.org' })
  const mails: string[] = []
  const stop = new AbortController()
  const mail = {
    send: async ({ text }: { text: string }) => {
      mails.push(text)
      stop.abort()
      return 'ref'
    },
  }
  await sendNotices({ host, mail, log: { warn: () => undefined } } as never)(stop.signal)
  const code = /: (\d+\.\S+)/.exec(mails[0] ?? '')?.[1] ?? ''
  const newPassword = 'battery staple'
  const reset = (given: string) => accounts().resetPassword({ code: given, newPassword })
  expect(await codeOf(reset(`${code.slice(0, -1)}_`))).toBe('RESET_NOT_FOUND')
  expect(await codeOf(reset('nonsense'))).toBe('RESET_NOT_FOUND')
  await reset(code)
  expect(await codeOf(reset(code))).toBe('RESET_NOT_FOUND')
  expect(await whoIs(auth)).toBeUndefined()
  expect(await whoIs(await logIn('anna@example.org', newPassword))).toBe('anna@example.org')
})

test('asking for codes and guessing passwords with a session are slowed down', async () => {
  const { auth } = await register('anna@example.org')
  const ask = () => accounts().requestPasswordReset({ email: 'anna@example.org' })
  for (let i = 0; i < 10; i++) await ask()
  expect(await codeOf(ask())).toBe('LOGIN_THROTTLED')
  const guess = () =>
    accounts().changePassword({ oldPassword: 'wrong', newPassword: 'battery staple' }, auth)
  for (let i = 0; i < 10; i++) await codeOf(guess())
  expect(await codeOf(guess())).toBe('LOGIN_THROTTLED')
})

test('a person takes their data along, and is forgotten', async () => {
  const { accountId, auth } = await register('anna@example.org')
  const { json } = await accounts().exportPersonalData({}, auth)
  expect(JSON.parse(json)).toMatchObject({
    account: { accountId: Number(accountId), email: 'anna@example.org', displayName: 'Anna' },
    sessions: [{}],
    bookings: [],
  })
  expect(json).not.toContain('passwordHash')
  const erase = (secret: string) =>
    accounts().deleteAccount({ requestId: requestId(), password: secret }, auth)
  expect(await codeOf(erase('wrong'))).toBe('WRONG_PASSWORD')
  await erase(password)
  expect(findAccountByEmail(host.state, 'anna@example.org')).toBeUndefined()
  expect(await whoIs(auth)).toBeUndefined()
  expect(await codeOf(logIn('anna@example.org'))).toBe('WRONG_PASSWORD')
})

test('operators give roles and close accounts; staff find them; passengers do neither', async () => {
  const anna = await register('anna@example.org')
  const olga = await register('olga@example.org')
  host.run({ type: 'setRole', accountId: Number(olga.accountId), role: 'operator' })
  const role = (auth: typeof anna.auth, accountId: bigint, to = AccountRole.STAFF) =>
    accounts().setRole({ requestId: requestId(), accountId, role: to }, auth)
  expect(await codeOf(role(anna.auth, anna.accountId))).toBe('NOT_ALLOWED')
  expect(await codeOf(role(olga.auth, olga.accountId))).toBe('LAST_OPERATOR')
  expect(await codeOf(accounts().findAccount({ email: 'x' }, anna.auth))).toBe('NOT_ALLOWED')
  await role(olga.auth, anna.accountId)
  const { account } = await accounts().findAccount({ email: 'anna@example.org' }, olga.auth)
  expect(account?.role).toBe(AccountRole.STAFF)
  const set = (open: boolean) =>
    accounts().setAccountOpen(
      { requestId: requestId(), accountId: anna.accountId, open },
      olga.auth,
    )
  await set(false)
  expect(await whoIs(anna.auth)).toBeUndefined()
  expect(await codeOf(logIn('anna@example.org'))).toBe('ACCOUNT_CLOSED')
  await set(true)
  expect(await whoIs(await logIn('anna@example.org'))).toBe('anna@example.org')
})

test('passengers are saved for the next booking, changed and forgotten', async () => {
  const { auth } = await register('anna@example.org')
  const ben = await register('ben@example.org')
  const zoe = {
    name: ' Zoë  Example ',
    passengerType: 'child',
    birthDate: 20_150_228,
    document: '',
  }
  const save = (passenger: object) =>
    accounts().savePassenger({ requestId: requestId(), passenger }, auth)
  const { passengerId } = await save(zoe)
  await save({ ...zoe, passengerId, document: 'P 1' })
  const { passengers } = await accounts().listPassengers({}, auth)
  expect(passengers).toMatchObject([{ passengerId, name: 'Zoë Example', document: 'P 1' }])
  expect((await accounts().listPassengers({}, ben.auth)).passengers).toEqual([])
  expect(await codeOf(save({ ...zoe, name: '  ' }))).toBe('INVALID_FIELD')
  expect(await codeOf(save({ ...zoe, birthDate: 20_150_229 }))).toBe('INVALID_FIELD')
  const forget = (by: typeof auth) =>
    accounts().forgetPassenger({ requestId: requestId(), passengerId }, by)
  expect(await codeOf(forget(ben.auth))).toBe('PASSENGER_NOT_FOUND')
  await forget(auth)
  expect((await accounts().listPassengers({}, auth)).passengers).toEqual([])
})
