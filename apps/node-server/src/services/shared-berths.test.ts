import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { createClient, createRouterTransport } from '@connectrpc/connect'
import { findRun, listRuns, seatMap } from '@quorail/booking-fsm'
import { SeatService } from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { BookingStatus, Reason } from '@quorail/proto/quorail/booking/v1/types_pb'
import { WaitingListService } from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { createMemoryHost, foundMemoryHost } from '../testing/memory-host.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000

test('staff say which berths two share; who would share has half of one at once, and sees it', async () => {
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
  const lists = createClient(WaitingListService, transport)
  const seats = createClient(SeatService, transport)
  const [anna, bob] = [
    login('anna@example.org', 'passenger'),
    login('bob@example.org', 'passenger'),
  ]
  const staff = login('staff@example.org', 'staff')
  await lists.setWaitingRule(
    {
      requestId: 'request-1',
      validFrom: timestampFromMs(now),
      capBasisPoints: 2_500,
      chartMinutesBeforeDeparture: 60,
      promotedHoldSeconds: 600,
    },
    staff,
  )
  const [run] = listRuns(host.state, { fromDate: 20261124, toDate: 20261124, limit: 1 })
  const found = run && findRun(host.state, run.runId)
  if (found === undefined) throw new Error('the demo timetable has no run')
  const runId = BigInt(found.runId)
  const classCode = found.coaches[0]?.classCode ?? ''
  const all = seatMap(host.state, found.runId, 0, 1).filter((it) => it.classCode === classCode)
  const numbers = all.map(({ seat }) => seat)
  const block = { runId, reason: Reason.OTHER }
  // All of the class: nobody has a whole one.
  const [first = 0, ...others] = numbers
  await seats.blockSeats({ ...block, requestId: 'request-2', seats: [first], shared: true }, staff)
  await seats.blockSeats({ ...block, requestId: 'request-3', seats: others }, staff)
  const { blocks } = await seats.listBlocks({}, staff)
  expect(blocks.map(({ shared }) => shared)).toEqual([false, true])

  const wanted = { runId, fromStop: 0, toStop: 1, classCode, shared: true }
  const ask = (requestId: string, name: string) => ({
    ...{ requestId, wanted, passengers: [{ name }], maxPriceMinor: 1_000_000n },
    deadline: timestampFromMs(now + day),
  })
  const { booking } = await lists.joinWaitingList(ask('request-4', 'Anna'), anna)
  expect(booking).toMatchObject({ status: BookingStatus.HELD, sharersAhead: 0 })
  expect(booking?.passengers).toMatchObject([{ seat: first, shared: true, seatGivenLater: false }])
  const second = await lists.joinWaitingList(ask('request-5', 'Bob'), bob)
  expect(second.booking).toMatchObject({ status: BookingStatus.HELD, sharersAhead: 1 })
  const { passengers } = await lists.getManifest({ runId }, staff)
  expect(passengers.map(({ seat, shared }) => [seat, shared])).toEqual([
    [first, true],
    [first, true],
  ])
})
