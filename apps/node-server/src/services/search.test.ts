import { timestampDate, timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect'
import type { AddTrain, Command, StationInput } from '@quorail/booking-fsm'
import {
  TimetableService,
  WaitingListState,
} from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { defaultFareRule, defaultRefundRule } from '../timetable/demo-timetable.ts'
import { serviceDayBaseMs } from '../timetable/service-days.ts'
import { createInterceptors, createRoutes } from './index.ts'

const now = Date.UTC(2026, 9, 20, 9, 0)
let host: MemoryHost

beforeEach(() => {
  host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of timetableCommands()) must(command)
})

const timetable = () =>
  createClient(
    TimetableService,
    createRouterTransport(createRoutes({ host, secureCookies: false, gatewayUrl: undefined }), {
      router: { interceptors: createInterceptors(host) },
    }),
  )

function must(command: Command) {
  const reply = host.run(command)
  if (reply.type === 'refused') throw new Error(`${command.type}: ${JSON.stringify(reply)}`)
  return reply
}

/** Two trains that meet in Mitte, the second one from Mitte Süd too, from 20 to 26 October. */
function timetableCommands(): Command[] {
  const at = (code: string, changed: Partial<StationInput> = {}): StationInput => ({
    ...{ code, name: code, aliases: [], searchTerms: [code.toLowerCase()] },
    ...{ latitudeE6: 0, longitudeE6: 0, timeZone: 'Europe/Berlin' },
    ...changed,
  })
  const train = (number: string, stops: readonly (readonly [string, number])[]): AddTrain => ({
    ...{ type: 'addTrain', importId: undefined, number, name: '', calendar: undefined },
    stops: stops.map(([stationCode, hour], i) => ({
      ...{ stationCode, arrivalSeconds: hour * 3_600, departureSeconds: hour * 3_600 },
      ...{ distanceMetres: i * 100_000, boarding: true, alighting: true },
    })),
    coaches: [{ label: '1', classCode: '2', rows: 1, columns: 'AB' }],
  })
  const dates = [20, 21, 22, 23, 24, 25, 26].map((day) => 20261000 + day)
  const runs = (trainNumber: string): Command => ({
    ...{ type: 'addRuns', importId: undefined, trainId: 0, trainNumber },
    runs: dates.map((serviceDate) => ({
      serviceDate,
      baseMs: serviceDayBaseMs(serviceDate, 'Europe/Berlin'),
    })),
  })
  return [
    defaultFareRule,
    defaultRefundRule,

    {
      ...{ type: 'putStations', importId: undefined },
      stations: [at('CITY'), at('Mitte', { groupCode: 'CITY' }), at('West'), at('Ost'), at('Süd')],
    },
    train('IC 1', [
      ['West', 22],
      ['Mitte', 23],
      ['Süd', 24],
    ]),
    // Leaves after midnight by the clocks, and still belongs to the day before.
    train('NJ 2', [
      ['Mitte', 25],
      ['Ost', 29],
    ]),
    runs('IC 1'),
    runs('NJ 2'),
  ]
}

const hourOf = (at: Parameters<typeof timestampDate>[0] | undefined) =>
  at === undefined ? '' : timestampDate(at).toISOString().slice(5, 16)

test('connections change trains, past midnight, and in the night the clocks go back', async () => {
  const ask = (date: string) =>
    timetable().searchConnections({
      fromCode: 'West',
      toCode: 'Ost',
      date,
      passengerTypes: ['', ''],
    })
  const { connections, index, from } = await ask('2026-10-21')
  expect(from?.code).toBe('West')
  expect(index).toBe(BigInt(host.status().appliedIndex))
  expect(connections).toHaveLength(1)
  expect(connections[0]?.legs.map((leg) => [leg.trainNumber, leg.serviceDate])).toEqual([
    ['IC 1', '2026-10-21'],
    ['NJ 2', '2026-10-21'],
  ])
  expect(connections[0]).toMatchObject({ changes: 1, offers: [{ classCode: '2', freeSeats: 2 }] })
  const paid = connections[0]?.legs.map((leg) => leg.classes[0]?.priceOfParty?.minor ?? 0n) ?? []
  expect(connections[0]?.offers[0]?.price?.minor).toBe(paid.reduce((a, b) => a + b))
  expect([hourOf(connections[0]?.departure), hourOf(connections[0]?.arrival)]).toEqual([
    '10-21T20:00',
    '10-22T03:00',
  ])
  // 24 October: the clocks go back between boarding and arriving; times count from noon.
  const [autumn] = (await ask('2026-10-24')).connections
  expect([hourOf(autumn?.departure), hourOf(autumn?.arrival)]).toEqual([
    '10-24T20:00',
    '10-25T03:00',
  ])
  // 25 October has 25 hours: what leaves in the last of them is of this day.
  const [long] = (await ask('2026-10-25')).connections
  expect(hourOf(long?.departure)).toBe('10-25T21:00')
  const byDate = await timetable().searchConnections({
    ...{ fromCode: 'CITY', toCode: 'Ost', date: '2026-10-25' },
  })
  // The night train of the 24th leaves at 01:00 on the 25th; that of the 25th on the 26th.
  expect(byDate.connections.map((it) => it.legs[0]?.serviceDate)).toEqual(['2026-10-24'])
})

