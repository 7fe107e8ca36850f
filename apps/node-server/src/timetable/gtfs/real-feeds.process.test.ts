import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  applyEntry,
  createState,
  info,
  LATEST_FEATURE_LEVEL,
  trainTimes,
} from '@quorail/booking-fsm'
import { describe, expect, it } from 'vitest'
import { importGtfs } from './import-gtfs.ts'
import { collect, commandsOf, planOf } from './testing.ts'

/** Third-party feeds are not in the tree; the folder QUORAIL_GTFS_DIR names holds them, or not. */
const folder = process.env.QUORAIL_GTFS_DIR ?? ''
const feedAt = (file: string) => join(folder, file)
const here = (file: string) => folder !== '' && existsSync(feedAt(file))

describe.runIf(here('lk-srilanka-2014.zip'))('Sri Lanka', () => {
  it('imports but for the trips with impossible times', () => {
    const { report } = planOf({
      source: feedAt('lk-srilanka-2014.zip'),
      nowMs: Date.UTC(2026, 10, 23),
    })
    expect(report).toMatchObject({ trips: 334, stations: 281, trains: 300, runs: 16_373 })
    expect(report.leftOut).toHaveLength(34)
  })
})

describe.runIf(folder !== '')('the state machine', () => {
  it.each([
    ['lk-srilanka-2014.zip', Date.UTC(2026, 10, 23)],
    ['us-caltrain-2023.zip', Date.UTC(2023, 5, 1)],
    ['de-fernverkehr-2025-11.zip', Date.UTC(2025, 10, 9)],
  ])('has every station, train and run of %s that the report names', async (file, nowMs) => {
    if (!here(file)) return
    const state = createState()
    let index = 0
    const cluster = { actor: 0, key: undefined, timestampMs: nowMs }
    applyEntry(state, {
      ...cluster,
      index: ++index,
      command: {
        type: 'foundCluster',
        clusterId: '0'.repeat(32),
        pnrKey: [1, 2, 3, 4],
        currency: 'EUR',
        holdMs: 600_000,
        paymentWindowMs: 900_000,
        featureLevel: LATEST_FEATURE_LEVEL,
      },
    })
    const run = () =>
      importGtfs({
        source: feedAt(file),
        nowMs,
        log: () => undefined,
        send: (command) =>
          Promise.resolve(applyEntry(state, { ...cluster, index: ++index, command }).reply),
        trainsOnSale: (fromDate) =>
          Promise.resolve(trainTimes(state, { afterTrainId: 0, fromDate, limit: 1e6 })),
      })
    const result = await run()
    if (result.status !== 'imported') throw new Error(JSON.stringify(result))
    const { stations, trains, runs } = result.report
    expect(info(state)).toMatchObject({ stations, trains, runs })
    expect(await run()).toMatchObject({
      changes: { trainsNew: 0, daysAdded: 0, daysThere: runs, changed: [], gone: [] },
    })
    expect(info(state)).toMatchObject({ stations, trains, runs })
  })
})

describe.runIf(here('de-fernverkehr-2025-11.zip'))('German long-distance trains', () => {
  const plan = () =>
    planOf({ source: feedAt('de-fernverkehr-2025-11.zip'), nowMs: Date.UTC(2025, 10, 9, 12) })
  it('imports but for trips of one stop or without a way to travel', () => {
    const { report } = plan()
    expect(report).toMatchObject({ trips: 4_863, stations: 529, trains: 3_566, runs: 31_926 })
    expect(report.leftOut).toHaveLength(62)
    expect(new Set(report.leftOut.map((l) => l.reason.replace(/^trip '\d+' /, '')))).toEqual(
      new Set(['has 1 stop(s), a train has two', 'nobody may board and alight']),
    )
  })
  it('stays far below the size of an entry', () => {
    for (const command of commandsOf(plan())) {
      expect(JSON.stringify(command).length).toBeLessThan(131_072)
    }
  })
})

describe.runIf(here('us-caltrain-2023.zip'))('Caltrain', () => {
  it('imports with its own distances, starts after midnight and holidays', () => {
    const plan = planOf({
      source: feedAt('us-caltrain-2023.zip'),
      nowMs: Date.UTC(2023, 5, 1, 12),
      daysAhead: 365,
    })
    expect(plan.report).toMatchObject({
      trips: 180,
      stations: 30,
      tripsWithoutRuns: 0,
      leftOut: [],
    })
    expect(plan.report.assumptions.join()).toContain('read as metres')
    const { trains } = collect(commandsOf(plan))
    expect(trains.some((train) => (train.stops[0]?.departureSeconds ?? 0) >= 86_400)).toBe(true)
    const weekday = trains.find((train) => train.number === '707')
    expect(weekday?.runs.some((run) => run.serviceDate === 20231123)).toBe(false)
  })
})
