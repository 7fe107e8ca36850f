import { expect, test } from 'vitest'
import { confirmed, held, must, railway, runs, send } from '../../test/world.ts'
import { loadState } from '../load.ts'
import { rowsOf } from '../snapshot.ts'

test('the bookings of a run, the last one first, whatever became of them and after loading', () => {
  const world = railway()
  const [other = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
  const first = held(world, world.ann, world.runId).bookingId
  const elsewhere = confirmed(world, world.ann, other).bookingId
  const last = confirmed(world, world.bob, world.runId).bookingId
  must(send(world, { type: 'releaseHold', bookingId: first }, { actor: world.ann }), 'done')
  const { bookings } = world.state
  expect([...bookings.idsOnRun(world.runId)]).toEqual([last, first])
  expect([...bookings.idsOnRun(world.runId, last)]).toEqual([first])
  expect([...bookings.idsOnRun(other)]).toEqual([elsewhere])
  expect([...bookings.idsOnRun(99)]).toEqual([])
  const loaded = loadState(rowsOf(world.state)).bookings
  expect([...loaded.idsOnRun(world.runId)]).toEqual([last, first])
})

test('a booking that goes to another run takes its place among those there', () => {
  const world = railway()
  const [other = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
  const ids = [world.runId, other, world.runId, other, world.runId].map(
    (runId) => held(world, world.ann, runId).bookingId,
  )
  const { bookings } = world.state
  const on = (runId: number) => [...bookings.idsOnRun(runId)]
  bookings.moveToRun(3, world.runId, other)
  expect([on(world.runId), on(other)]).toEqual([
    [5, 1],
    [4, 3, 2],
  ])
  bookings.moveToRun(5, world.runId, other)
  expect([on(world.runId), on(other)]).toEqual([[1], [5, 4, 3, 2]])
  bookings.moveToRun(1, world.runId, other)
  expect([on(world.runId), on(other)]).toEqual([[], [5, 4, 3, 2, 1]])
  expect(ids).toEqual([1, 2, 3, 4, 5])
})