test('a search says what is wrong with it', async () => {
  const asked = { fromCode: 'West', toCode: 'Ost', date: '2026-10-21' }
  const detail = async (changed: object) => {
    const error = await timetable()
      .searchConnections({ ...asked, ...changed })
      .then(() => undefined, ConnectError.from)
    const found = error?.findDetails(ErrorDetailSchema)[0]
    return [error?.code, found?.code, found?.field]
  }
  expect(await detail({ toCode: 'West' })).toEqual([
    Code.InvalidArgument,
    'INVALID_FIELD',
    'to_code',
  ])
  expect(await detail({ fromCode: 'X' })).toEqual([Code.NotFound, 'STATION_NOT_FOUND', 'from_code'])
  expect(await detail({ date: '2026-10-19' })).toEqual([Code.InvalidArgument, 'PAST_DATE', 'date'])
  expect(await detail({ date: '2026-13-19' })).toContain(Code.InvalidArgument)
  expect(await detail({ maxChanges: 3 })).toContain(Code.InvalidArgument)
  expect((await detail({ passengerTypes: ['king'] }))[1]).toBe('PASSENGER_TYPE_NOT_FOUND')
})

test('a full train explains itself and offers what is left', async () => {
  const reply = must({
    ...{ type: 'registerAccount', email: 'ann@example.org', displayName: 'Ann' },
    ...{ passwordHash: 'hash', role: 'passenger' },
  })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  const { connections } = await timetable().searchConnections({
    ...{ fromCode: 'West', toCode: 'Mitte', date: '2026-10-21' },
  })
  const runId = connections[0]?.legs[0]?.runId ?? 0n
  const hold = (seat: number, fromStop: number, toStop: number) => {
    const passengers = [{ name: 'Ann' }]
    const journey = { runId: Number(runId), fromStop, toStop, classCode: '2', seats: [seat] }
    const held = host.run({ type: 'holdSeats', passengers, ...journey }, reply.accountId)
    expect(held.type).toBe('seatsHeld')
  }
  hold(0, 0, 1)
  hold(1, 1, 2)
  const found = await timetable().findAlternatives({
    runId,
    fromStop: 0,
    toStop: 2,
    classCode: '2',
  })
  expect(found).toMatchObject({ freeSeats: 0, fullSegments: [], otherClasses: [] })
  expect(found.splits.map(({ legs }) => legs.map((leg) => [leg.from?.code, leg.to?.code]))).toEqual(
    [
      [
        ['West', 'Mitte'],
        ['Mitte', 'Süd'],
      ],
    ],
  )
  expect(found.otherDates.map((it) => it.daysLater)).toEqual([-1, 1, 2, 3])
  const party = await timetable().findAlternatives({
    ...{ runId, fromStop: 0, toStop: 2, classCode: '2', passengerTypes: ['', ''] },
  })
  expect(party.fullSegments.map((it) => [it.from?.code, it.to?.code, it.freeSeats])).toEqual([
    ['West', 'Mitte', 1],
    ['Mitte', 'Süd', 1],
  ])
  expect(party.splits).toEqual([])

  // There are no waiting lists; then there are; then a draw decides first.
  const ask = () => timetable().findAlternatives({ runId, fromStop: 0, toStop: 2, classCode: '2' })
  expect(found.waitingList).toMatchObject({ state: WaitingListState.NONE })
  const rule = { validFromMs: 0, capBasisPoints: 10_000, chartBeforeDepartureMs: 60_000 }
  host.run({ type: 'setWaitingRule', ...rule, promotedHoldMs: 600_000 })
  const waiting = await ask()
  expect(waiting.waitingList).toMatchObject({ state: WaitingListState.OPEN, ahead: 0 })
  expect(waiting.draw).toBeUndefined()
  const nowMs = host.nowMs()
  const drawn = host.run({
    ...{ type: 'openDraw', runIds: [Number(runId)], windowFromMs: nowMs, holdMs: 60_000 },
    ...{ windowToMs: nowMs + 1_000, revealByMs: nowMs + 2_000, seedCommitment: '0'.repeat(64) },
  })
  expect(drawn).toMatchObject({ type: 'drawOpened' })
  const inDraw = await ask()
  expect(inDraw.draw).toMatchObject({ drawId: 1n, until: timestampFromMs(nowMs + 2_000) })
  expect(inDraw.waitingList).toMatchObject({ state: WaitingListState.IN_DRAW })
})

test('a fare calendar gives the cheapest price of each day', async () => {
  const { days } = await timetable().getFareCalendar({
    ...{ fromCode: 'West', toCode: 'Mitte', date: '2026-10-25', days: 3 },
  })
  expect(days.map((day) => [day.date, day.cheapest !== undefined])).toEqual([
    ['2026-10-25', true],
    ['2026-10-26', true],
    ['2026-10-27', false],
  ])
})
