import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  DAY,
  HOUR,
  held,
  hold,
  MONDAY,
  must,
  type Railway,
  railway,
  register,
  runs,
  send,
  train,
  waitingLists,
} from '../../test/world.ts'
import type { Command, QuotaPool, WaitingChoice } from '../commands.ts'
import { findAlternatives, findBooking, nextExpiryMs, searchJourneys } from '../index.ts'
import { loadState } from '../load.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** First class has six seats, of which the pool keeps two until the evening before. */
const family: QuotaPool = {
  code: 'family',
  capacity: 2,
  roles: [],
  passengerTypes: [],
  releaseBeforeDepartureMs: 12 * HOUR,
}
const releasedAtMs = MONDAY + 2 * DAY + 6 * HOUR - 12 * HOUR

let world: Railway
let cy: number

beforeEach(() => {
  world = railway()
  must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command), 'done')
  cy = register(world, 'cy@example.org')
  must(send(world, quotas(world.runId, family)), 'done')
})

const quotas = (runId: number, ...pools: QuotaPool[]): Command => ({
  ...{ type: 'setQuotas', runId, trainId: 0, fromDate: 0, classCode: '1', pools },
})
const status = (bookingId: number) => findBooking(world.state, bookingId)?.status
const pool = (bookingId: number) => findBooking(world.state, bookingId)?.pool

function wait(actor: number, choice: Partial<WaitingChoice> = {}, passengers = 1) {
  return send(
    world,
    {
      ...{ type: 'joinWaitingList', runId: world.runId, fromStop: 0, toStop: 4, classCode: '1' },
      ...choice,
      passengers: Array.from({ length: passengers }, () => ({ name: 'W' })),
      deadlineMs: MONDAY + 7 * DAY,
      alternatives: [],
      maxPriceMinor: 1_000_000,
    },
    { actor },
  )
}
const waits = (actor: number, choice: Partial<WaitingChoice> = {}, passengers = 1) =>
  must(wait(actor, choice, passengers), 'waitingListJoined')

function fill(passengers: number, of?: string) {
  const command = { ...hold(world.runId, { passengers, classCode: '1' }), pool: of } as Command
  return must(send(world, command, { actor: world.bob }), 'seatsHeld').bookingId
}
const release = (bookingId: number) =>
  must(send(world, { type: 'releaseHold', bookingId }, { actor: world.bob }), 'done')

describe('waiting for a pool', () => {
  it('a place of the pool goes to who waits for it, though others came first for what is general', () => {
    fill(4)
    const inPool = fill(2, 'family')
    const first = waits(world.ann).bookingId
    const second = waits(cy, { pool: 'family' }).bookingId
    release(inPool)
    expect([status(first), status(second)]).toEqual(['waiting', 'held'])
    expect(pool(second)).toBe('family')
  })

  it('who takes either has what is general where the pool is full, in order', () => {
    const general = fill(4)
    fill(2, 'family')
    const first = waits(cy, { pool: 'family' }, 3).bookingId
    const second = waits(world.ann).bookingId
    release(general)
    expect([status(first), pool(first), status(second)]).toEqual(['held', '', 'held'])
  })

  it('who would take either is not before who came first for what is general', () => {
    const general = fill(4)
    fill(2, 'family')
    const first = waits(world.ann, {}, 4).bookingId
    const second = waits(cy, { pool: 'family' }).bookingId
    release(general)
    expect([status(first), status(second)]).toEqual(['held', 'waiting'])
  })

  it('who wants nothing but the pool waits beside free places, and is not in anybody’s way', () => {
    fill(2, 'family')
    const alone = waits(cy, { pool: 'family', onlyPool: true })
    expect(wait(world.ann, { pool: 'family' })).toMatchObject({ code: 'seatsAvailable' })
    fill(4)
    expect(waits(world.ann)).toMatchObject({ ahead: 0 })
    expect(waits(world.bob, { pool: 'family' })).toMatchObject({ ahead: 2 })
    expect(status(alone.bookingId)).toBe('waiting')
  })

  it('is for whom the pool is, and for a pool that there is', () => {
    fill(4)
    expect(wait(cy, { pool: 'none' })).toMatchObject({ code: 'poolNotFound', field: 'pool' })
    expect(wait(cy, { onlyPool: true })).toMatchObject({ code: 'invalidField', field: 'onlyPool' })
    must(send(world, quotas(world.runId, { ...family, roles: ['staff'] })), 'done')
    expect(wait(cy, { pool: 'family' })).toMatchObject({ code: 'poolNotAllowed', field: 'pool' })
  })

  it('a pool that is opened to the account by its role has a place for it', () => {
    const staffOnly = { ...family, roles: ['staff'] } as const
    fill(4)
    const inPool = fill(2, 'family')
    const { bookingId } = waits(cy, { pool: 'family' })
    must(send(world, quotas(world.runId, staffOnly)), 'done')
    release(inPool)
    expect(status(bookingId)).toBe('waiting')
    must(send(world, { type: 'setRole', accountId: cy, role: 'staff' }), 'done')
    expect([status(bookingId), pool(bookingId)]).toEqual(['held', 'family'])
  })
})

