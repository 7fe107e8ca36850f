import { describe, expect, it } from 'vitest'
import { onRecord, viewsOfArchive } from '../../test/archive.ts'
import {
  confirmed,
  DAY,
  done,
  HOUR,
  held,
  hold,
  key,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  register,
  runs,
  send,
} from '../../test/world.ts'
import type { Command } from '../commands.ts'
import { loadState } from '../load.ts'
import { findArchived, nextToArchive } from '../queries/archive.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerReport } from '../queries/ledger.ts'
import { ledgerTotals, pendingOutbox } from '../queries/payments.ts'
import { findRun } from '../queries/runs.ts'
import { ticketsOf } from '../queries/tickets.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** The run arrives on Wednesday at 09:50; thirty days later it may go. */
const LONG_OVER = MONDAY + 2 * DAY + 9 * HOUR + 50 * 60_000 + 30 * DAY

const last = ({ state }: Railway) => state.meta.nextOutboxId - 1
const archive = (world: Railway, runId = world.runId, belowBookingId = 0) =>
  send(world, { type: 'archiveRun', runId, belowBookingId })
const gone = { type: 'runArchived', left: 0, belowBookingId: 0, gone: true }
const refusedWith = (code: string, more = {}) =>
  expect.objectContaining({ type: 'refused', code, ...more })

/** 2 × 50.00, captured, and the run long over. */
function over(passengers = 2): { world: Railway; bookingId: number; staff: number; other: number } {
  const world = railway()
  const staff = register(world, 'st@example.org', 'staff')
  const other = register(world, 'op@example.org', 'operator')
  const { bookingId } = confirmed(world, world.ann, world.runId, { passengers })
  must(done(world, last(world)), 'done')
  world.nowMs = LONG_OVER
  return { world, bookingId, staff, other }
}

const override = (bookingId: number, amountMinor: number, ...passengers: number[]): Command => ({
  ...{ type: 'overrideRefund', bookingId, passengers, amountMinor },
  ...{ reason: 'medical', note: 'A broken leg.' },
})

/** What is loaded from the rows is the same, and goes on the same. */
function loadedAlike(world: Railway): void {
  const loaded = loadState(rowsOf(world.state))
  expect(stateHash(loaded)).toBe(stateHash(world.state))
  expect(rowsOf(loaded)).toEqual(rowsOf(world.state))
}

