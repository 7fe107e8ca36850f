import type { AddRuns, AddTrain, Command, PutStations } from '@quorail/booking-fsm'
import { describe, expect, it } from 'vitest'
import { demoStations } from './demo-network.ts'
import { demoCommands, demoFillPlan } from './demo-timetable.ts'
import { greatCircleMetres } from './great-circle.ts'
import { addDays } from './service-days.ts'

const moment = { nowMs: Date.UTC(2026, 10, 22, 12), timeZone: 'Europe/Berlin' }
const commands = demoCommands(moment)
const of = <T extends Command['type']>(type: T) =>
  commands.filter((command): command is Extract<Command, { type: T }> => command.type === type)
const trains: AddTrain[] = of('addTrain')
const openings: AddRuns[] = of('addRuns')
const seatsOf = (train: AddTrain) =>
  train.coaches.reduce((sum, c) => sum + c.rows * c.columns.replace('-', '').length, 0)

describe('the demo timetable', () => {
  it('has twenty stations, one with an accent and one with an alias', () => {
    const [{ stations }] = of('putStations') as [PutStations]
    expect(stations).toHaveLength(20)
    expect(new Set(stations.map((s) => s.code)).size).toBe(20)
    expect(stations.filter((s) => /[^ -~]/.test(s.name)).map((s) => s.name)).toEqual(['Brézières'])
    const aliased = stations.filter((s) => s.aliases.length > 0)
    expect(aliased.map((s) => s.searchTerms)).toEqual([['valdor central', 'grand station', 'vdc']])
  })

  it('has twelve trains in two classes, one past midnight', () => {
    expect(trains).toHaveLength(12)
    expect(new Set(trains.map((t) => t.number)).size).toBe(12)
    for (const train of trains) {
      expect(new Set(train.coaches.map((c) => c.classCode))).toEqual(new Set(['1', '2']))
    }
    const late = trains.filter((t) => (t.stops.at(-1)?.arrivalSeconds ?? 0) > 86_400)
    expect(late.map((t) => t.number)).toEqual(['NT 400'])
  })

  it('runs at speeds and over distances that a railway has', () => {
    const place = new Map(demoStations.map((s) => [s.code, s]))
    for (const train of trains) {
      for (const [at, stop] of train.stops.entries()) {
        expect(stop.departureSeconds).toBeGreaterThanOrEqual(stop.arrivalSeconds)
        const before = train.stops[at - 1]
        if (before === undefined) continue
        const metres = stop.distanceMetres - before.distanceMetres
        const from = place.get(before.stationCode)
        const to = place.get(stop.stationCode)
        if (from === undefined || to === undefined) throw new Error(`no such station`)
        const straight = greatCircleMetres(from, to)
        expect(metres).toBeGreaterThan(straight)
        expect(metres).toBeLessThan(straight * 1.5)
        const kilometresPerHour = (metres / (stop.arrivalSeconds - before.departureSeconds)) * 3.6
        expect(kilometresPerHour).toBeGreaterThan(50)
        expect(kilometresPerHour).toBeLessThan(160)
      }
      expect(train.stops[0]).toMatchObject({ distanceMetres: 0, boarding: true, alighting: false })
      expect(train.stops.at(-1)).toMatchObject({ boarding: false, alighting: true })
    }
  })

  it('opens the runs of each train from today to 30 days ahead', () => {
    expect(openings.map((o) => o.trainNumber)).toEqual(trains.map((t) => t.number))
    const atlantic = openings[0]?.runs ?? []
    expect(atlantic).toHaveLength(31)
    expect(atlantic[0]?.serviceDate).toBe(20261122)
    expect(atlantic.at(-1)?.serviceDate).toBe(addDays(20261122, 30))
  })

  it('fills two small runs of tomorrow', () => {
    const plan = demoFillPlan(moment)
    expect(plan).toEqual([
      { trainNumber: 'RB 61', serviceDate: 20261123, leaveFree: 3 },
      { trainNumber: 'RB 63', serviceDate: 20261123, leaveFree: 0 },
    ])
    for (const { trainNumber, serviceDate } of plan) {
      const train = trains.find((t) => t.number === trainNumber)
      expect(train && seatsOf(train)).toBe(30)
      const runs = openings.find((o) => o.trainNumber === trainNumber)?.runs ?? []
      expect(runs.some((run) => run.serviceDate === serviceDate)).toBe(true)
    }
  })

  it('is the same for the same moment', () => {
    expect(demoCommands(moment)).toEqual(commands)
  })
})