describe('a pool that becomes general', () => {
  it('by time has its places offered in that entry, before anybody else can have them', () => {
    fill(4)
    const { bookingId } = waits(world.ann, {}, 2)
    expect(nextExpiryMs(world.state)).toBeLessThan(releasedAtMs)
    world.nowMs = releasedAtMs - 1
    // Holds that expire are offered as well: the general places are taken again.
    must(send(world, { type: 'tick' }), 'done')
    expect(status(bookingId)).toBe('held')
    send(world, { type: 'releaseHold', bookingId }, { actor: world.ann })
    fill(4)
    const late = waits(world.ann, {}, 2).bookingId
    expect(nextExpiryMs(world.state)).toBe(releasedAtMs)
    world.nowMs = releasedAtMs
    const other = send(world, hold(world.runId, { passengers: 1, classCode: '1' }), { actor: cy })
    expect(other).toMatchObject({ code: 'notEnoughSeats' })
    expect(status(late)).toBe('held')
  })

  it('is what they wanted, too, who wanted nothing else', () => {
    fill(4)
    fill(2, 'family')
    const first = waits(cy, { pool: 'family', onlyPool: true }).bookingId
    const second = waits(world.ann).bookingId
    must(send(world, quotas(world.runId)), 'done')
    expect([status(first), status(second)]).toEqual(['waiting', 'waiting'])
    world.nowMs += HOUR
    must(send(world, { type: 'tick' }), 'done')
    expect([status(first), status(second)]).toEqual(['held', 'held'])
  })
})

describe('a change of many runs', () => {
  let runIds: readonly number[]
  let waiting: number[]

  beforeEach(() => {
    const { trainId } = must(send(world, train('IC 9')), 'trainAdded')
    runIds = must(send(world, runs(trainId, 2, 3, 4, 5, 6)), 'runsAdded').runIds
    const pools = [{ ...family, capacity: 6 }]
    const ofTrain = { runId: 0, trainId, fromDate: 20261123, classCode: '1' }
    must(send(world, { type: 'setQuotas', ...ofTrain, pools }), 'done')
    waiting = runIds.map((runId) => waits(world.ann, { runId }).bookingId)
    must(send(world, { type: 'setQuotas', ...ofTrain, pools: [] }), 'done')
  })
  const promoted = () => waiting.filter((bookingId) => status(bookingId) === 'held').length

  it('is offered by and by, two lists before the command of an entry and two behind it', () => {
    expect(promoted()).toBe(2)
    expect(nextExpiryMs(world.state)).toBe(world.nowMs)
    // Who loads the rows now goes on where this one is.
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toBe(stateHash(world.state))
    must(send(world, { type: 'tick' }), 'done')
    expect(promoted()).toBe(5)
    world.state = loaded
    must(send(world, { type: 'tick' }), 'done')
    expect(promoted()).toBe(5)
  })

  it('is offered to those who wait for a run before somebody else takes a place of it', () => {
    const last = runIds[4] as number
    const all = send(world, hold(last, { passengers: 6, classCode: '1' }), { actor: world.bob })
    expect(all).toMatchObject({ code: 'notEnoughSeats', figure: 5 })
    expect(status(waiting[4] as number)).toBe('held')
  })
})

