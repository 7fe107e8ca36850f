import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { calendarTrains, LATEST_FEATURE_LEVEL, listTrains } from '@quorail/booking-fsm'
import { AdminService } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { dueOpenings, serviceDayBaseMs } from '../timetable/service-days.ts'

/** On which days a train runs: by a calendar that is given with it, or opened by hand. In Zurich's time. */
const saturday = Date.UTC(2026, 2, 21, 9, 0)
let host: MemoryHost
let transport: Transport
let auth: ReturnType<typeof loginTo>
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(saturday))
  auth = loginTo(host, 'st@example.org', 'staff')
})

const administration = () => createClient(AdministrationService, transport)

const train = {
  number: 'X 1',
  timeZone: 'Europe/Zurich',
  stops: [
    { stationCode: 'PMR', arrival: '08:00', departure: '08:00', distanceMetres: 0 },
    { stationCode: 'BRZ', arrival: '09:30', departure: '09:30', distanceMetres: 100_000 },
  ],
  coaches: [{ label: '1', classCode: '2', rows: 2, columns: 'AB-CD' }],
}
const workdays = { weekdays: 31, fromDate: '2026-03-01', toDate: '2026-04-30' }

const addTrain = (more: object = {}) =>
  administration().addTrain({ requestId: requestId(), ...train, ...more }, auth)

const listRuns = async (trainId: bigint, fromDate = '2026-03-01', toDate = '2026-12-31') =>
  (await administration().listRuns({ trainId, fromDate, toDate }, auth)).runs

async function refusalOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return [error?.code, error?.findDetails(ErrorDetailSchema)[0]?.field]
}

const openings = (daysAhead: number) =>
  dueOpenings(calendarTrains(host.state), host.nowMs(), daysAhead, LATEST_FEATURE_LEVEL)

/** What the leader does once a minute. */
function openDays(daysAhead: number) {
  for (const command of openings(daysAhead)) {
    expect(host.run(command).type).toBe('runsAdded')
  }
}

describe('a train with a calendar', () => {
  it('runs on its days, on those that are added and not on those that are removed', async () => {
    const { trainId } = await addTrain({
      calendar: {
        ...workdays,
        addedDates: ['2026-03-29', '2026-03-22'],
        removedDates: ['2026-03-25'],
      },
    })
    openDays(9)
    const dates = (await listRuns(trainId)).map((run) => run.serviceDate.slice(8))
    // From Saturday the 21st to Monday the 30th; the 22nd and the 29th are Sundays, the 25th a Wednesday.
    expect(dates).toEqual(['22', '23', '24', '26', '27', '29', '30'])
  })

  it('may run on single days alone', async () => {
    const calendar = { ...workdays, weekdays: 0, addedDates: ['2026-03-28'] }
    const { trainId } = await addTrain({ calendar })
    openDays(30)
    expect((await listRuns(trainId)).map((run) => run.serviceDate)).toEqual(['2026-03-28'])
  })

  it('is opened by hand when it has none', async () => {
    const { trainId } = await addTrain()
    openDays(30)
    expect(await listRuns(trainId)).toEqual([])
  })

  it.each([
    [{ fromDate: '2026-02-30' }, 'calendar.from_date'],
    [{ toDate: '2026-02-01' }, 'calendar.to_date'],
    [{ toDate: 'tomorrow' }, 'calendar.to_date'],
    [{ weekdays: 128 }, 'calendar.weekdays'],
    [{ weekdays: 0 }, 'calendar.weekdays'],
    [{ addedDates: ['2026-03-22', '2026-02-29'] }, 'calendar.added_dates[1]'],
    [{ addedDates: ['2026-03-22', '2026-03-22'] }, 'calendar.added_dates'],
    [{ addedDates: ['2026-03-25'], removedDates: ['2026-03-25'] }, 'calendar.removed_dates[0]'],
  ])('is refused with %j', async (wrong, field) => {
    const before = listTrains(host.state).length
    const call = addTrain({ calendar: { ...workdays, ...wrong } })
    expect(await refusalOf(call)).toEqual([Code.InvalidArgument, field])
    expect(listTrains(host.state)).toHaveLength(before)
  })
})

