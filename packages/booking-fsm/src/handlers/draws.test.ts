import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import {
  DAY,
  HOLD,
  HOUR,
  held,
  hold,
  must,
  type Railway,
  railway,
  register,
  runs,
  send,
} from '../../test/world.ts'
import type { OpenDraw } from '../commands.ts'
import { type PublishedEntry, verifyDraw } from '../draws/verify-draw.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { drawEntriesOf, drawNumber, findDraw } from '../queries/draws.ts'
import { nextExpiryMs } from '../queries/seats.ts'
import type { RowChange, Value } from '../rows.ts'
import { rowsOf, stateHash } from '../snapshot.ts'
import type { BookingView } from '../views.ts'

const SEED = '5eed'.repeat(16)
const commitment = createHash('sha256').update(SEED).digest('hex')

function opening(world: Railway): OpenDraw {
  return {
    type: 'openDraw',
    runIds: [world.runId],
    windowFromMs: world.nowMs,
    windowToMs: world.nowMs + 120_000,
    revealByMs: world.nowMs + HOUR,
    holdMs: 2 * HOUR,
    seedCommitment: commitment,
  }
}

function enter(world: Railway, actor: number, passengers = 1, salt = `${actor}`.padStart(16, '0')) {
  const wish = { runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' }
  const names = Array.from({ length: passengers }, (_, i) => ({ name: `P${i}` }))
  const wishes = [wish, { ...wish, classCode: '1' }]
  return send(world, { type: 'enterDraw', drawId: 1, wishes, passengers: names, salt }, { actor })
}

/** Six parties of six: 24 seats of second class, 6 of first. */
function entered(): Railway & { readonly accounts: readonly number[] } {
  const world = railway()
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  must(send(world, opening(world)), 'drawOpened')
  const accounts = Array.from({ length: 7 }, (_, i) => register(world, `p${i}@example.org`))
  for (const account of accounts) must(enter(world, account, 6), 'drawEntered')
  return Object.assign(world, { accounts })
}

/** Ticks until there is nothing to do; gives the results in their order. */
function finish(world: Railway): (PublishedEntry & { bookingId: number; accountId: number })[] {
  const results: (readonly Value[])[] = []
  const note = (changes: readonly RowChange[]) => {
    for (const change of changes) {
      if (change.type === 'upsert' && change.table === 'draw_results') results.push(change.values)
    }
  }
  for (let at = 0; at < 20 && findDraw(world.state, 1)?.status !== 'done'; at++) {
    send(world, { type: 'tick' })
    note(world.changes)
  }
  return results.map(([, number, salt, , rank, accountId, bookingId]) => ({
    number: number as number,
    salt: salt as string,
    rank: rank as number,
    accountId: accountId as number,
    bookingId: bookingId as number,
  }))
}

const reveal = (seed = SEED) => ({ type: 'revealSeed', drawId: 1, seed }) as const

it('seats are held in an order that anybody can check, and then the run is on sale', () => {
  const world = entered()
  world.nowMs += 120_000
  must(send(world, reveal()), 'done')
  expect(nextExpiryMs(world.state)).toBe(world.nowMs)
  const results = finish(world)
  expect(results.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7])
  // Four parties in second class, one in first, as they came; two have nothing.
  expect(results.map(({ bookingId }) => bookingId > 0)).toEqual([
    true,
    true,
    true,
    true,
    true,
    false,
    false,
  ])
  const entries = results.toSorted((a, b) => a.number - b.number)
  expect(entries.map(({ number }) => number)).not.toEqual(results.map(({ number }) => number))
  const published = { seedCommitment: commitment, seed: SEED, entries }
  expect(verifyDraw(published)).toEqual([])
  expect(verifyDraw({ ...published, seed: 'a'.repeat(32) })[0]).toContain('not the one')
  const [first, second, ...rest] = entries
  if (first === undefined || second === undefined) throw new Error('nobody')
  const swapped = [{ ...first, rank: second.rank }, { ...second, rank: first.rank }, ...rest]
  expect(verifyDraw({ ...published, entries: swapped })).toHaveLength(2)
  expect(
    verifyDraw({ ...published, entries: [{ ...first, salt: 'f'.repeat(16) }, second, ...rest] }),
  ).not.toEqual([])
  for (const { bookingId, accountId } of results.slice(0, 5)) {
    const booking = world.state.bookings.get(bookingId)
    expect(booking).toMatchObject({
      accountId,
      status: 'held',
      expiresAtMs: world.nowMs + 2 * HOUR,
    })
  }
  const told = [...world.state.notices.values()].map(({ kind }) => kind)
  expect(told.filter((kind) => kind === 'drawWon')).toHaveLength(5)
  expect(told.filter((kind) => kind === 'drawLost')).toHaveLength(2)
  expect(rowsOf(world.state).some(({ table }) => table === 'draw_entries')).toBe(false)
  world.nowMs += 2 * HOUR
  held(world, world.bob, world.runId)
})