describe('a run under a draw', () => {
  const seed = 'a'.repeat(32)
  const terms = () => ({
    ...{ runIds: [world.runId], windowFromMs: world.nowMs, windowToMs: world.nowMs + 1_000 },
    ...{ revealByMs: world.nowMs + HOUR, holdMs: HOUR },
    seedCommitment: createHash('sha256').update(seed).digest('hex'),
  })
  const journeys = () =>
    searchJourneys(world.state, {
      ...{ fromStationId: 1, toStationId: 5, passengers: 1, limit: 9, nowMs: world.nowMs },
      ...{ earliestMs: world.nowMs, latestMs: world.nowMs + 9 * DAY },
    })
  const asked = () =>
    findAlternatives(world.state, {
      ...{ runId: world.runId, fromStop: 0, toStop: 4, classCode: '1' },
      ...{ passengerTypes: [''], nowMs: world.nowMs },
    })

  it('nobody is promoted onto it, and what is left goes to those who wait, before it is on sale', () => {
    const general = fill(4)
    const { bookingId } = waits(world.ann)
    must(send(world, { type: 'openDraw', ...terms() }), 'drawOpened')
    release(general)
    expect(status(bookingId)).toBe('waiting')
    world.nowMs += 1_000
    must(send(world, { type: 'revealSeed', drawId: 1, seed }), 'done')
    for (let entry = 0; entry < 3; entry++) must(send(world, { type: 'tick' }), 'done')
    expect(status(bookingId)).toBe('held')
  })

  it('has no seat for who only comes, says until when, and offers no waiting list', () => {
    expect(journeys()[0]).not.toHaveProperty('draw')
    must(send(world, { type: 'openDraw', ...terms() }), 'drawOpened')
    const draw = { drawId: 1, untilMs: world.nowMs + HOUR }
    expect(journeys()).toMatchObject([
      {
        draw,
        classes: [
          { freeSeats: 0, enoughSeats: false },
          { freeSeats: 0, enoughSeats: false },
        ],
      },
    ])
    expect(asked()).toMatchObject({ draw, freeSeats: 0, waitingList: { state: 'inDraw' } })
  })
})

describe('waiting as an alternative', () => {
  const chance = (passengers = 1) =>
    findAlternatives(world.state, {
      ...{ runId: world.runId, fromStop: 0, toStop: 2, classCode: '1' },
      ...{ passengerTypes: Array.from({ length: passengers }, () => ''), nowMs: world.nowMs },
    })?.waitingList
  const closesAtMs = MONDAY + 2 * DAY + 5 * HOUR

  it('says whether one can join, how many are ahead on the same segments, and until when', () => {
    expect(chance()).toMatchObject({ state: 'notNeeded', ahead: 0, closesAtMs })
    fill(4)
    waits(cy, { fromStop: 1, toStop: 3 })
    waits(world.ann, { fromStop: 2, toStop: 4 })
    expect(chance()).toMatchObject({ state: 'open', ahead: 1, closesAtMs })
    expect(chance(5)).toMatchObject({ state: 'full' })
    must(send(world, { type: 'closeChart', runId: world.runId }), 'done')
    expect(chance()).toMatchObject({ state: 'closed', ahead: 0, closesAtMs: world.nowMs })
  })

  it('is none where no rule of waiting lists is in force', () => {
    must(send(world, { ...waitingLists, capBasisPoints: 0 } as Command), 'done')
    expect(chance()).toMatchObject({ state: 'none', ahead: 0, closesAtMs: 0, shareFree: false })
    held(world, world.ann, world.runId)
  })
})
