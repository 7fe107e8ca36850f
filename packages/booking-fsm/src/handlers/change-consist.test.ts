import { describe, expect, it } from 'vitest'
import { Watch } from '../../test/invariants/watch.ts'
import {
  confirmed,
  DAY,
  done,
  type Held,
  type HoldOptions,
  held,
  hold,
  join,
  joined,
  must,
  pay,
  type Railway,
  railway,
  register,
  runs,
  send,
  train,
  waitingLists,
} from '../../test/world.ts'
import type { ChangeConsist, Coach, Entry } from '../commands.ts'
import type { JourneyChange } from '../disruption/things.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { previewConsist } from '../queries/consists.ts'
import { dueDisruption, findDisruption } from '../queries/disruptions.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { pendingOutbox } from '../queries/payments.ts'
import { findRun } from '../queries/runs.ts'
import { occupancy } from '../queries/seats.ts'
import { ticketsOf } from '../queries/tickets.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })
const change = (world: Railway, more: Partial<ChangeConsist> = {}): ChangeConsist => ({
  type: 'changeConsist',
  runId: world.runId,
  coaches: [],
  withoutCoaches: [],
  blockedSeats: [],
  reason: 'technicalFailure',
  ...more,
})
const begun = (world: Railway, more: Partial<ChangeConsist> = {}): number =>
  must(send(world, change(world, more)), 'disruptionBegun').disruptionId
const go = (world: Railway, disruptionId: number) =>
  must(send(world, { type: 'continueDisruption', disruptionId }), 'done')
/** Works it off, as far as nobody has to choose. */
function changed(world: Railway, more: Partial<ChangeConsist> = {}): number {
  const disruptionId = begun(world, more)
  while (dueDisruption(world.state, world.nowMs) === disruptionId) go(world, disruptionId)
  return disruptionId
}
/** Paid, and the money is here. */
function sold(world: Railway, options: HoldOptions = {}, actor = world.ann): Held {
  const booking = confirmed(world, actor, world.runId, options)
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return booking
}
const view = (world: Railway, { bookingId }: { bookingId: number }) =>
  findBooking(world.state, bookingId)
const places = (world: Railway, booking: Held) =>
  view(world, booking)?.passengers.map((it) => `${it.coachLabel}/${it.seatLabel}`)
const second = (label: string, more: Partial<Coach> = {}): Coach => ({
  ...{ label, classCode: '2', rows: 3, columns: 'AB-CD' },
  ...more,
})
const first: Coach = { label: '1', classCode: '1', rows: 2, columns: 'A-BC' }