describe('archiving a run', () => {
  it('is the cluster’s, for a run that is there and arrived thirty days ago', () => {
    const { world } = over()
    const command = { type: 'archiveRun', runId: world.runId, belowBookingId: 0 } as const
    expect(send(world, command, { actor: world.ann })).toEqual(refusedWith('notAllowed'))
    expect(archive(world, 99)).toEqual(refusedWith('runNotFound'))
    expect(archive(world, 0)).toEqual(refusedWith('invalidField', { field: 'runId' }))
    expect(archive(world, 1, -1)).toEqual(refusedWith('invalidField', { field: 'belowBookingId' }))
    const [next = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
    expect(archive(world, next)).toEqual(refusedWith('nothingDue'))
    expect(nextToArchive(world.state, 0)).toBe(world.runId)
    expect(nextToArchive(world.state, world.runId)).toBeUndefined()
  })

  it('takes run and bookings out of memory, and their rows stay, as they were', () => {
    const { world, bookingId } = over()
    must(send(world, { type: 'issueTickets', bookingId, passengers: [] }), 'refused')
    const before = findBooking(world.state, bookingId)
    const rows = rowsOf(world.state)
    const record = onRecord(world, () => expect(archive(world)).toEqual(gone))
    expect(findBooking(world.state, bookingId)).toBeUndefined()
    expect(findRun(world.state, world.runId)).toBeUndefined()
    expect(findArchived(world.state, bookingId)).toEqual({
      ...{ bookingId, pnr: before?.pnr, familyId: bookingId, accountId: world.ann },
      ...{ keptMinor: [5_000, 5_000], owedMinor: 0 },
    })
    expect(viewsOfArchive(rows, record, [bookingId])).toEqual([before])
    loadedAlike(world)
  })

  it('keeps names apart, so that they can be erased when the account is deleted', () => {
    const { world, bookingId } = over(1)
    const record = onRecord(world, () => archive(world))
    expect(record.get('archived_names')?.get(`[${bookingId}]`)).toContain('["Passenger 1"]')
    const bookings = [...(record.get('archived_bookings')?.values() ?? [])]
    expect(JSON.stringify(bookings)).not.toContain('Passenger 1')
    must(send(world, { type: 'deleteAccount', accountId: world.ann }), 'done')
    must(send(world, { type: 'tick' }), 'done')
    expect(world.changes).toContainEqual({
      ...{ type: 'delete', table: 'archived_names', key: [bookingId] },
    })
    loadedAlike(world)
  })

  it('goes on in portions, from where the last one ended', () => {
    const world = railway()
    const ids = Array.from({ length: 205 }, () => {
      const { bookingId } = held(world, world.ann, world.runId)
      must(send(world, { type: 'releaseHold', bookingId }, { actor: world.ann }), 'done')
      return bookingId
    })
    world.nowMs = LONG_OVER
    const first = must(archive(world), 'runArchived')
    expect(first).toEqual({ ...gone, belowBookingId: ids[105], gone: false })
    // A new leader knows nothing of it, and goes through the rest from its end.
    expect(archive(world)).toMatchObject({ belowBookingId: ids[5], gone: false })
    expect(archive(world)).toEqual(gone)
    expect(ids.every((id) => findArchived(world.state, id) !== undefined)).toBe(true)
    loadedAlike(world)
  })

  it('waits for money that is on its way, or owed', () => {
    const { world, bookingId, staff } = over()
    must(send(world, override(bookingId, 3_000, 0), { actor: staff }), 'refundOverridden')
    const waits = { type: 'runArchived', left: 1, belowBookingId: 0, gone: false }
    expect(archive(world)).toEqual(waits)
    must(refused(world, last(world)), 'done')
    expect(archive(world)).toEqual(waits)
    must(send(world, { type: 'payRefund', bookingId }, { actor: staff }), 'refundQueued')
    must(done(world, last(world)), 'done')
    expect(archive(world)).toEqual(gone)
    expect(findArchived(world.state, bookingId)?.keptMinor).toEqual([2_000, 5_000])
  })

  it('waits for an override that waits, and for a payment without an answer', () => {
    const { world, bookingId, staff, other } = over(4)
    must(send(world, override(bookingId, 11_000, 0, 1, 2), { actor: staff }), 'refundOverridden')
    expect(archive(world)).toMatchObject({ left: 1, gone: false })
    const decline = { type: 'decideOverride', overrideId: 1, approve: false } as const
    must(send(world, decline, { actor: other }), 'refundOverridden')
    expect(archive(world)).toEqual(gone)
    const slow = railway()
    must(pay(slow, slow.ann, held(slow, slow.ann, slow.runId)), 'paymentStarted')
    slow.nowMs = LONG_OVER
    expect(archive(slow)).toMatchObject({ left: 1, gone: false })
    must(done(slow, 1), 'done')
    must(done(slow, 2), 'done')
    expect(archive(slow)).toEqual(gone)
  })

  it('waits for the last train of a trip, which goes as a whole', () => {
    const world = railway()
    const [later = 0] = must(send(world, runs(world.trainId, 4)), 'runsAdded').runIds
    const leg = { fromStop: 0, toStop: 4, classCode: '2', seats: [] }
    const trip = {
      type: 'holdTrip',
      legs: [world.runId, later].map((runId) => ({ ...leg, runId })),
      passengers: [{ name: 'Ann' }],
    } as const
    const requestKey = key('trip', { principal: `a:${world.ann}` })
    const by = { actor: world.ann, key: requestKey }
    const { legs } = must(send(world, trip, by), 'tripHeld')
    const ids = legs.map(({ bookingId }) => bookingId)
    world.nowMs = LONG_OVER
    expect(archive(world)).toMatchObject({ left: 1, gone: false })
    world.nowMs += 2 * DAY
    const before = ids.map((id) => findBooking(world.state, id))
    const rows = rowsOf(world.state)
    const record = onRecord(world, () => expect(archive(world)).toEqual(gone))
    expect(ids.map((id) => findArchived(world.state, id)?.familyId)).toEqual([ids[0], ids[0]])
    expect(archive(world, later)).toEqual(gone)
    expect(viewsOfArchive(rows, record, ids)).toEqual(before)
    expect(send(world, trip, by)).toEqual(refusedWith('requestArchived', { figure: ids[0] }))
    loadedAlike(world)
  })
})

describe('what is archived', () => {
  it('answers the requests that it came about by, for ever: that it is there, and which', () => {
    const world = railway()
    const named = { actor: world.ann, key: key('hold', { principal: `a:${world.ann}` }) }
    const { bookingId, priceMinor } = must(send(world, hold(world.runId), named), 'seatsHeld')
    const payment: Command = {
      ...{ type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor: priceMinor },
    }
    const paid = { actor: world.ann, key: key('pay', { principal: `a:${world.ann}` }) }
    must(send(world, payment, paid), 'paymentStarted')
    must(done(world, 1), 'done')
    must(done(world, 2), 'done')
    world.nowMs = LONG_OVER
    archive(world)
    world.state = loadState(rowsOf(world.state))
    const answer = refusedWith('requestArchived', { figure: bookingId })
    expect(send(world, hold(world.runId), named)).toEqual(answer)
    expect(send(world, payment, paid)).toEqual(answer)
    const other = { ...named, key: { ...named.key, contentHash: 'def' } }
    expect(send(world, hold(world.runId), other)).toEqual(answer)
    const resolve = { type: 'resolveRequest', key: named.key } as const
    expect(send(world, resolve, { actor: world.ann })).toEqual(answer)
  })

  it('is known to its owner and to staff as archived, and to nobody else', () => {
    const { world, bookingId, staff } = over()
    archive(world)
    const asked: Command[] = [
      { type: 'cancelBooking', bookingId, expectedRefundMinor: 0 },
      { type: 'offerRefund', bookingId, passengers: [] },
      { type: 'acceptRefund', bookingId, offerId: 1, payLater: false },
      { type: 'releaseHold', bookingId },
      { type: 'extendHold', bookingId },
      { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor: 10_000 },
      { type: 'confirmBooking', bookingId },
      { type: 'leaveWaitingList', bookingId },
      { type: 'takeRefund', bookingId },
      { type: 'issueTickets', bookingId, passengers: [] },
    ]
    for (const command of asked) {
      expect(send(world, command, { actor: world.ann })).toEqual(refusedWith('bookingArchived'))
      expect(send(world, command, { actor: world.bob })).toEqual(refusedWith('bookingNotFound'))
    }
    const tickets: Command = { type: 'issueTickets', bookingId, passengers: [] }
    expect(send(world, tickets, { actor: staff })).toEqual(refusedWith('bookingArchived'))
    const owed: Command = { type: 'payRefund', bookingId }
    expect(send(world, owed, { actor: world.ann })).toEqual(refusedWith('nothingOwed'))
    expect(send(world, owed, { actor: world.bob })).toEqual(refusedWith('bookingNotFound'))
  })

  it('is told from a ticket that there never was', () => {
    const { world, bookingId, staff } = over()
    world.nowMs = MONDAY + 3 * HOUR
    const [later = 0] = must(send(world, runs(world.trainId, 7)), 'runsAdded').runIds
    must(send(world, { type: 'issueTickets', bookingId, passengers: [] }), 'ticketsIssued')
    const [ticket] = ticketsOf(world.state, bookingId)
    world.nowMs = LONG_OVER
    archive(world)
    const scan: Command = {
      ...{ type: 'inspectTicket', ticketNumber: ticket?.ticketNumber ?? '', runId: later },
      ...{ stop: 0, atMs: world.nowMs, deviceId: 'd', scanId: 's' },
    }
    expect(send(world, scan, { actor: staff })).toEqual(refusedWith('bookingArchived'))
  })

  it('can still be complained about: an override pays back what is kept, and never more', () => {
    const { world, bookingId, staff, other } = over(4)
    archive(world)
    const by = { actor: staff }
    expect(send(world, override(bookingId, 1, 4), by)).toEqual(
      refusedWith('invalidField', { field: 'passengers[0]' }),
    )
    expect(send(world, override(bookingId, 5_001, 0), by)).toEqual(
      refusedWith('refundTooHigh', { figure: 5_000 }),
    )
    must(send(world, override(bookingId, 7_000, 0, 1), by), 'refundOverridden')
    expect(pendingOutbox(world.state, 9)).toMatchObject([
      { kind: 'refund', amountMinor: 7_000, bookingId, providerReference: 'ref-1' },
    ])
    loadedAlike(world)
    world.state = loadState(rowsOf(world.state))
    must(done(world, last(world)), 'done')
    // Small ones add up, as before it was archived.
    const more = must(send(world, override(bookingId, 4_000, 1, 2), by), 'refundOverridden')
    expect(more.waits).toBe(true)
    const approve = { type: 'decideOverride', overrideId: more.overrideId, approve: true } as const
    expect(send(world, approve, by)).toEqual(refusedWith('secondPersonNeeded'))
    must(send(world, approve, { actor: other }), 'refundOverridden')
    must(done(world, last(world)), 'done')
    expect(findArchived(world.state, bookingId)?.keptMinor).toEqual([0, 0, 4_000, 5_000])
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 9_000, refundsPayable: 0 })
    expect(ledgerReport(world.state, 0, 100).orphans).toEqual([])
    loadedAlike(world)
  })

  it('has nothing to pay back when it was never paid, or paid in cash', () => {
    const world = railway()
    const staff = register(world, 'st@example.org', 'staff')
    const { bookingId } = held(world, world.ann, world.runId)
    world.nowMs = LONG_OVER
    archive(world)
    const asked = send(world, override(bookingId, 1, 0), { actor: staff })
    expect(asked).toEqual(refusedWith('bookingArchived'))
  })

  it('owes what the provider refused, until it is paid', () => {
    const { world, bookingId, staff } = over()
    archive(world)
    must(send(world, override(bookingId, 3_000, 0), { actor: staff }), 'refundOverridden')
    must(refused(world, last(world)), 'done')
    expect(findArchived(world.state, bookingId)?.owedMinor).toBe(3_000)
    const again: Command = { type: 'payRefund', bookingId }
    expect(send(world, again, { actor: world.ann })).toEqual({
      ...{ type: 'refundQueued', refundMinor: 3_000 },
    })
    expect(send(world, again, { actor: world.ann })).toEqual(refusedWith('nothingOwed'))
    must(done(world, last(world)), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({ providerClearing: 7_000, refundsPayable: 0 })
    loadedAlike(world)
  })

  it('holds the deletion of its account up while a refund is on its way', () => {
    const { world, bookingId, staff } = over()
    archive(world)
    must(send(world, override(bookingId, 3_000, 0), { actor: staff }), 'refundOverridden')
    const forget = { type: 'deleteAccount', accountId: world.ann } as const
    expect(send(world, forget)).toEqual(refusedWith('bookingNotOver', { figure: bookingId }))
    must(done(world, last(world)), 'done')
    must(send(world, forget), 'done')
  })
})

it('what goes with a run goes in the order of its keys, also from a machine that was loaded', () => {
  const world = railway()
  const pool = { code: 'desk', capacity: 1, roles: [], passengerTypes: [] }
  for (const classCode of ['2', '1']) {
    const quota = { runId: world.runId, trainId: 0, fromDate: 0, classCode }
    const pools = [{ ...pool, releaseBeforeDepartureMs: HOUR }]
    must(send(world, { type: 'setQuotas', ...quota, pools }), 'done')
  }
  world.nowMs = LONG_OVER
  must(send(world, { type: 'tick' }), 'done')
  const twin = { ...world, state: loadState(rowsOf(world.state)) }
  expect(archive(twin)).toEqual(gone)
  expect(archive(world)).toEqual(gone)
  expect(twin.changes).toEqual(world.changes)
})
