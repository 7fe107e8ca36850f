import { describe, expect, it } from 'vitest'
import {
  done,
  HOLD,
  held,
  hold,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  register,
  runs,
  send,
  train,
} from '../../test/world.ts'
import type { Command, TrainCalendar } from '../commands.ts'
import { loadState } from '../load.ts'
import { findRun, findTrain, listRuns } from '../queries/runs.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** No day of this week: Monday is the 23rd. */
const calendar: TrainCalendar = {
  weekdays: 0,
  fromDate: 20261123,
  toDate: 20261231,
  timeZone: 'UTC',
}
const set = (trainId: number, changed: Partial<TrainCalendar> = {}): Command => ({
  type: 'setCalendar',
  trainId,
  calendar: { ...calendar, ...changed },
  reason: 'other',
})
/** Of this train there are runs from Monday to Saturday; the first one is tomorrow's of the ids. */
function opened(world: Railway, ...days: number[]) {
  const { trainId } = must(send(world, train('IC 9')), 'trainAdded')
  const { runIds } = must(send(world, runs(trainId, ...days)), 'runsAdded')
  return { trainId, runIds: runIds as [number, number, number, number] }
}
const datesOf = (world: Railway, trainId: number) =>
  listRuns(world.state, { trainId, fromDate: 0, toDate: 99991231, limit: 99 }).map(
    (run) => run.serviceDate,
  )

describe('another calendar of a train', () => {
  it('takes away the days to come that it has not, from its first day on', () => {
    const world = railway()
    const { trainId, runIds } = opened(world, 1, 2, 3, 4)
    const thursday = { addedDates: [20261126], removedDates: [] }
    const from = set(trainId, { fromDate: 20261125, exceptions: thursday })
    expect(send(world, from)).toEqual({
      type: 'calendarSet',
      withdrawn: [runIds[1], runIds[3]],
      kept: [],
    })
    expect(datesOf(world, trainId)).toEqual([20261124, 20261126])
    expect(findTrain(world.state, trainId)?.calendar?.exceptions).toEqual(thursday)
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
    // Their days are free: they may be opened again.
    const again = must(send(world, runs(trainId, 2, 4)), 'runsAdded')
    expect(again).toMatchObject({ skipped: 0 })
    expect(again.runIds.some((runId) => runIds.includes(runId))).toBe(false)
  })

  it('keeps by their ids the runs that somebody holds, has paid for or waits for', () => {
    const world = railway()
    const { trainId, runIds } = opened(world, 1, 2, 3, 4)
    held(world, world.ann, runIds[0])
    must(pay(world, world.ann, held(world, world.ann, runIds[1])), 'paymentStarted')
    done(world, 1)
    const rule = { validFromMs: 0, capBasisPoints: 10_000, chartBeforeDepartureMs: 0 }
    must(send(world, { type: 'setWaitingRule', ...rule, promotedHoldMs: HOLD }), 'done')
    for (let i = 0; i < 4; i++) held(world, world.bob, runIds[2], { passengers: 6 })
    const wanted = { runId: runIds[2], fromStop: 0, toStop: 4, classCode: '2' }
    const join = { deadlineMs: world.nowMs + 2 * HOLD, passengers: [{ name: 'W' }] }
    const waits = { ...wanted, ...join, alternatives: [], shared: false }
    must(
      send(world, { type: 'joinWaitingList', ...waits, maxPriceMinor: 1_000_000 } as Command, {
        actor: world.ann,
      }),
      'waitingListJoined',
    )
    expect(send(world, set(trainId))).toEqual({
      type: 'calendarSet',
      withdrawn: [runIds[3]],
      kept: runIds.slice(0, 3),
    })
    expect(findRun(world.state, runIds[1])?.cancelled).toBe(false)
    expect(send(world, hold(runIds[1]), { actor: world.bob }).type).toBe('seatsHeld')
  })

  it('cancels a run whose bookings have all gone: it is known to who had one', () => {
    const world = railway()
    const { trainId, runIds } = opened(world, 1, 2)
    const { bookingId } = held(world, world.ann, runIds[1])
    must(send(world, { type: 'releaseHold', bookingId }, { actor: world.ann }), 'done')
    const { withdrawn, kept } = must(send(world, set(trainId)), 'calendarSet')
    expect({ withdrawn, kept }).toEqual({ withdrawn: runIds, kept: [] })
    expect(findRun(world.state, runIds[0])).toBeUndefined()
    expect(findRun(world.state, runIds[1])?.cancelled).toBe(true)
    expect(send(world, hold(runIds[1]), { actor: world.bob })).toMatchObject({
      code: 'runCancelled',
    })
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
    // What is cancelled is not cancelled once more.
    expect(must(send(world, set(trainId)), 'calendarSet').withdrawn).toEqual([])
  })

  it('leaves alone what has departed', () => {
    const world = railway()
    const { trainId, runIds } = opened(world, 1, 2)
    world.nowMs = MONDAY + 86_400_000 + 6 * 3_600_000
    expect(must(send(world, set(trainId)), 'calendarSet').withdrawn).toEqual([runIds[1]])
    expect(findRun(world.state, runIds[0])).toBeDefined()
  })

  it('is refused as it is of a new train, and to whom it is not', () => {
    const world = railway()
    const { trainId } = opened(world, 1)
    const staff = register(world, 'staff@example.org', 'staff')
    const wrong: [Command, string][] = [
      [set(0), 'trainId'],
      [set(99), 'trainId'],
      [set(trainId, { weekdays: 128 }), 'calendar.weekdays'],
      [set(trainId, { toDate: 20261122 }), 'calendar.toDate'],
      [{ ...set(trainId), reason: 'none' } as unknown as Command, 'reason'],
      [{ ...set(trainId), calendar: undefined } as unknown as Command, 'calendar'],
    ]
    for (const [command, field] of wrong) {
      expect(send(world, command, { actor: staff })).toMatchObject({ type: 'refused', field })
    }
    expect(send(world, set(trainId), { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
    expect(send(world, set(trainId), { actor: staff }).type).toBe('calendarSet')
  })

  it('takes at most 400 runs away at once, and then none', () => {
    const world = railway()
    const days = (count: number) => Array.from({ length: count }, (_, i) => i)
    const { trainId } = must(send(world, train('IC 9')), 'trainAdded')
    const dates = days(401).map((i) => new Date(MONDAY + (i + 1) * 86_400_000))
    const list = dates.map((it) => ({
      serviceDate: Number(it.toISOString().slice(0, 10).replaceAll('-', '')),
      baseMs: it.getTime(),
    }))
    const add = { type: 'addRuns', importId: undefined, trainId, trainNumber: '' } as const
    must(send(world, { ...add, runs: list }), 'runsAdded')
    const ends = { toDate: 20281231 }
    expect(send(world, set(trainId, ends))).toMatchObject({
      ...{ code: 'tooMany', figure: 400, field: 'calendar.fromDate' },
    })
    expect(findTrain(world.state, trainId)).toMatchObject({ runs: 401, calendar: undefined })
    const later = set(trainId, { ...ends, fromDate: 20261125 })
    expect(must(send(world, later), 'calendarSet').withdrawn).toHaveLength(400)
  })
})
