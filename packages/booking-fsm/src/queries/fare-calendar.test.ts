import { expect, it } from 'vitest'
import { DAY, HOUR, held, MONDAY, railway, runs, send } from '../../test/world.ts'
import { fareCalendar } from './fare-calendar.ts'
import { findStation } from './stations.ts'

it('fareCalendar gives the cheapest price with room of each day, and no price where there is none', () => {
  const world = railway()
  send(world, runs(world.trainId, 3, 5))
  const id = (code: string) => findStation(world.state, code)?.stationId ?? 0
  const days = (types: readonly string[], nowMs = world.nowMs, from = 2) =>
    fareCalendar(world.state, {
      ...{ fromStationId: id('A'), toStationId: id('E'), passengerTypes: types, nowMs },
      borders: [0, 1, 2, 3].map((day) => MONDAY + (from + day) * DAY),
    })
  expect(days([''])).toEqual([5_000, 5_000, undefined])
  expect(days([''], world.nowMs, 3)).toEqual([5_000, undefined, 5_000])
  // All of second class on Wednesday: first class is left, and that for six.
  for (let seat = 6; seat < 30; seat++) held(world, world.ann, world.runId, { seats: [seat] })
  expect(days(['', ''])).toEqual([20_000, 10_000, undefined])
  expect(days(Array(7).fill(''))).toEqual([undefined, 35_000, undefined])
  expect(days([''], MONDAY + 2 * DAY + 6 * HOUR)).toEqual([undefined, 5_000, undefined])
})