it('a hold that was won in a draw is extended once, like any other', () => {
  const world = entered()
  const rule = { holdMs: HOLD, extensionMs: 60_000, maxOpenHolds: 0, maxPassengers: 6 }
  const sale = { ...rule, validFromMs: 0, opensBeforeMs: 0, closesBeforeMs: 0 }
  must(send(world, { type: 'setSalesRule', ...sale }), 'done')
  world.nowMs += 120_000
  must(send(world, reveal()), 'done')
  const [{ bookingId, accountId } = { bookingId: 0, accountId: 0 }] = finish(world)
  const extend = () => send(world, { type: 'extendHold', bookingId }, { actor: accountId })
  expect(extend()).toEqual({
    type: 'holdExtended',
    expiresAtMs: world.nowMs + 2 * HOUR + 60_000,
  })
  expect(extend()).toMatchObject({ code: 'alreadyExtended' })
})

it('a machine that is loaded in the middle goes on in the same order', () => {
  const world = entered()
  world.nowMs += 120_000
  must(send(world, reveal()), 'done')
  send(world, { type: 'tick' })
  expect(findDraw(world.state, 1)?.status).toBe('holding')
  const loaded = { ...world, state: loadState(rowsOf(world.state)) }
  expect(finish(loaded)).toEqual(finish(world))
  expect(stateHash(loaded.state)).toBe(stateHash(world.state))
})

