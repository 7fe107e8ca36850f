import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { listRuns, pendingOutbox } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import {
  DisruptionKind,
  DisruptionPhase,
  DisruptionService,
} from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import {
  BookingStatus,
  JourneyChangeKind,
  Reason,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { disruptionWork } from '../host/disruption-work.ts'
import { startLeaderWork } from '../host/leader-work.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

type Auth = ReturnType<typeof loginTo>
const disruptions = () => createClient(DisruptionService, transport)
const bookings = () => createClient(BookingService, transport)

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return [error?.code, error?.findDetails(ErrorDetailSchema)[0]?.code]
}

/** A run of tomorrow with several coaches of second class. */
function someRun() {
  const runs = listRuns(host.state, { fromDate: 20261123, toDate: 20261123, limit: 1_000 })
  const run = runs.find(({ coaches }) => coaches.filter((it) => it.classCode === '2').length > 2)
  if (run === undefined) throw new Error('the demo has intercity trains')
  return run
}

async function sold(auth: Auth, runId: number, passengers: number, seats: number[] = []) {
  const party = Array.from({ length: passengers }, (_, i) => ({ name: `P${i}` }))
  const journey = { runId: BigInt(runId), fromStop: 0, toStop: 2, classCode: '2', seats }
  const asked = { requestId: requestId(), ...journey, passengers: party }
  const { booking } = await bookings().holdSeats(asked, auth)
  const { bookingId = 0n, price } = booking ?? {}
  const pay = { bookingId, paymentToken: 'tok_12345678', amountMinor: price?.minor ?? 0n }
  await createClient(PaymentService, transport).pay({ requestId: requestId(), ...pay }, auth)
  for (let turn = 0; turn < 2; turn++) {
    for (const { outboxId } of pendingOutbox(host.state, 1)) {
      const outcome = { type: 'done', providerReference: 'ref' } as const
      host.run({ type: 'recordOutcome', outboxId, outcome })
    }
  }
  return bookingId
}

async function shown(auth: Auth, bookingId: bigint) {
  const { booking } = await bookings().getBooking({ bookingId }, auth)
  if (booking === undefined) throw new Error('no booking')
  return booking
}

test('a coach is taken out: the preview says what happens, and then it does', async () => {
  const [anna, staff] = [
    loginTo(host, 'anna@example.org', 'passenger'),
    loginTo(host, 's@example.org', 'staff'),
  ]
  const run = someRun()
  const bookingId = await sold(anna, run.runId, 3)
  const before = await shown(anna, bookingId)
  const coach = before.passengers[0]?.coachLabel ?? ''
  const change = { runId: BigInt(run.runId), withoutCoaches: [coach] }
  const preview = await disruptions().previewConsist({ change }, staff)
  expect(preview).toMatchObject({ unchanged: 0, lost: [], released: [] })
  expect(preview.moved).toMatchObject([{ bookingId, newClassCode: '2' }])
  expect((await shown(anna, bookingId)).passengers).toEqual(before.passengers)

  const asked = { requestId: requestId(), change, reason: Reason.TECHNICAL_FAILURE }
  const { disruption } = await disruptions().changeConsist(asked, staff)
  expect(disruption).toMatchObject({
    kind: DisruptionKind.CONSIST_CHANGED,
    phase: DisruptionPhase.LISTING,
  })
  const journey = { runId: BigInt(run.runId), fromStop: 0, toStop: 2, classCode: '2' }
  const hold = { requestId: requestId(), ...journey, passengers: [{ name: 'Ben' }] }
  expect(await codeOf(bookings().holdSeats(hold, anna))).toEqual([
    Code.FailedPrecondition,
    'CONSIST_CHANGING',
  ])
  const failures: unknown[] = []
  const work = startLeaderWork(host, disruptionWork(host, 5), (error) => failures.push(error))
  await expect
    .poll(async () => (await disruptions().listDisruptions({}, staff)).disruptions)
    .toMatchObject([{ phase: DisruptionPhase.CHOOSING, moved: 1, bookings: 0, listed: 0 }])
  await work.stop()
  expect(failures).toEqual([])

  const after = await shown(anna, bookingId)
  expect(after.status).toBe(BookingStatus.CONFIRMED)
  const places = preview.moved[0]?.passengers.map((it) => `${it.newCoachLabel} ${it.newSeatLabel}`)
  expect(after.passengers.map((it) => `${it.coachLabel} ${it.seatLabel}`)).toEqual(places)
  expect(after.changes).toMatchObject([
    {
      kind: JourneyChangeKind.SEATS_CHANGED,
      reason: Reason.TECHNICAL_FAILURE,
      seats: before.passengers.map((it) => `${it.coachLabel} ${it.seatLabel}`),
    },
  ])
  const map = await createClient(TimetableService, transport).getSeatMap(journey)
  expect(map.coaches.map(({ label }) => label)).not.toContain(coach)
})

test('what can not be is refused, in a preview too', async () => {
  const [anna, staff] = [
    loginTo(host, 'anna@example.org', 'passenger'),
    loginTo(host, 's@example.org', 'staff'),
  ]
  const change = { runId: BigInt(someRun().runId), withoutCoaches: ['none'] }
  expect(await codeOf(disruptions().previewConsist({ change }, staff))).toEqual([
    Code.NotFound,
    'COACH_NOT_FOUND',
  ])
  const asked = { requestId: requestId(), change, reason: Reason.STRIKE }
  expect((await codeOf(disruptions().changeConsist(asked, staff)))[1]).toBe('COACH_NOT_FOUND')
  expect((await codeOf(disruptions().changeConsist(asked, anna)))[0]).toBe(Code.PermissionDenied)
  expect((await codeOf(disruptions().previewConsist({ change }, anna)))[0]).toBe(
    Code.PermissionDenied,
  )
})
