import { describe, expect, it } from 'vitest'
import {
  hold,
  must,
  railway,
  runs,
  send,
  station,
  stations,
  stopsAt,
  train,
  type World,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { info } from '../queries/info.ts'
import { findRun, listTrains } from '../queries/runs.ts'
import { nextExpiryMs } from '../queries/seats.ts'
import { findStation, getStation, searchStations } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const tick: Command = { type: 'tick' }

function begin(world: World): number {
  return must(send(world, { type: 'beginImport', source: 'feed.zip' }), 'importBegun').importId
}

/** A new station, new data of an old one, a train over both and its run. */
function stage(world: World, importId: number): { runId: number; trainId: number } {
  must(send(world, stations([station('N', 'New'), station('A', 'Altered')], importId)), 'done')
  const added = train('X 9', { importId, stops: stopsAt('A', 'N') })
  const { trainId } = must(send(world, added), 'trainAdded')
  const opened = { ...runs(0, 2), importId, trainNumber: 'X 9' } as Command
  const { runIds } = must(send(world, opened), 'runsAdded')
  return { runId: runIds[0] as number, trainId }
}

function seen(world: World, runId: number): unknown[] {
  const { state } = world
  return [
    findStation(state, 'N')?.name,
    searchStations(state, 'new', 9).length,
    findStation(state, 'A')?.name,
    listTrains(state).length,
    findRun(state, runId)?.trainNumber,
  ]
}
const before = [undefined, 0, 'A', 1, undefined]
const after = ['New', 1, 'Altered', 2, 'X 9']

describe('an import', () => {
  it('is invisible before its commit, and all there with it', () => {
    const world = railway()
    const importId = begin(world)
    const { runId } = stage(world, importId)
    expect(seen(world, runId)).toEqual(before)
    const command = hold(runId, { to: 1 })
    expect(send(world, command, { actor: world.ann })).toMatchObject({ code: 'runNotOnSale' })
    must(send(world, { type: 'commitImport', importId }), 'done')
    expect(seen(world, runId)).toEqual(after)
    must(send(world, command, { actor: world.ann }), 'seatsHeld')
  })

  it('is not there for other commands', () => {
    const world = railway()
    const { trainId } = stage(world, begin(world))
    expect(send(world, train('Y', { stops: stopsAt('A', 'N') }))).toMatchObject({
      code: 'stationNotFound',
    })
    expect(send(world, runs(trainId, 3))).toMatchObject({ code: 'trainNotFound' })
    const byNumber = { ...runs(0, 3), trainNumber: 'X 9' } as Command
    expect(send(world, byNumber)).toMatchObject({ code: 'trainNotFound' })
  })

  it('may open runs of a visible train by its id, not by its number', () => {
    const world = railway()
    const importId = begin(world)
    const byId = { ...runs(world.trainId, 3), importId } as Command
    must(send(world, byId), 'runsAdded')
    const byNumber = { ...runs(0, 4), importId, trainNumber: 'IC 1' } as Command
    expect(send(world, byNumber)).toMatchObject({ code: 'trainNotFound', field: 'trainNumber' })
  })

  it('is gone after its abort', () => {
    const world = railway()
    const importId = begin(world)
    const untouched = info(world.state)
    const { runId } = stage(world, importId)
    must(send(world, { type: 'abortImport', importId }), 'done')
    expect(seen(world, runId)).toEqual(before)
    expect(nextExpiryMs(world.state)).toBe(world.nowMs)
    send(world, tick)
    expect(nextExpiryMs(world.state)).toBeUndefined()
    const { stations: count, trains, runs: runCount } = info(world.state)
    expect([count, trains, runCount]).toEqual([
      untouched.stations,
      untouched.trains,
      untouched.runs,
    ])
    expect(rowsOf(world.state).filter(({ table }) => table === 'station_changes')).toEqual([])
  })

  it('is cleaned away in portions of 500 rows, wherever it is continued', () => {
    const world = railway()
    const importId = begin(world)
    for (let i = 0; i < 11; i++) {
      const some = Array.from({ length: 100 }, (_, n) => station(`${i}-${n}`))
      must(send(world, stations(some, importId)), 'done')
    }
    // Changed out of the order of ids, in which a loaded machine will find them.
    must(send(world, stations([station('C', 'Changed')], importId)), 'done')
    stage(world, importId)
    send(world, { type: 'abortImport', importId })
    const other = { ...world, state: loadState(rowsOf(world.state)) }
    for (const left of [610, 110, 5]) {
      for (const it of [world, other]) send(it, tick)
      expect(other.changes).toEqual(world.changes)
      expect(stateHash(other.state)).toBe(stateHash(world.state))
      expect(info(world.state).stations).toBe(left)
    }
    expect(nextExpiryMs(world.state)).toBeUndefined()
  })

  it('that was aborted does not stand in the way of the next one', () => {
    const world = railway()
    const importId = begin(world)
    must(send(world, { ...runs(world.trainId, 3), importId } as Command), 'runsAdded')
    send(world, { type: 'abortImport', importId })
    const again = begin(world)
    const { runId } = stage(world, again)
    const sameDate = { ...runs(world.trainId, 3), importId: again } as Command
    expect(send(world, sameDate)).toMatchObject({ type: 'runsAdded', skipped: 0 })
    must(send(world, { type: 'commitImport', importId: again }), 'done')
    expect(seen(world, runId)).toEqual(after)
  })

  it('that waits to be cleaned away keeps no date of a train', () => {
    const world = railway()
    const importId = begin(world)
    const many = Array.from({ length: 700 }, (_, i) => ({
      serviceDate:
        20_270_101 + Math.floor(i / 336) * 10_000 + (Math.floor(i / 28) % 12) * 100 + (i % 28),
      baseMs: world.nowMs + i,
    }))
    const add = (list: typeof many, under?: number) =>
      send(world, { ...runs(world.trainId, 1), importId: under, runs: list } as Command)
    expect(add(many, importId)).toMatchObject({ skipped: 0 })
    expect(add(many.slice(-1))).toMatchObject({ skipped: 1 })
    send(world, { type: 'abortImport', importId })
    expect(add(many.slice(-1))).toMatchObject({ skipped: 0 })
    expect(add(many.slice(-2))).toMatchObject({ skipped: 1 })
    expect(add(many.slice(-2))).toMatchObject({ skipped: 2 })
    expect(info(world.state).runs).toBe(3)
  })

  it('is the only open one', () => {
    const world = railway()
    const importId = begin(world)
    expect(send(world, { type: 'beginImport', source: 'x' })).toMatchObject({
      code: 'importNotOpen',
      figure: importId,
    })
    expect(info(world.state).openImportId).toBe(importId)
    expect(send(world, { type: 'beginImport', source: '' })).toMatchObject({ field: 'source' })
  })

  it('must exist and be open', () => {
    const world = railway()
    const importId = begin(world)
    const missing = { code: 'importNotFound', field: 'importId' }
    expect(send(world, { type: 'commitImport', importId: 99 })).toMatchObject(missing)
    expect(send(world, { type: 'abortImport', importId: 99 })).toMatchObject(missing)
    expect(send(world, stations([station('N')], 99))).toMatchObject(missing)
    expect(send(world, { type: 'commitImport', importId: 0 })).toMatchObject({
      code: 'invalidField',
      field: 'importId',
    })
    must(send(world, { type: 'commitImport', importId }), 'done')
    const closed = { code: 'importNotOpen' }
    expect(send(world, { type: 'commitImport', importId })).toMatchObject(closed)
    expect(send(world, { type: 'abortImport', importId })).toMatchObject(closed)
    expect(send(world, train('X', { importId }))).toMatchObject(closed)
    expect(send(world, { ...runs(1, 7), importId } as Command)).toMatchObject(closed)
  })

  it('shares its new station with a command that puts it directly, abort or not', () => {
    const world = railway()
    const importId = begin(world)
    stage(world, importId)
    must(send(world, stations([station('N', 'Now')])), 'done')
    const stationId = findStation(world.state, 'N')?.stationId as number
    send(world, { type: 'abortImport', importId })
    send(world, tick)
    expect(getStation(world.state, stationId)?.name).toBe('Now')
  })

  it('still brings its own data of a station that was put directly meanwhile', () => {
    const world = railway()
    const importId = begin(world)
    const { runId } = stage(world, importId)
    must(send(world, stations([station('N', 'Now')])), 'done')
    expect(findStation(world.state, 'N')?.name).toBe('Now')
    must(send(world, { type: 'commitImport', importId }), 'done')
    expect(seen(world, runId)).toEqual(after)
  })

  it('stages no change for a station whose data is the same', () => {
    const world = railway()
    const importId = begin(world)
    const changes = () =>
      rowsOf(world.state).filter(({ table }) => table === 'station_changes').length
    must(send(world, stations([station('A'), station('B', 'Other')], importId)), 'done')
    expect(changes()).toBe(1)
    must(send(world, stations([station('B')], importId)), 'done')
    expect(changes()).toBe(0)
  })
})