describe('another calendar of a train', () => {
  const setCalendar = (trainId: bigint, changed: object = {}, more: object = {}) => {
    const calendar = { ...workdays, ...changed }
    return administration().setCalendar(
      { requestId: requestId(), trainId, calendar, ...more },
      auth,
    )
  }
  const datesOf = async (trainId: bigint) =>
    (await listRuns(trainId)).map((run) => run.serviceDate.slice(5))

  it('counts from its first date on, and the days before it are as they were', async () => {
    const { trainId } = await addTrain({ calendar: workdays })
    // Three days ahead only: the rest of the week is opened when the calendar changes.
    openDays(3)
    const weekend = { weekdays: 0b1100000, fromDate: '2026-03-28' }
    const answer = await setCalendar(trainId, weekend)
    expect(answer).toMatchObject({ withdrawnRunIds: [], keptRuns: [] })
    openDays(15)
    const week = ['03-23', '03-24', '03-25', '03-26', '03-27']
    expect(await datesOf(trainId)).toEqual([...week, '03-28', '03-29', '04-04', '04-05'])
  })

  it('withdraws what is not sold, names what is, and shows its single days', async () => {
    const { trainId } = await addTrain({ calendar: workdays })
    openDays(5)
    const [first, second] = await listRuns(trainId)
    const runId = Number(second?.runId)
    const hold = { runId, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    const passengers = [{ name: 'Ann' }]
    expect(host.run({ type: 'holdSeats', ...hold, passengers }, 1).type).toBe('seatsHeld')
    const single = { addedDates: ['2026-03-25'], removedDates: ['2026-03-26'] }
    const answer = await setCalendar(trainId, { weekdays: 16, ...single })
    expect(answer.keptRuns).toMatchObject([{ runId: second?.runId, serviceDate: '2026-03-24' }])
    expect(answer.withdrawnRunIds).toContain(first?.runId)
    expect(await datesOf(trainId)).toEqual(['03-24', '03-25'])
    const shown = await createClient(AdminService, transport).getTrain({ trainId }, auth)
    expect(shown.calendar).toMatchObject({ weekdays: 16, ...single })
    const { trains } = await administration().listTrains({}, auth)
    const listed = trains.find((it) => it.trainId === trainId)
    expect(listed?.calendar).toMatchObject({ ...workdays, weekdays: 16, ...single })
  })

  it('says what is wrong with it', async () => {
    const { trainId } = await addTrain({ calendar: workdays })
    const wrong: [Promise<unknown>, string][] = [
      [setCalendar(9_999n), 'train_id'],
      [
        setCalendar(trainId, { fromDate: '2027-04-01', toDate: '2027-05-01' }),
        'calendar.from_date',
      ],
      [setCalendar(trainId, { weekdays: 0 }), 'calendar.weekdays'],
      [setCalendar(trainId, {}, { timeZone: 'No/Where' }), 'time_zone'],
      [setCalendar(trainId, {}, { calendar: undefined }), 'calendar'],
    ]
    for (const [call, field] of wrong) {
      expect(await refusalOf(call)).toEqual([Code.InvalidArgument, field])
    }
  })
})

it('the daily opening opens the days before one that was opened by hand', async () => {
  const { trainId } = await addTrain({ calendar: workdays })
  const friday = { fromDate: '2026-03-27', toDate: '2026-03-27' }
  await administration().addRuns({ requestId: requestId(), trainId, ...friday }, auth)
  openDays(7)
  const dates = (await listRuns(trainId)).map((run) => run.serviceDate.slice(8))
  expect(dates).toEqual(['23', '24', '25', '26', '27'])
  expect(openings(7)).toEqual([])
})

describe('runs opened by hand', () => {
  const week = { fromDate: '2026-03-26', toDate: '2026-04-01' }
  const addRuns = (trainId: bigint, more: object = {}) =>
    administration().addRuns({ requestId: requestId(), trainId, ...week, ...more }, auth)

  it('leave at the same time of the clock over a week in which it changes', async () => {
    const { trainId } = await addTrain()
    expect(await addRuns(trainId)).toMatchObject({ skipped: 0 })
    const runs = await listRuns(trainId)
    expect(
      runs.map(({ serviceDate, stops }) => {
        const seconds = Number(stops[0]?.departure?.seconds ?? 0n)
        return [serviceDate, new Date(seconds * 1_000).toISOString()]
      }),
    ).toEqual([
      ['2026-03-26', '2026-03-26T07:00:00.000Z'],
      ['2026-03-27', '2026-03-27T07:00:00.000Z'],
      ['2026-03-28', '2026-03-28T07:00:00.000Z'],
      // The night to this Sunday is an hour shorter.
      ['2026-03-29', '2026-03-29T06:00:00.000Z'],
      ['2026-03-30', '2026-03-30T06:00:00.000Z'],
      ['2026-03-31', '2026-03-31T06:00:00.000Z'],
      ['2026-04-01', '2026-04-01T06:00:00.000Z'],
    ])
    expect(runs[0]).toMatchObject({ trainId, trainNumber: 'X 1', capacity: 8, cancelled: false })
  })

  it('open each day once, and the days of the week that are asked for', async () => {
    const { trainId } = await addTrain()
    const weekend = await addRuns(trainId, { weekdays: 0b1100000 })
    expect(weekend).toMatchObject({ skipped: 0 })
    expect(weekend.runIds).toHaveLength(2)
    const all = await addRuns(trainId)
    expect(all).toMatchObject({ skipped: 2 })
    expect(all.runIds).toHaveLength(5)
    expect(await listRuns(trainId)).toHaveLength(7)
    expect(await listRuns(trainId, '2026-03-29', '2026-03-30')).toHaveLength(2)
  })

  it('are refused with the field at fault', async () => {
    const { trainId } = await addTrain()
    const wrong: [Promise<unknown>, string][] = [
      [addRuns(9_999n), 'train_id'],
      [addRuns(trainId, { toDate: '2026-03-25' }), 'to_date'],
      [addRuns(trainId, { toDate: '2027-04-01' }), 'to_date'],
      [addRuns(trainId, { fromDate: '2026-02-30' }), 'from_date'],
      [addRuns(trainId, { toDate: '2026-03-26', weekdays: 1 }), 'weekdays'],
    ]
    for (const [call, field] of wrong) {
      expect(await refusalOf(call)).toEqual([Code.InvalidArgument, field])
    }
    expect(await listRuns(trainId)).toEqual([])
  })

  /** As an import leaves it: without a calendar, with stations in the zones given and a run on 24 March. */
  function imported(zones: readonly [string, string], timeZone = 'Europe/Zurich'): bigint {
    const stations = zones.map((zone, i) => ({
      code: `S${i}`,
      name: `Station ${i}`,
      aliases: [],
      searchTerms: [],
      latitudeE6: i,
      longitudeE6: 0,
      timeZone: zone,
    }))
    expect(host.run({ type: 'putStations', importId: undefined, stations }).type).toBe('done')
    const stops = [28_800, 34_200].map((seconds, i) => ({
      stationCode: `S${i}`,
      arrivalSeconds: seconds,
      departureSeconds: seconds,
      distanceMetres: i * 100_000,
      boarding: i === 0,
      alighting: i === 1,
    }))
    const added = host.run({
      type: 'addTrain',
      importId: undefined,
      number: 'F 1',
      name: '',
      stops,
      coaches: train.coaches,
      calendar: undefined,
    })
    if (added.type !== 'trainAdded') throw new Error(JSON.stringify(added))
    const { trainId } = added
    const runs = [{ serviceDate: 20260324, baseMs: serviceDayBaseMs(20260324, timeZone) }]
    host.run({ type: 'addRuns', importId: undefined, trainId, trainNumber: '', runs })
    return BigInt(trainId)
  }

  it('are opened of an imported train too, in the zone that its other runs are in', async () => {
    // The clocks of Lisbon and Zurich change together and are an hour apart.
    const trainId = imported(['Europe/Lisbon', 'Europe/Zurich'])
    expect((await addRuns(trainId)).runIds).toHaveLength(7)
    const left = (await listRuns(trainId)).map(({ stops }) => Number(stops[0]?.departure?.seconds))
    expect(left.map((seconds) => new Date(seconds * 1_000).getUTCHours())).toEqual([
      7, 7, 7, 7, 6, 6, 6, 6,
    ])
  })

  it('are not opened of one whose zone is not certain', async () => {
    // In March both show the same; in the week asked for they do not.
    const either = imported(['Europe/Zurich', 'Africa/Algiers'])
    expect(await refusalOf(addRuns(either))).toEqual([Code.InvalidArgument, 'train_id'])
    const day = { fromDate: '2026-03-26', toDate: '2026-03-27' }
    expect((await addRuns(either, day)).runIds).toHaveLength(2)
    const neither = imported(['Europe/Lisbon', 'Europe/Lisbon'])
    expect(await refusalOf(addRuns(neither))).toEqual([Code.InvalidArgument, 'train_id'])
  })
})
