import {
  applyEntry,
  type Command,
  createState,
  findStation,
  info,
  type JourneyView,
  LATEST_FEATURE_LEVEL,
  type Reply,
  searchJourneys,
  trainTimes,
} from '@quorail/booking-fsm'
import { describe, expect, it } from 'vitest'
import { defaultFareRule, demoCommands } from '../demo-timetable.ts'
import { importGtfs } from './import-gtfs.ts'
import { feedFolder } from './testing.ts'

/** What the timetable's commands become in the real state machine. */
const nowMs = Date.UTC(2026, 2, 16, 3)

function machine() {
  const state = createState()
  let index = 0
  const apply = (command: Command): Reply =>
    applyEntry(state, { index: ++index, timestampMs: nowMs, actor: 0, key: undefined, command })
      .reply
  apply({
    type: 'foundCluster',
    clusterId: '0'.repeat(32),
    pnrKey: [1, 2, 3, 4],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: 900_000,
    featureLevel: LATEST_FEATURE_LEVEL,
  })
  const journeys = (from: string, to: string): JourneyView[] => {
    const ids = [from, to].map((code) => findStation(state, code)?.stationId ?? 0)
    const [fromStationId = 0, toStationId = 0] = ids
    const latestMs = nowMs + 86_400_000
    const query = { earliestMs: nowMs, latestMs, nowMs, passengers: 1, limit: 20 }
    return searchJourneys(state, { fromStationId, toStationId, ...query })
  }
  return { state, apply, journeys }
}

describe('the state machine takes', () => {
  it('the demo timetable', () => {
    const { state, apply, journeys } = machine()
    for (const command of demoCommands({ nowMs, timeZone: 'Europe/Berlin' })) {
      expect(apply(command)).not.toMatchObject({ type: 'refused' })
    }
    expect(info(state)).toMatchObject({ stations: 20, trains: 12 })
    expect(journeys('PMR', 'BRZ').map((journey) => journey.trainNumber)).toEqual([
      'IC 101',
      'RE 31',
    ])
    const [first] = journeys('PMR', 'BRZ')
    expect(first?.departureMs).toBe(Date.UTC(2026, 2, 16, 5, 12))
    expect(first?.classes.map((c) => [c.classCode, c.capacity, c.pricePerPassengerMinor])).toEqual([
      ['1', 78, 2_238],
      ['2', 304, 1_406],
    ])
  })

  it('an imported feed, which is on sale with the commit and not before', async () => {
    const { state, apply, journeys } = machine()
    apply(defaultFareRule)
    const [from, to] = ['valdoria-railways:VDC', 'valdoria-railways:TNB']
    const result = await importGtfs({
      source: feedFolder('oddities'),
      nowMs,
      log: () => undefined,
      send: (command) => {
        expect(journeys(from, to)).toEqual([])
        return Promise.resolve(apply(command))
      },
      trainsOnSale: (fromDate) =>
        Promise.resolve(trainTimes(state, { afterTrainId: 0, fromDate, limit: 1_000 })),
    })
    expect(result).toMatchObject({ status: 'imported' })
    const found = journeys(from, to).map((j) => [
      j.trainNumber,
      new Date(j.departureMs).toISOString(),
    ])
    expect(found).toEqual([
      ['101', '2026-03-16T06:05:00.000Z'],
      ['NT 402', '2026-03-16T23:14:00.000Z'],
    ])
  })
})
