import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AccountState, AdminService } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { searchAccounts } from '../reports/account-search.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServicesWithReports } from '../testing/memory-services.ts'
import { registered, soldBooking } from '../testing/sold-booking.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let services: ReturnType<typeof memoryServicesWithReports>
let host: MemoryHost
let transport: Transport

beforeEach(() => {
  services = memoryServicesWithReports(now)
  ;({ host, transport } = services)
})

afterEach(() => services.close())

const admin = () => createClient(AdminService, transport)

function login(email: string, role: 'passenger' | 'staff' = 'passenger') {
  const { accountId, headers } = loginTo(host, email, role)
  return { accountId, auth: { headers } }
}

test('accounts are found by address, name, role and state, page by page', async () => {
  const { auth } = login('st@example.org', 'staff')
  const names = ['Ann One', 'Ann Two', 'Bob', 'Ann Three']
  const ids = names.map((displayName, i) => {
    const email = `${displayName.slice(0, 3).toLowerCase()}${i}@example.org`
    const account = { email, displayName, passwordHash: 'h', role: 'passenger' } as const
    const reply = host.run({ type: 'registerAccount', ...account })
    return reply.type === 'accountRegistered' ? reply.accountId : 0
  })
  const emails = async (asked: Parameters<ReturnType<typeof admin>['searchAccounts']>[0]) => {
    const found = await admin().searchAccounts(asked, auth)
    return [found.accounts.map((it) => it.account?.email), found.nextPageToken] as const
  }
  expect(await emails({ emailPrefix: 'ANN' })).toEqual([
    ['ann0@example.org', 'ann1@example.org', 'ann3@example.org'],
    '',
  ])
  expect(await emails({ emailPrefix: 'ann', limit: 2 })).toEqual([
    ['ann0@example.org', 'ann1@example.org'],
    'ann1@example.org',
  ])
  const second = { emailPrefix: 'ann', limit: 2, pageToken: 'ann1@example.org' }
  expect(await emails(second)).toEqual([['ann3@example.org'], ''])
  expect((await emails({ namePart: 'ann t' }))[0]).toEqual(['ann1@example.org', 'ann3@example.org'])
  expect((await emails({ role: AccountRole.STAFF }))[0]).toEqual(['st@example.org'])
  host.run({ type: 'setAccountOpen', accountId: ids[0] ?? 0, open: false })
  host.run({ type: 'deleteAccount', accountId: ids[1] ?? 0 })
  expect((await emails({ state: AccountState.CLOSED }))[0]).toEqual(['ann0@example.org'])
  expect((await emails({ state: AccountState.ERASED }))[0]).toEqual([
    `erased-${ids[1]}@erased.invalid`,
  ])
  // What is typed is a prefix, never a pattern.
  expect((await emails({ emailPrefix: '%' }))[0]).toEqual([])
})

test('a page looks at a bounded number of accounts, and says where the next one begins', () => {
  for (let i = 0; i < 9; i++) registered(host, `p${i}@example.org`)
  const query = {
    kind: 'accounts',
    emailPrefix: '',
    namePart: 'nobody is called so',
    role: undefined,
    state: undefined,
    limit: 5,
    lookAt: 4,
  } as const
  const first = searchAccounts(services.sqlite, { ...query, after: '' })
  expect(first.rows.map((row) => row[6])).toEqual(['4'])
  const second = searchAccounts(services.sqlite, { ...query, after: '4' })
  expect(second.rows.map((row) => row[6])).toEqual(['8'])
  const third = searchAccounts(services.sqlite, { ...query, after: '8' })
  expect(third.rows.map((row) => row[6])).toEqual([''])
  const plans = [
    "select * from accounts where email >= 'a' and email < 'b' and email > '' order by email",
    "select * from accounts where role = 'staff' and account_id > 0 order by account_id",
  ].map((sql) => JSON.stringify(services.sqlite.prepare(`explain query plan ${sql}`).all()))
  expect(plans[0]).toContain('accounts_by_email')
  expect(plans[1]).toContain('accounts_by_role')
})

test("an account's page has sessions, bookings and history; it is for staff", async () => {
  const { auth } = login('st@example.org', 'staff')
  const ann = login('ann@example.org')
  soldBooking(host, ann.accountId)
  host.run({ type: 'setRole', accountId: ann.accountId, role: 'staff' })
  host.run({ type: 'setRole', accountId: ann.accountId, role: 'passenger' })
  const page = await admin().getAccountPage({ accountId: BigInt(ann.accountId) }, auth)
  expect(page.account?.account?.email).toBe('ann@example.org')
  expect(page.sessions).toHaveLength(1)
  expect([page.bookings, page.latestBookings[0]?.status]).toEqual([1, 'confirmed'])
  expect(page.history.slice(0, 2).map(({ action }) => action)).toEqual(['setRole', 'setRole'])
  const refused = async (call: Promise<unknown>) =>
    (await call.then(() => undefined, ConnectError.from))?.code
  const asked = admin().getAccountPage({ accountId: BigInt(ann.accountId) }, ann.auth)
  expect(await refused(asked)).toBe(Code.PermissionDenied)
  expect(await refused(admin().getAccountPage({ accountId: 999n }, auth))).toBe(Code.NotFound)
  const ending = { requestId: 'end-sessions-1', accountId: BigInt(ann.accountId) }
  expect(await refused(admin().endSessions(ending, auth))).toBe(Code.PermissionDenied)
})

test('rules, runs and a train, with what counts, and pages', async () => {
  const { auth } = login('st@example.org', 'staff')
  const { rules, kinds } = await admin().listRules({ at: timestampFromMs(now) }, auth)
  expect(kinds).toContain('waiting')
  const fare = rules.find(({ kind, counts }) => kind === 'fare' && counts)
  expect(Object.keys(JSON.parse(fare?.content ?? '{}') as object)).toContain('classes')
  const first = await admin().listRules({ limit: 1 }, auth)
  const second = await admin().listRules({ limit: 1, pageToken: first.nextPageToken }, auth)
  expect([first.rules[0]?.kind, second.rules[0]?.kind]).toEqual(
    rules.slice(0, 2).map(({ kind }) => kind),
  )
  const dates = { fromDate: '2026-11-23', toDate: '2026-11-24' }
  const seen: bigint[] = []
  let afterRunId = 0n
  do {
    const page = await admin().listRunStates({ ...dates, afterRunId, limit: 7 }, auth)
    seen.push(...page.runs.map(({ runId }) => runId))
    afterRunId = page.nextAfterRunId
  } while (afterRunId > 0n)
  expect(new Set(seen).size).toBe(seen.length)
  const whole = await admin().listRunStates({ ...dates, limit: 50 }, auth)
  expect(seen.slice(0, 50)).toEqual(whole.runs.map(({ runId }) => runId))
  const trainId = whole.runs[0]?.trainId ?? 0n
  const train = await admin().getTrain({ trainId }, auth)
  expect(train.number).toBe(whole.runs[0]?.trainNumber)
  expect(train.coaches.length).toBeGreaterThan(0)
  const tooLong = admin().listRunStates({ ...dates, toDate: '2027-11-24' }, auth)
  await expect(tooLong).rejects.toThrow()
})
