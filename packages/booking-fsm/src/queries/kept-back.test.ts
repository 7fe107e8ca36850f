import { expect, it } from 'vitest'
import { DAY, MONDAY, must, type Railway, railway, send } from '../../test/world.ts'
import type { OpenDraw } from '../commands.ts'
import { dueDisruption, searchJourneys, seatMap } from '../index.ts'

const offered = ({ state, runId }: Railway) =>
  seatMap(state, runId, 0, 4).filter((seat) => seat.offered).length
const found = ({ state, runId, nowMs }: Railway) =>
  searchJourneys(state, {
    ...{ fromStationId: 1, toStationId: 5, earliestMs: MONDAY, latestMs: MONDAY + 4 * DAY },
    ...{ nowMs, passengers: 1, limit: 9 },
  })
    .find((journey) => journey.runId === runId)
    ?.classes.map(({ freeSeats }) => freeSeats)

it('nothing of a run is free or offered while everybody is seated anew', () => {
  const world = railway()
  const none = { coaches: [], withoutCoaches: [], blockedSeats: [0] }
  const change = { type: 'changeConsist', runId: world.runId, ...none, reason: 'other' } as const
  const { disruptionId } = must(send(world, change), 'disruptionBegun')
  expect(found(world)).toEqual([0, 0])
  expect(offered(world)).toBe(0)
  while (dueDisruption(world.state, world.nowMs) === disruptionId) {
    must(send(world, { type: 'continueDisruption', disruptionId }), 'done')
  }
  expect(found(world)).toEqual([5, 24])
  expect(offered(world)).toBe(29)
})

it('no seat of a run under a draw is offered, though nobody has it', () => {
  const world = railway()
  expect(offered(world)).toBe(30)
  const opening: OpenDraw = {
    type: 'openDraw',
    ...{ runIds: [world.runId], seedCommitment: 'a'.repeat(64), holdMs: 600_000 },
    ...{ windowFromMs: MONDAY + 1_000, windowToMs: MONDAY + 61_000, revealByMs: MONDAY + 90_000 },
  }
  must(send(world, opening), 'drawOpened')
  expect(found(world)).toEqual([0, 0])
  expect(offered(world)).toBe(0)
  expect(seatMap(world.state, world.runId, 0, 4).every((seat) => seat.free)).toBe(true)
})