it('the seats of a run under a draw are not sold otherwise', () => {
  const world = entered()
  const by = { actor: world.bob }
  expect(send(world, hold(world.runId), by)).toMatchObject({ code: 'runInDraw' })
  const leg = { runId: world.runId, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
  const trip = { type: 'holdTrip', legs: [leg], passengers: [{ name: 'P' }] } as const
  expect(send(world, trip, by)).toMatchObject({ code: 'runInDraw', field: 'legs[0]' })
})

it('an account has one entry, in the window only', () => {
  const world = entered()
  const [first = 0] = world.accounts
  const before = rowsOf(world.state)
  expect(enter(world, first)).toMatchObject({ code: 'alreadyEntered', figure: 1 })
  expect(enter(world, 0)).toMatchObject({ code: 'notAllowed' })
  expect(enter(world, world.bob, 1, 'xyz')).toMatchObject({ code: 'invalidField', field: 'salt' })
  expect(rowsOf(world.state).filter(({ table }) => table !== 'meta')).toEqual(
    before.filter(({ table }) => table !== 'meta'),
  )
  expect(drawNumber(world.state, 1, first)).toBe(1)
  world.nowMs += 119_999
  must(enter(world, world.bob), 'drawEntered')
  world.nowMs += 1
  expect(enter(world, world.ann)).toMatchObject({ code: 'drawNotOpen' })
})

it('the seed comes after the window, in time, and is the one that was committed to', () => {
  const world = entered()
  expect(send(world, reveal())).toMatchObject({ code: 'drawNotOpen' })
  world.nowMs += 120_000
  expect(send(world, reveal('a'.repeat(32)))).toMatchObject({ code: 'seedMismatch' })
  expect(send(world, reveal(), { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
  expect(send(world, { ...reveal(), drawId: 2 })).toMatchObject({ code: 'drawNotFound' })
  must(send(world, reveal()), 'done')
  expect(send(world, reveal())).toMatchObject({ code: 'drawNotOpen' })
})

it('a seed that does not come costs nobody the draw: what was committed to takes its place', () => {
  const world = entered()
  world.nowMs += HOUR
  expect(nextExpiryMs(world.state)).toBe(world.nowMs)
  const results = finish(world)
  expect(send(world, reveal())).toMatchObject({ code: 'drawNotOpen' })
  const entries = results.toSorted((a, b) => a.number - b.number)
  expect(entries).toHaveLength(7)
  expect(verifyDraw({ seedCommitment: commitment, seed: '', entries })).toEqual([])
})

it('what was said in an entry stands with the booking, from level 3 on; a fare that requires it refuses the entry', () => {
  const world = railway()
  must(
    send(world, { type: 'setFareProducts', validFromMs: 0, requires: ['document'], products: [] }),
    'done',
  )
  must(send(world, opening(world)), 'drawOpened')
  const wishes = [{ runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' }]
  const to = { type: 'enterDraw', drawId: 1, wishes, salt: '0'.repeat(16) } as const
  const said = { name: 'P', birthDate: 20_000_101, document: 'ID 1', contact: '+1' }
  const bare = { ...to, passengers: [said, { name: 'Q' }] }
  expect(send(world, bare, { actor: world.ann })).toMatchObject({
    code: 'passengerDataRequired',
    field: 'passengers[1].document',
  })
  const old = { ...world, state: loadState(rowsOf(world.state)) }
  old.state.meta.featureLevel = 2
  must(send(old, bare, { actor: world.ann }), 'drawEntered')
  must(send(world, { ...to, passengers: [said] }, { actor: world.ann }), 'drawEntered')
  const loaded = { ...world, state: loadState(rowsOf(world.state)) }
  expect(drawEntriesOf(loaded.state, world.ann)).toMatchObject([{ drawId: 1, passengers: [said] }])
  expect(drawEntriesOf(old.state, world.ann)[0]?.passengers[0]).toEqual({
    name: 'P',
    passengerType: '',
  })
  for (const it of [world, loaded, old]) {
    it.nowMs += 120_000
    must(send(it, reveal()), 'done')
    const [{ bookingId } = { bookingId: 0 }] = finish(it)
    const { passengers } = findBooking(it.state, bookingId) as BookingView
    const { birthDate, document, contact } = said
    const known =
      it === old ? { birthDate: 0, document: '', contact: '' } : { birthDate, document, contact }
    expect(passengers[0]).toMatchObject(known)
    expect(stateHash(loadState(rowsOf(it.state)))).toBe(stateHash(it.state))
  }
})

it('who deletes their account leaves nothing of what was said in a draw', () => {
  const world = railway()
  must(send(world, opening(world)), 'drawOpened')
  const wishes = [{ runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' }]
  const passengers = [{ name: 'P', birthDate: 20_000_101, document: 'ID secret', contact: '+1' }]
  const to = { type: 'enterDraw', drawId: 1, wishes, passengers, salt: '0'.repeat(16) } as const
  must(send(world, to, { actor: world.ann }), 'drawEntered')
  must(send(world, { type: 'deleteAccount', accountId: world.ann }, { actor: world.ann }), 'done')
  expect(JSON.stringify(rowsOf(world.state))).not.toContain('ID secret')
  expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
})

it('a draw that can not be is refused, with what is wrong with it', () => {
  const world = railway()
  const draw = opening(world)
  const answer = (changed: Partial<OpenDraw>, actor = 0) =>
    send(world, { ...draw, ...changed }, { actor })
  expect(answer({}, world.ann)).toMatchObject({ code: 'notAllowed' })
  expect(answer({ runIds: [] })).toMatchObject({ code: 'invalidField', field: 'runIds' })
  expect(answer({ runIds: [1, 1] })).toMatchObject({ field: 'runIds[1]' })
  expect(answer({ windowToMs: draw.windowFromMs })).toMatchObject({ field: 'windowToMs' })
  expect(answer({ revealByMs: draw.windowToMs })).toMatchObject({ field: 'revealByMs' })
  expect(answer({ revealByMs: draw.windowToMs + DAY + 1 })).toMatchObject({ field: 'revealByMs' })
  expect(answer({ holdMs: HOLD / 11 })).toMatchObject({ field: 'holdMs' })
  expect(answer({ runIds: [99] })).toMatchObject({ code: 'runNotFound', field: 'runIds[0]' })
  const [soon = 0] = must(send(world, runs(world.trainId, 0)), 'runsAdded').runIds
  const late = { windowToMs: world.nowMs + 5 * HOUR, revealByMs: world.nowMs + 7 * HOUR }
  expect(answer({ ...late, runIds: [soon] })).toMatchObject({ code: 'runDeparted' })
  must(answer({}), 'drawOpened')
  expect(answer({})).toMatchObject({ code: 'runInDraw', field: 'runIds[0]' })
})

it('the order is that of the revealed seed, by the formula that the page gives to anybody', () => {
  const world = entered()
  world.nowMs += 120_000
  must(send(world, reveal()), 'done')
  const results = finish(world)
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
  const byNumber = [...results].sort((a, b) => a.number - b.number)
  const digest = byNumber.reduce((before, it) => sha256(`${before}:${it.number}:${it.salt}`), '')
  const keyOf = (number: number) => sha256(`${SEED}:${digest}:${number}`)
  const expected = byNumber
    .map(({ number }) => number)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const drawn = [...results].sort((a, b) => a.rank - b.rank).map(({ number }) => number)
  expect(drawn).toEqual(expected)
  expect(drawn).not.toEqual(byNumber.map(({ number }) => number))
})
