import { expect, it } from 'vitest'
import type { World } from '../../test/world.ts'
import {
  confirmed,
  DAY,
  held,
  joined,
  must,
  railway,
  runs,
  send,
  waitingLists,
} from '../../test/world.ts'
import { tables } from '../tables.ts'
import { listRunStates, runStateNames } from './run-states.ts'

const all = (world: World, changed: object = {}) =>
  listRunStates(world.state, {
    fromDate: 20261101,
    toDate: 20261231,
    afterRunId: 0,
    limit: 50,
    nowMs: world.nowMs,
    ...changed,
  })
const states = (world: World, changed: object = {}) =>
  all(world, changed).map(({ runId, states: of }) => [runId, ...of])

it('says per class what is sold, held, blocked and free, on the fullest segment', () => {
  const world = railway()
  confirmed(world, world.ann, world.runId, { passengers: 2, from: 0, to: 2 })
  confirmed(world, world.ann, world.runId, { passengers: 2, from: 2, to: 4 })
  held(world, world.bob, world.runId, { from: 1, to: 3 })
  const block = {
    type: 'blockSeats' as const,
    trainId: 0,
    runId: world.runId,
    fromDate: 0,
    toDate: 0,
    seats: [0, 29],
    reason: 'technicalFailure' as const,
  }
  const reply = send(world, block)
  expect(reply.type).not.toBe('refused')
  const [run] = all(world)
  expect(run).toMatchObject({ trainNumber: 'IC 1', serviceDate: 20261125, states: ['onSale'] })
  expect(run?.classes).toEqual([
    { classCode: '1', capacity: 6, sold: 0, held: 0, blocked: 1, free: 5 },
    { classCode: '2', capacity: 24, sold: 2, held: 1, blocked: 1, free: expect.any(Number) },
  ])
})

it('whatever has a row by run shows as a state, or is decided to be none', () => {
  const byRun = tables
    .filter(({ purpose }) => purpose === 'state')
    .filter(({ columns }) => columns[0]?.name === 'run_id')
    .map(({ name }) => name)
  const shown = new Map([
    ['runs', 'onSale'],
    ['charts', 'charted'],
    ['delays', 'delayed'],
    ['run_consists', 'otherCoaches'],
  ])
  for (const name of byRun) expect(runStateNames, name).toContain(shown.get(name))
})

it('a run has all its states: cancelled, departed, its list closed, the sale not open yet', () => {
  const world = railway()
  must(send(world, waitingLists), 'done')
  const [second = 0] = must(send(world, runs(world.trainId, 6)), 'runsAdded').runIds
  expect(states(world)).toEqual([
    [world.runId, 'onSale'],
    [second, 'onSale'],
  ])
  held(world, world.ann, second, { classCode: '1', passengers: 6 })
  joined(world, world.bob, second)
  const closing = send(world, { type: 'closeChart', runId: second })
  expect(closing.type).toBe('done')
  const sales = { maxPassengers: 6, maxOpenHolds: 0, holdMs: 60_000, extensionMs: 0 }
  const times = { validFromMs: 0, opensBeforeMs: DAY, closesBeforeMs: 0 }
  must(send(world, { type: 'setSalesRule', ...sales, ...times }), 'done')
  expect(states(world)).toEqual([
    [world.runId, 'notOpenYet'],
    [second, 'charted', 'notOpenYet'],
  ])
  world.nowMs += 3 * DAY
  expect(states(world)).toEqual([
    [world.runId, 'departed', 'closed'],
    [second, 'charted', 'notOpenYet'],
  ])
  expect(states(world, { runState: 'charted' })).toEqual([[second, 'charted', 'notOpenYet']])
  const page = states(world, { limit: 1 })
  expect(page).toHaveLength(1)
  expect(states(world, { afterRunId: world.runId })).toHaveLength(1)
})
