import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { listRuns } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { SeatService } from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { WaitingListService } from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

const seats = () => createClient(SeatService, transport)
const bookings = () => createClient(BookingService, transport)
const charts = () => createClient(WaitingListService, transport)

function login(email: string, role: 'passenger' | 'staff') {
  const reply = host.run({
    ...{ type: 'registerAccount', email, displayName: email, passwordHash: 'hash', role },
  })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { accountId } = reply
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 86_400_000 })
  return { headers: { authorization: `Bearer ${token}` } }
}

async function detailOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return [error?.code, error?.findDetails(ErrorDetailSchema)[0]?.code]
}

test('staff say which class promises a place only; its seats are given when the chart closes', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const [run] = listRuns(host.state, { fromDate: 20261123, toDate: 20261123, limit: 1 })
  const rule = {
    validFrom: timestampFromMs(now),
    chartBeforeMinutes: 60,
    lines: [{ classCode: '2', promised: false }],
  }
  const asPassenger = seats().setSeatPromiseRule({ requestId: requestId(), ...rule }, ann)
  expect(await detailOf(asPassenger)).toEqual([Code.PermissionDenied, 'NOT_ALLOWED'])
  await seats().setSeatPromiseRule({ requestId: requestId(), ...rule }, staff)
  const hold = {
    ...{ runId: BigInt(run?.runId ?? 0), fromStop: 0, toStop: 2, classCode: '2' },
    passengers: [{ name: 'Ann' }],
  }
  const chosen = bookings().holdSeats({ requestId: requestId(), ...hold, seats: [100] }, ann)
  expect((await detailOf(chosen))[0]).toBe(Code.FailedPrecondition)
  const { booking } = await bookings().holdSeats({ requestId: requestId(), ...hold }, ann)
  expect(booking?.passengers).toMatchObject([{ seatGivenLater: true, seatLabel: '' }])
  const line = { pnr: booking?.pnr, seatLabel: '', sold: false }
  const before = await charts().getManifest({ runId: hold.runId }, staff)
  expect(before).toMatchObject({ closed: false, passengers: [line] })
  await charts().closeChart({ requestId: requestId(), runId: hold.runId }, staff)
  host.run({ type: 'tick' })
  const after = await bookings().getBooking({ bookingId: booking?.bookingId ?? 0n }, ann)
  expect(after.booking?.passengers).toMatchObject([{ seatGivenLater: false }])
  expect(after.booking?.passengers[0]?.seatLabel).not.toBe('')
  expect(after.booking?.changes).toMatchObject([{ seats: [''] }])
})

test('staff say how far such a class is overbooked; a passenger does not', async () => {
  const ann = login('ann@example.org', 'passenger')
  const staff = login('staff@example.org', 'staff')
  const rule = { validFrom: timestampFromMs(now), lines: [{ classCode: '2', basisPoints: 500 }] }
  const asPassenger = seats().setOverbookingRule({ requestId: requestId(), ...rule }, ann)
  expect(await detailOf(asPassenger)).toEqual([Code.PermissionDenied, 'NOT_ALLOWED'])
  await seats().setOverbookingRule({ requestId: requestId(), ...rule }, staff)
  const tooMuch = { ...rule, lines: [{ classCode: '2', basisPoints: 10_001 }] }
  const refused = seats().setOverbookingRule({ requestId: requestId(), ...tooMuch }, staff)
  expect((await detailOf(refused))[0]).toBe(Code.InvalidArgument)
})