describe('another consist', () => {
  it('leaves everybody where the same seat is, whatever its number is then', () => {
    const world = railway()
    const one = sold(world, { seats: [18] })
    const two = sold(world, { seats: [29, 28] })
    changed(world, { coaches: [second('2'), second('3'), first] })
    expect(places(world, one)).toEqual(['3/1A'])
    expect(places(world, two)).toEqual(['3/3D', '3/3C'])
    expect(view(world, two)?.passengers.map(({ seat }) => seat)).toEqual([23, 22])
    expect(findRun(world.state, world.runId)?.coaches.map(({ label }) => label)).toEqual([
      '2',
      '3',
      '1',
    ])
    const loaded = loadState(rowsOf(world.state))
    expect(findBooking(loaded, two.bookingId)).toEqual(view(world, two))
    const other = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds[0] as number
    expect(findRun(world.state, other)?.coaches.map(({ label }) => label)).toEqual(['1', '2', '3'])
  })

  it('tells who sits in another coach under the same number', () => {
    const world = railway()
    const booking = sold(world, { seats: [6, 7] })
    changed(world, { withoutCoaches: ['2'] })
    expect(view(world, booking)?.passengers.map(({ seat }) => seat)).toEqual([6, 7])
    expect(places(world, booking)).toEqual(['3/1A', '3/1B'])
    expect(view(world, booking)?.changes).toMatchObject([{ kind: 'seatsChanged' }])
  })

  it('keeps a group together, and makes a single passenger give way', () => {
    const world = railway()
    const single = sold(world, { seats: [6] })
    const group = sold(world, { seats: [18, 19, 20, 21] }, world.bob)
    changed(world, { coaches: [first, second('2', { rows: 1 }), second('4', { rows: 1 })] })
    const coaches = view(world, group)?.passengers.map(({ coachLabel }) => coachLabel)
    expect(coaches).toEqual(['4', '4', '4', '4'])
    expect(places(world, single)).toEqual(['2/1A'])
    // With one row only, it is theirs.
    changed(world, { withoutCoaches: ['4'] })
    expect(places(world, group)).toEqual(['2/1A', '2/1B', '2/1C', '2/1D'])
    expect(view(world, single)?.classCode).toBe('1')
  })

  it('gives a wheelchair place before anything else, with a companion beside it', () => {
    const world = railway()
    const rules = [
      { firstRow: 1, lastRow: 1, letters: 'A', properties: ['wheelchair'] as const },
      { firstRow: 1, lastRow: 1, letters: 'B', properties: ['companion'] as const },
    ]
    const seating = { bayRows: 0, rules }
    const coaches = [first, second('2', { seating }), second('3')]
    const { trainId } = must(send(world, train('IC 9', { coaches })), 'trainAdded')
    const [runId = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    Object.assign(world, { runId })
    const asking = { ...hold(runId, { passengers: 2 }) } as ReturnType<typeof hold>
    const preferences = { required: [], wished: [], apart: false, wheelchairPlaces: 1 }
    const booking = must(
      send(world, Object.assign(asking, { preferences }), { actor: world.ann }),
      'seatsHeld',
    )
    must(pay(world, world.ann, booking), 'paymentStarted')
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(places(world, booking)).toEqual(['2/1A', '2/1B'])
    const group = sold(world, { passengers: 6 }, world.bob)
    changed(world, { coaches: [second('7'), second('8', { seating })] })
    expect(places(world, booking)).toEqual(['8/1A', '8/1B'])
    expect(new Set(view(world, group)?.passengers.map((it) => it.coachLabel))).toEqual(
      new Set(['7']),
    )
    // Without such a place nobody is put on a seat: they choose.
    changed(world, { withoutCoaches: ['8'] })
    expect(view(world, booking)?.status).toBe('disrupted')
    expect(view(world, booking)?.disruption?.mayTakeRefund).toBe(true)
  })

  it('says what was lost, voids the ticket of who was moved, and only that', () => {
    const world = railway()
    const moved = sold(world, { seats: [18] })
    const stays = sold(world, { seats: [6] }, world.bob)
    for (const [booking, actor] of [
      [moved, world.ann],
      [stays, world.bob],
    ] as const) {
      const { bookingId } = booking
      must(
        send(world, { type: 'issueTickets', bookingId, passengers: [] }, { actor }),
        'ticketsIssued',
      )
    }
    const disruptionId = changed(world, { withoutCoaches: ['3'] })
    expect(view(world, moved)?.changes).toMatchObject([
      {
        kind: 'seatsChanged',
        reason: 'technicalFailure',
        places: [{ coachLabel: '3', seatLabel: '1A' }],
        lost: [[]],
        backMinor: 0,
      },
    ])
    const voided = (it: Held) => ticketsOf(world.state, it.bookingId).map((of) => of.voidedAtMs > 0)
    expect(voided(moved)).toEqual([true])
    expect(voided(stays)).toEqual([false])
    expect(view(world, stays)?.changes).toEqual([])
    expect(findDisruption(world.state, disruptionId)).toMatchObject({ moved: 1, bookings: 0 })
  })

  it('pays the difference to a cheaper class, once', () => {
    const world = railway()
    const booking = sold(world, { classCode: '1', from: 0, to: 2 })
    changed(world, { withoutCoaches: ['1'] })
    // 20.00 + 0.20 × 200 km, and 10.00 + 0.10 × 200 km.
    expect(view(world, booking)).toMatchObject({
      classCode: '2',
      passengers: [{ compensationMinor: 3_000 }],
    })
    expect(pendingOutbox(world.state, 9)).toMatchObject([{ kind: 'refund', amountMinor: 3_000 }])
    changed(world, { coaches: [first] })
    changed(world, { coaches: [second('2')] })
    expect(view(world, booking)).toMatchObject({
      classCode: '2',
      passengers: [{ compensationMinor: 3_000 }],
    })
    expect(ledgerReport(world.state, 0, 9).orphans).toEqual([])
  })

  it('pays the difference once, whichever train it is rebooked to after that', () => {
    const world = railway()
    const tick = { index: 0, timestampMs: 0, actor: 0, key: undefined, command: { type: 'tick' } }
    const look = () =>
      new Watch(world.state)
        .problems(world.state, tick as Entry, { type: 'done' }, [])
        .filter((it) => it.startsWith('C'))
    const booking = sold(world, { classCode: '1', from: 0, to: 2 })
    changed(world, { withoutCoaches: ['1'] })
    const [other = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
    must(
      send(world, { type: 'cancelRun', runId: world.runId, reason: 'strike' }),
      'disruptionBegun',
    )
    go(world, 2)
    const { bookingId } = booking
    const rebooked = { type: 'rebookFree', bookingId, runId: other, seats: [] } as const
    must(send(world, { ...rebooked, fromStop: 0, toStop: 2 }, { actor: world.ann }), 'rebooked')
    expect(look()).toEqual([])
    Object.assign(world, { runId: other })
    changed(world, { coaches: [first] })
    changed(world, { coaches: [second('2')] })
    expect(view(world, booking)).toMatchObject({
      ...{ classCode: '2', passengers: [{ compensationMinor: 3_000 }] },
      changes: [{ kind: 'seatsChanged' }, { kind: 'trainCancelled' }, { kind: 'rebooked' }, {}, {}],
    })
    expect(look()).toEqual([])
    // The first of these changes, which the invariant used to leave alone once there was a rebooking.
    const all = world.state.disruption.changes.get(bookingId) ?? []
    for (const backs of [[2_999], [3_001], [0]]) {
      world.state.disruption.changes.set(bookingId, [
        { ...(all[0] as JourneyChange), backs },
        ...all.slice(1),
      ])
      expect(look()).toHaveLength(1)
    }
    const free = { ...(all[2] as JourneyChange), backs: [1] }
    world.state.disruption.changes.set(bookingId, all.with(2, free))
    expect(look()).toEqual([`C3: ${bookingId} has 1 back of being rebooked`])
  })

  it('gives who finds no place the choice of a cancelled run; what is only held goes', () => {
    const world = railway()
    const paid = [sold(world, { passengers: 6 }), sold(world, { passengers: 6 })]
    const waits = held(world, world.bob, world.runId)
    const tiny = [second('9', { rows: 2, columns: 'ABC' })]
    const preview = previewConsist(world.state, change(world, { coaches: tiny }))
    expect(preview).toMatchObject({
      moved: [{ bookingId: 1 }],
      lost: [{ bookingId: 2 }],
      released: [{ bookingId: 3 }],
    })
    const disruptionId = changed(world, { coaches: tiny })
    expect([...paid, waits].map((it) => view(world, it)?.status)).toEqual([
      'confirmed',
      'disrupted',
      'released',
    ])
    expect(findDisruption(world.state, disruptionId)).toMatchObject({ bookings: 1, open: 1 })
    const bookingId = paid[1]?.bookingId ?? 0
    const refund = send(world, { type: 'takeRefund', bookingId }, { actor: world.ann })
    expect(refund).toMatchObject({ refundMinor: paid[1]?.priceMinor })
  })

  it('is off sale until all move at once; a late payment of before is voided', () => {
    const world = railway()
    const late = held(world, world.bob, world.runId, { seats: [17] })
    must(pay(world, world.bob, late), 'paymentStarted')
    world.nowMs += DAY / 24
    const booking = sold(world, { seats: [18] })
    const waiting = join(world.runId)
    must(send(world, waitingLists), 'done')
    const disruptionId = begun(world, { withoutCoaches: ['3'] })
    expect(send(world, hold(world.runId), { actor: world.bob })).toEqual(
      refusedWith('consistChanging'),
    )
    expect(send(world, waiting, { actor: world.bob })).toEqual(refusedWith('consistChanging'))
    const cancelling = { type: 'cancelRun', runId: world.runId, reason: 'strike' } as const
    expect(send(world, cancelling)).toEqual(refusedWith('consistChanging'))
    expect(send(world, change(world, { withoutCoaches: ['2'] }))).toEqual(
      refusedWith('consistChanging'),
    )
    const block = { runId: world.runId, trainId: 0, fromDate: 0, toDate: 0, seats: [7] }
    expect(send(world, { type: 'blockSeats', ...block, reason: 'other' })).toEqual(
      refusedWith('consistChanging', { figure: world.runId }),
    )
    const phases: string[] = []
    let phase = 'listing'
    while (phase !== 'telling') {
      expect(places(world, booking)).toEqual(['3/1A'])
      phases.push(phase)
      // A new leader has the rows only, and finds the same seats.
      world.state = loadState(rowsOf(world.state))
      go(world, disruptionId)
      phase = findDisruption(world.state, disruptionId)?.phase ?? ''
    }
    expect(phases).toEqual(['listing', 'seating', 'seating'])
    expect(places(world, booking)?.[0]?.startsWith('2/')).toBe(true)
    must(send(world, hold(world.runId), { actor: world.bob }), 'seatsHeld')
    must(done(world, world.state.meta.nextOutboxId - 3), 'done')
    expect(view(world, late)?.status).toBe('expired')
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toBe(stateHash(world.state))
  })

  it('takes seats off sale under those who have them', () => {
    const world = railway()
    const booking = sold(world, { seats: [18] })
    const onTrain = { runId: 0, trainId: world.trainId, fromDate: 20261123, toDate: 20261130 }
    must(
      send(world, { type: 'blockSeats', ...onTrain, seats: [19], reason: 'other' }),
      'seatsBlocked',
    )
    expect(send(world, change(world, { blockedSeats: [19] }))).toEqual(
      refusedWith('seatBlocked', { seats: [19] }),
    )
    changed(world, { blockedSeats: [18] })
    expect(places(world, booking)).not.toEqual(['3/1A'])
    expect(occupancy(world.state, world.runId)?.segments[0]).toMatchObject({ blocked: 2, sold: 1 })
    // What is off sale goes along to the place of the same name.
    changed(world, { withoutCoaches: ['2'] })
    expect(occupancy(world.state, world.runId)?.segments[0]).toMatchObject({ blocked: 2, sold: 1 })
    expect([...world.state.blocks.values()].map(({ runId, seats }) => [runId, seats])).toEqual([
      [0, [19]],
      [world.runId, [7]],
      [world.runId, [6]],
    ])
  })

  it('promotes from the waiting list when there are more seats', () => {
    const world = railway()
    must(send(world, waitingLists), 'done')
    sold(world, { classCode: '1', passengers: 6 })
    const waits = joined(world, world.bob, world.runId)
    changed(world, { coaches: [{ ...first, rows: 3 }, second('2'), second('3')] })
    expect(view(world, waits)?.status).toBe('held')
  })

  it('has no room for larger pools, loaded from its rows or not', () => {
    const world = railway()
    changed(world, { withoutCoaches: ['3'] })
    const pools = [
      { code: 'staff', capacity: 20, roles: [], passengerTypes: [], releaseBeforeDepartureMs: 0 },
    ]
    const quota = { runId: 0, trainId: world.trainId, fromDate: 20261101, classCode: '2', pools }
    const answers = [world.state, loadState(rowsOf(world.state))].map((state) =>
      send({ ...world, state }, { type: 'setQuotas', ...quota }),
    )
    const full = refusedWith('quotaInUse', { figure: world.runId })
    expect(answers).toEqual([full, full])
  })

  it('gives up pools for which there is no room left', () => {
    const world = railway()
    const pools = [
      { code: 'staff', capacity: 20, roles: [], passengerTypes: [], releaseBeforeDepartureMs: 0 },
    ]
    const quota = { runId: 0, trainId: world.trainId, fromDate: 20261101, classCode: '2', pools }
    must(send(world, { type: 'setQuotas', ...quota }), 'done')
    sold(world, { passengers: 4 })
    changed(world, { withoutCoaches: ['3'] })
    expect(send(world, hold(world.runId, { passengers: 6 }), { actor: world.bob })).toMatchObject({
      type: 'seatsHeld',
    })
  })
})

describe('refusals of a change of consist', () => {
  it('keeps away from draws, and they from it', () => {
    const world = railway()
    const other = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds[0] as number
    const draw = (runId: number) =>
      send(world, {
        type: 'openDraw',
        runIds: [runId],
        windowFromMs: world.nowMs,
        windowToMs: world.nowMs + 1_000,
        revealByMs: world.nowMs + 2_000,
        holdMs: 60_000,
        seedCommitment: 'a'.repeat(64),
      })
    must(draw(world.runId), 'drawOpened')
    expect(send(world, change(world, { blockedSeats: [1] }))).toEqual(refusedWith('runInDraw'))
    must(send(world, change(world, { runId: other, blockedSeats: [1] })), 'disruptionBegun')
    expect(draw(other)).toEqual(refusedWith('consistChanging', { field: 'runIds[0]' }))
  })

  it('says what can not be', () => {
    const world = railway()
    const answer = (more: Partial<ChangeConsist>) => send(world, change(world, more))
    expect(answer({})).toEqual(refusedWith('invalidField', { field: 'coaches' }))
    expect(answer({ withoutCoaches: ['7'] })).toEqual(
      refusedWith('coachNotFound', { field: 'withoutCoaches[0]' }),
    )
    expect(answer({ withoutCoaches: ['1', '2', '3'] })).toEqual(
      refusedWith('invalidField', { field: 'withoutCoaches' }),
    )
    expect(answer({ withoutCoaches: ['2', '2'] })).toEqual(
      refusedWith('invalidField', { field: 'withoutCoaches[1]' }),
    )
    expect(answer({ withoutCoaches: ['3'], blockedSeats: [18] })).toEqual(
      refusedWith('seatNotFound', { field: 'blockedSeats[0]' }),
    )
    expect(answer({ runId: 99, blockedSeats: [1] })).toEqual(refusedWith('runNotFound'))
    expect(send(world, change(world, { blockedSeats: [1] }), { actor: world.ann })).toEqual(
      refusedWith('notAllowed'),
    )
    const staff = register(world, 'staff@example.org', 'staff')
    world.nowMs += 3 * DAY
    expect(send(world, change(world, { blockedSeats: [1] }), { actor: staff })).toEqual(
      refusedWith('runDeparted'),
    )
  })
})

describe('groups', () => {
  /** Whether any seats of one coach would hold them all, by trying. */
  const fits = (coaches: readonly Coach[], party: number) =>
    coaches.some(
      ({ classCode, rows, columns }) =>
        classCode === '2' && rows * columns.replaceAll('-', '').length >= party,
    )

  it('the largest is kept in one coach wherever one holds it', () => {
    for (let shape = 0; shape < 36; shape++) {
      const world = railway()
      for (const seats of [[6], [18], [11], [29]]) sold(world, { seats })
      const party = 2 + (shape % 5)
      const group = sold(world, { passengers: party }, world.bob)
      const rows = [1 + (shape % 2), 1 + (shape % 3)]
      const coaches = [
        first,
        second('7', { rows: rows[0] ?? 1, columns: shape % 4 === 0 ? 'A-B' : 'AB-CD' }),
        second('8', { rows: rows[1] ?? 1, columns: 'A-BC' }),
      ]
      changed(world, { coaches })
      const { classCode, passengers = [] } = view(world, group) ?? {}
      const labels = new Set(passengers.map(({ coachLabel }) => coachLabel))
      if (fits(coaches, party)) expect([classCode, labels.size], `shape ${shape}`).toEqual(['2', 1])
    }
  })

  it('a run with more bookings than can move at once stays as it is', () => {
    const world = railway()
    const coaches = Array.from({ length: 10 }, (_, i) => second(String(i), { rows: 25 }))
    const { trainId } = must(send(world, train('Long', { coaches })), 'trainAdded')
    const [runId = 0] = must(send(world, runs(trainId, 2)), 'runsAdded').runIds
    for (let i = 0; i < 801; i++) held(world, world.ann, runId, { seats: [i] })
    Object.assign(world, { runId })
    const disruptionId = changed(world, { withoutCoaches: ['3'] })
    expect(findDisruption(world.state, disruptionId)).toMatchObject({
      phase: 'abandoned',
      moved: 0,
    })
    expect(findRun(world.state, runId)?.coaches.length).toBe(10)
    must(send(world, hold(runId), { actor: world.bob }), 'seatsHeld')
    expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
  })
})
