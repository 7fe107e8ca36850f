import { describe, expect, it } from 'vitest'
import {
  DAY,
  fares,
  hold,
  key,
  MONDAY,
  must,
  railway,
  refunds,
  register,
  runs,
  send,
  station,
  stations,
  stopsAt,
  train,
} from '../../test/world.ts'
import type { AddTrain, Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findRun, listRuns, listTrains } from '../queries/runs.ts'
import { findStation, searchStations } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

describe('the timetable', () => {
  it('is the staff’s', () => {
    const world = railway()
    const staff = register(world, 'staff@example.org', 'staff')
    const commands: Command[] = [
      fares,
      refunds,
      stations([station('F')]),
      train('IC 2'),
      runs(world.trainId, 7),
      { type: 'beginImport', source: 'feed.zip' },
      { type: 'commitImport', importId: 1 },
    ]
    for (const command of commands) {
      expect(send(world, command, { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
      expect(send(world, command, { key: key(command.type) })).toMatchObject({ code: 'notAllowed' })
    }
    for (const command of commands) {
      expect(send(world, command, { actor: staff }).type).not.toBe('refused')
    }
  })

  it('keeps a station’s id when its data is replaced', () => {
    const world = railway()
    const before = findStation(world.state, 'A')
    send(world, stations([station('A', 'Aberystwyth')]))
    expect(findStation(world.state, 'A')).toEqual({ ...before, name: 'Aberystwyth' })
    expect(searchStations(world.state, 'aber', 5)).toHaveLength(1)
    expect(searchStations(world.state, 'a', 5)[0]?.name).toBe('Aberystwyth')
  })

  it('names the field at fault of a station', () => {
    const world = railway()
    const wrong = [
      [{ code: '' }, 'code'],
      [{ code: 'G' }, 'code'],
      [{ name: 'x'.repeat(201) }, 'name'],
      [{ aliases: 'x' }, 'aliases'],
      [{ aliases: ['ok', ''] }, 'aliases[1]'],
      [{ searchTerms: [7] }, 'searchTerms[0]'],
      [{ latitudeE6: 90_000_001 }, 'latitudeE6'],
      [{ longitudeE6: -0 }, 'longitudeE6'],
      [{ timeZone: '' }, 'timeZone'],
    ] as const
    for (const [changed, field] of wrong) {
      const command = stations([station('G'), { ...station('H'), ...changed } as never])
      expect(send(world, command)).toMatchObject({
        code: 'invalidField',
        field: `stations[1].${field}`,
      })
    }
    expect(send(world, stations([]))).toMatchObject({ code: 'invalidField', field: 'stations' })
    const many = Array.from({ length: 1_001 }, (_, i) => station(`x${i}`))
    expect(send(world, stations(many))).toMatchObject({ code: 'tooMany', figure: 1_000 })
    expect(findStation(world.state, 'G')).toBeUndefined()
  })

  it('names the field at fault of a train', () => {
    const world = railway()
    const stops = stopsAt('A', 'B', 'C')
    const [first, second, third] = stops as [AddTrain['stops'][0], never, AddTrain['stops'][0]]
    const coach = { label: '1', classCode: '1', rows: 2, columns: 'A-BC' }
    const calendar = { weekdays: 127, fromDate: 20261101, toDate: 20261130, timeZone: 'UTC' }
    const wrong: [object, string, string][] = [
      [{ importId: 0 }, 'invalidField', 'importId'],
      [{ number: '' }, 'invalidField', 'number'],
      [{ name: '\u0000' }, 'invalidField', 'name'],
      [{ stops: [first] }, 'invalidField', 'stops'],
      [{ stops: Array(122).fill(first) }, 'tooMany', 'stops'],
      [{ stops: [first, null] }, 'invalidField', 'stops[1]'],
      [{ stops: [third, second] }, 'invalidField', 'stops[1].arrivalSeconds'],
      [
        { stops: [first, { ...third, departureSeconds: third.arrivalSeconds - 1 }] },
        'invalidField',
        'stops[1].departureSeconds',
      ],
      [
        {
          stops: [
            { ...first, distanceMetres: 9 },
            { ...third, distanceMetres: 8 },
          ],
        },
        'invalidField',
        'stops[1].distanceMetres',
      ],
      [{ stops: [{ ...first, boarding: 1 }, third] }, 'invalidField', 'stops[0].boarding'],
      [
        { stops: [first, { ...third, stationCode: 'Z' }] },
        'stationNotFound',
        'stops[1].stationCode',
      ],
      [{ coaches: [] }, 'invalidField', 'coaches'],
      [{ coaches: [coach, coach] }, 'invalidField', 'coaches[1].label'],
      [{ coaches: [{ ...coach, classCode: 'a b' }] }, 'invalidField', 'coaches[0].classCode'],
      [{ coaches: [{ ...coach, rows: 0 }] }, 'invalidField', 'coaches[0].rows'],
      [{ coaches: [{ ...coach, columns: 'A--B' }] }, 'invalidField', 'coaches[0].columns'],
      [{ coaches: [{ ...coach, columns: 'AA' }] }, 'invalidField', 'coaches[0].columns'],
      [{ coaches: [{ ...coach, columns: '-A' }] }, 'invalidField', 'coaches[0].columns'],
      [
        {
          coaches: ['x', 'y', 'z'].map((label) => ({
            ...coach,
            label,
            rows: 200,
            columns: 'ABCD',
          })),
        },
        'tooMany',
        'coaches',
      ],
      [{ calendar: { ...calendar, weekdays: 128 } }, 'invalidField', 'calendar.weekdays'],
      [{ calendar: { ...calendar, fromDate: 20260230 } }, 'invalidField', 'calendar.fromDate'],
      [{ calendar: { ...calendar, toDate: 20261031 } }, 'invalidField', 'calendar.toDate'],
      [{ calendar: { ...calendar, timeZone: '' } }, 'invalidField', 'calendar.timeZone'],
    ]
    for (const [changed, code, field] of wrong) {
      expect(send(world, train('IC 2', changed))).toMatchObject({ code, field })
    }
    expect(listTrains(world.state)).toHaveLength(1)
    must(send(world, train('IC 2', { calendar })), 'trainAdded')
    expect(listTrains(world.state)[1]).toMatchObject({ number: 'IC 2', calendar })
  })

  it('lists trains by number and runs by date', () => {
    const world = railway()
    const { trainId } = must(send(world, train('IC 0')), 'trainAdded')
    must(send(world, runs(trainId, 3, 1, 2)), 'runsAdded')
    expect(listTrains(world.state).map((it) => [it.number, it.lastServiceDate])).toEqual([
      ['IC 0', 20261126],
      ['IC 1', 20261125],
    ])
    const query = { fromDate: 20261124, toDate: 20261125, limit: 10 }
    const found = listRuns(world.state, query).map((run) => [run.trainNumber, run.serviceDate])
    expect(found).toEqual([
      ['IC 0', 20261124],
      ['IC 1', 20261125],
      ['IC 0', 20261125],
    ])
    expect(listRuns(world.state, { ...query, trainId })).toHaveLength(2)
    expect(listRuns(world.state, { ...query, limit: 1 })).toHaveLength(1)
  })
})

describe('addRuns', () => {
  it('skips dates that the train runs on already', () => {
    const world = railway()
    expect(send(world, runs(world.trainId, 2, 3, 3))).toEqual({
      type: 'runsAdded',
      runIds: [world.runId + 1],
      skipped: 2,
    })
  })

  it('finds the train added last under a number', () => {
    const world = railway()
    const { trainId } = must(send(world, train('IC 1')), 'trainAdded')
    const command = { ...runs(0, 5), trainNumber: 'IC 1' } as Command
    const { runIds } = must(send(world, command), 'runsAdded')
    expect(findRun(world.state, runIds[0] as number)?.trainId).toBe(trainId)
  })

  it('gives each stop its instant', () => {
    const world = railway()
    const run = findRun(world.state, world.runId)
    expect(run?.stops[1]).toMatchObject({
      arrivalMs: MONDAY + 2 * DAY + 24_600_000,
      departureMs: MONDAY + 2 * DAY + 25_200_000,
      distanceMetres: 100_000,
    })
  })

  it('is checked field by field', () => {
    const world = railway()
    const one = { serviceDate: 20261224, baseMs: MONDAY }
    const wrong: [object, string, string][] = [
      [{ trainId: 99 }, 'trainNotFound', 'trainId'],
      [{ trainId: 0, trainNumber: 'nothing' }, 'trainNotFound', 'trainNumber'],
      [{ trainId: -1 }, 'invalidField', 'trainId'],
      [{ trainNumber: 7 }, 'invalidField', 'trainNumber'],
      [{ runs: [] }, 'invalidField', 'runs'],
      [{ runs: Array(1_001).fill(one) }, 'tooMany', 'runs'],
      [{ runs: [one, { ...one, serviceDate: 20261301 }] }, 'invalidField', 'runs[1].serviceDate'],
      [{ runs: [{ ...one, baseMs: 0.5 }] }, 'invalidField', 'runs[0].baseMs'],
    ]
    for (const [changed, code, field] of wrong) {
      const command = { ...runs(world.trainId, 7), ...changed } as Command
      expect(send(world, command)).toMatchObject({ code, field })
    }
  })
})

describe('rules', () => {
  it('are checked field by field', () => {
    const world = railway()
    const fare = { classCode: '2', baseMinor: 0, perThousandKilometresMinor: 0 }
    const band = { untilBeforeDepartureMs: DAY, refundBasisPoints: 1 }
    const wrong: [object, string, string][] = [
      [{ ...fares, validFromMs: -1 }, 'invalidField', 'validFromMs'],
      [{ ...fares, classes: [] }, 'invalidField', 'classes'],
      [{ ...fares, classes: Array(33).fill(fare) }, 'tooMany', 'classes'],
      [{ ...fares, classes: [fare, fare] }, 'invalidField', 'classes[1].classCode'],
      [
        { ...fares, classes: [{ ...fare, baseMinor: 1e10 }] },
        'invalidField',
        'classes[0].baseMinor',
      ],
      [
        { ...fares, classes: [{ ...fare, perThousandKilometresMinor: 0.5 }] },
        'invalidField',
        'classes[0].perThousandKilometresMinor',
      ],
      [{ ...refunds, bands: undefined }, 'invalidField', 'bands'],
      [{ ...refunds, bands: Array(17).fill(band) }, 'tooMany', 'bands'],
      [{ ...refunds, bands: [band, band] }, 'invalidField', 'bands[1].untilBeforeDepartureMs'],
      [
        { ...refunds, bands: [{ ...band, refundBasisPoints: 10_001 }] },
        'invalidField',
        'bands[0].refundBasisPoints',
      ],
    ]
    for (const [command, code, field] of wrong) {
      expect(send(world, command as Command)).toMatchObject({ code, field })
    }
  })

  it('count from their date on', () => {
    const world = railway()
    const dearer = { classCode: '2', baseMinor: 9_000, perThousandKilometresMinor: 0 }
    send(world, { ...fares, validFromMs: world.nowMs + 1_000, classes: [dearer] } as Command)
    const price = () =>
      must(send(world, hold(world.runId), { actor: world.ann }), 'seatsHeld').priceMinor
    expect(price()).toBe(1_000 + 4_000)
    world.nowMs += 1_000
    expect(price()).toBe(9_000)
    const first = hold(world.runId, { classCode: '1' })
    expect(send(world, first, { actor: world.ann })).toMatchObject({ code: 'noFare' })
  })
})

describe('exceptions of a calendar', () => {
  const calendar = { weekdays: 31, fromDate: 20261101, toDate: 20261231, timeZone: 'UTC' }
  const exceptions = { addedDates: [20261205], removedDates: [20261224, 20261225] }
  const kept = (world: ReturnType<typeof railway>) =>
    listTrains(world.state).find(({ number }) => number === 'X')?.calendar

  it('are kept, over a load too; empty ones are none', () => {
    const world = railway()
    must(send(world, train('X', { calendar: { ...calendar, exceptions } })), 'trainAdded')
    expect(kept(world)).toEqual({ ...calendar, exceptions })
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toEqual(stateHash(world.state))
    expect(listTrains(loaded)).toEqual(listTrains(world.state))
    const empty = { addedDates: [], removedDates: [] }
    must(send(world, train('Y', { calendar: { ...calendar, exceptions: empty } })), 'trainAdded')
    const of = listTrains(world.state).find(({ number }) => number === 'Y')?.calendar
    expect(of).toEqual(calendar)
  })

  it.each([
    [{ addedDates: [20261232], removedDates: [] }, 'addedDates[0]'],
    [{ addedDates: [20261202, 20261202], removedDates: [] }, 'addedDates[1]'],
    [{ addedDates: [20261202], removedDates: [20261201, 20261202] }, 'removedDates[1]'],
  ])('%j is refused', (wrong, field) => {
    const reply = send(railway(), train('X', { calendar: { ...calendar, exceptions: wrong } }))
    expect(reply).toMatchObject({ code: 'invalidField', field: `calendar.exceptions.${field}` })
  })
})
