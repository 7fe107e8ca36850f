import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect'
import { findRun, listRuns } from '@quorail/booking-fsm'
import { WaitingListService } from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000

test('staff set a rule and close a list; nobody waits while there are seats', async () => {
  const host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
  const transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(host) } },
  )
  const login = (email: string, role: 'passenger' | 'staff') => {
    const by = { email, displayName: email, passwordHash: 'hash', role } as const
    const reply = host.run({ type: 'registerAccount', ...by })
    if (reply.type !== 'accountRegistered') throw new Error(reply.type)
    const token = newSessionToken()
    const session = { accountId: reply.accountId, tokenHash: tokenHash(token) }
    host.run({ type: 'openSession', ...session, ttlMs: 30 * day })
    return { headers: { authorization: `Bearer ${token}` } }
  }
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => undefined,
      (error) => ConnectError.from(error).code,
    )
  const lists = createClient(WaitingListService, transport)
  const anna = login('anna@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')

  const rule = {
    requestId: 'request-1',
    validFrom: timestampFromMs(now),
    chartMinutesBeforeDeparture: 60,
    promotedHoldSeconds: 600,
  }
  expect(await codeOf(lists.setWaitingRule(rule, anna))).toBe(Code.PermissionDenied)
  await lists.setWaitingRule(rule, staff)

  const [run] = listRuns(host.state, { fromDate: 20261124, toDate: 20261124, limit: 1 })
  const found = run && findRun(host.state, run.runId)
  if (found === undefined) throw new Error('the demo timetable has no run')
  const runId = BigInt(found.runId)
  const wanted = { runId, fromStop: 0, toStop: 1, classCode: found.coaches[0]?.classCode ?? '' }
  const ask = {
    requestId: 'request-2',
    wanted,
    passengers: [{ name: 'Anna' }],
    deadline: timestampFromMs(now + day),
    maxPriceMinor: 1_000_000n,
  }
  expect(await codeOf(lists.joinWaitingList(ask, anna))).toBe(Code.FailedPrecondition)
  expect(
    await codeOf(lists.leaveWaitingList({ requestId: 'request-3', bookingId: 9n }, anna)),
  ).toBe(Code.NotFound)

  // A pool that is full already is waited for, though there are seats.
  const pool = { code: 'family', capacity: 0, roles: [], passengerTypes: [] }
  const quota = { runId: found.runId, trainId: 0, fromDate: 0, classCode: wanted.classCode }
  const pools = [{ ...pool, releaseBeforeDepartureMs: 0 }]
  expect(host.run({ type: 'setQuotas', ...quota, pools })).toMatchObject({ type: 'done' })
  const inPool = { ...wanted, pool: 'family', onlyPool: true }
  const { booking } = await lists.joinWaitingList(
    { ...ask, requestId: 'request-5', wanted: inPool },
    anna,
  )
  expect(booking?.waiting?.options).toMatchObject([{ pool: 'family', onlyPool: true, ahead: 0 }])
  const bookingId = booking?.bookingId ?? 0n
  await lists.leaveWaitingList({ requestId: 'request-6', bookingId }, anna)
  const none = { ...wanted, pool: 'none' }
  expect(
    await codeOf(lists.joinWaitingList({ ...ask, requestId: 'request-7', wanted: none }, anna)),
  ).toBe(Code.NotFound)
  await lists.closeChart({ requestId: 'request-4', runId }, staff)
  const manifest = await lists.getManifest({ runId }, staff)
  expect(manifest).toMatchObject({ runId, closed: true, waiting: 0, passengers: [] })
  expect(await codeOf(lists.getManifest({ runId }, anna))).toBe(Code.PermissionDenied)
})
