import { expect, it } from 'vitest'
import { must, railway, runs, send, stopsAt, train } from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { rowsOf } from '../snapshot.ts'
import { trainTimes } from './train-times.ts'

const all = { afterTrainId: 0, fromDate: 0, limit: 10 }

it('trains are told as they were added, with the days from a date on, in portions', () => {
  const world = railway()
  const stops = stopsAt('B', 'D')
  const { trainId } = must(send(world, train('IC 1', { stops })), 'trainAdded')
  must(send(world, runs(trainId, 3, 1)), 'runsAdded')
  const [first, second] = trainTimes(world.state, all)
  expect(first).toMatchObject({ trainId: world.trainId, number: 'IC 1', imported: false })
  expect(second).toMatchObject({ trainId, stops, runs: [{ serviceDate: 20261124 }, {}] })
  const later = trainTimes(world.state, {
    afterTrainId: world.trainId,
    fromDate: 20261125,
    limit: 1,
  })
  expect(later.map((it) => [it.trainId, it.runs.length])).toEqual([[trainId, 1]])
  expect(trainTimes(loadState(rowsOf(world.state)), all)).toEqual(trainTimes(world.state, all))
})

it('what an import has staged is not there before its commit', () => {
  const world = railway()
  const before = trainTimes(world.state, all)
  const { importId } = must(send(world, { type: 'beginImport', source: 'feed' }), 'importBegun')
  must(send(world, train('X 9', { importId })), 'trainAdded')
  must(send(world, { ...runs(world.trainId, 5), importId } as Command), 'runsAdded')
  expect(trainTimes(world.state, all)).toEqual(before)
  must(send(world, { type: 'commitImport', importId }), 'done')
  const [known, added] = trainTimes(world.state, all)
  expect(known?.runs).toHaveLength(2)
  expect(added).toMatchObject({ number: 'X 9', imported: true, runs: [] })
})
