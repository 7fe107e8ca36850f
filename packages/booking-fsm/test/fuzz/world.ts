/** A railway in which everything that a command can name is there, in every state it can be in. */
import type { Command, RequestKey } from '../../src/commands.ts'
import {
  confirmed,
  DAY,
  done,
  type Held,
  HOLD,
  HOUR,
  held,
  joined,
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
  stopsAt,
  train,
  waitingLists,
} from '../world.ts'
import { openAgents } from './agents.ts'
import { archiveSome, LONG_BEFORE } from './archive.ts'
import { type FuzzRailway, sorted } from './bookings.ts'
import { openCompanies } from './companies.ts'
import { disrupt } from './disruption.ts'
import { openDraws } from './draws.ts'
import { openGuests } from './guests.ts'
import { askForReset, giveFactors } from './people.ts'
import { fareProducts } from './products.ts'
import { charges, tariff } from './rules.ts'
import { blockedSeat, expressRun, quotaRun, roomyRun } from './run-ids.ts'
import { pool, seatRule, special } from './seats.ts'
import { codeHash, issueVouchers } from './vouchers.ts'

/** Who may act: the cluster, two passengers, staff, an operator, two guests, an agent, nobody. */
export const actors = [0, 1, 2, 3, 4, 8, 10, 11, 99] as const
/** Of what asks for seats they have refusals of their own. */
export const guests = [8, 10] as const
/** Most refusals of what only they may do are behind that. */
export const railwaymen = [0, 3, 4] as const
export const burned: RequestKey = key('burned')
export const used: RequestKey = key('used', { principal: 'a:1', contentHash: 'f00' })

/** A minute before the train of most bookings leaves. */
export function fuzzRailway(): FuzzRailway {
  const world = railway(MONDAY - LONG_BEFORE)
  const { ann, bob, runId } = world
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  register(world, 'staff@example.org', 'staff')
  register(world, 'operator@example.org', 'operator')
  register(world, 'spare@example.org')
  giveFactors(world)
  const saved = { name: 'P', passengerType: '', birthDate: 0, document: '' }
  for (let i = 0; i < 20; i++) {
    must(
      send(world, { type: 'savePassenger', passengerId: 0, ...saved }, { actor: ann }),
      'passengerSaved',
    )
  }
  const accountId = register(world, 'gone@example.org')
  must(send(world, { type: 'deleteAccount', accountId }), 'done')
  const token = { type: 'openSession', accountId: ann, tokenHash: '1'.repeat(64) } as const
  must(send(world, { ...token, ttlMs: 90 * DAY }), 'done')
  const express = stopsAt('A', 'B', 'C').map((stop, i) => ({
    ...stop,
    boarding: i === 0,
    alighting: i === 2,
  }))
  const coaches = [
    { label: '1', classCode: '2', rows: 1, columns: 'AB' },
    { label: '2', classCode: 'sleeper', rows: 1, columns: 'AB' },
  ]
  const { trainId } = must(send(world, train('EX', { stops: express, coaches })), 'trainAdded')
  must(send(world, runs(trainId, 3)), 'runsAdded')
  archiveSome(world)
  const quiet = must(send(world, train('Q', { coaches: special })), 'trainAdded')
  const { runIds } = must(send(world, runs(quiet.trainId, 3)), 'runsAdded')
  if (runIds[0] !== quotaRun) throw new Error(`it is run ${runIds[0]}`)
  must(send(world, seatRule(world.nowMs)), 'done')
  const quota = { trainId: quiet.trainId, runId: 0, fromDate: 20261123, classCode: '2' }
  const pools = [pool('family', 4), pool('desk', 3)]
  must(send(world, { type: 'setQuotas', ...quota, pools }), 'done')
  must(send(world, fareProducts(0)), 'done')
  for (const command of issueVouchers(world)) must(send(world, command), 'voucherIssued')
  const block = { runId: 0, trainId: quiet.trainId, fromDate: 20261125, toDate: 20261127 }
  const off = { type: 'blockSeats', ...block, seats: [blockedSeat], reason: 'strike' } as const
  must(send(world, off), 'seatsBlocked')
  openGuests(world)
  openAgents(world)
  openCompanies(world)
  must(send(world, { type: 'beginImport', source: 'old' }), 'importBegun')
  must(send(world, { type: 'abortImport', importId: 1 }), 'done')
  must(send(world, { type: 'resolveRequest', key: burned }), 'burned')

  // They have arrived the day before.
  const [early = 0] = must(send(world, runs(world.trainId, 1)), 'runsAdded').runIds
  for (const actor of [ann, bob]) confirmed(world, actor, early)

  world.nowMs = MONDAY + 2 * DAY + 6 * HOUR - 2 * HOLD
  for (const actor of [ann, bob]) {
    held(world, actor, runId)
    const cancelled = confirmed(world, actor, runId)
    const bookingId = cancelled.bookingId
    const expectedRefundMinor = cancelled.priceMinor / 2
    must(
      send(world, { type: 'cancelBooking', bookingId, expectedRefundMinor }, { actor }),
      'bookingCancelled',
    )
    const ticket = {
      type: 'issueTickets',
      bookingId: confirmed(world, actor, runId).bookingId,
      passengers: [0],
    } as const
    // All that there can be.
    for (let times = 0; times < 127; times++) must(send(world, ticket, { actor }), 'ticketsIssued')
    inspected(world, actor, runId)
    const released = held(world, actor, runId)
    must(send(world, { type: 'releaseHold', bookingId: released.bookingId }, { actor }), 'done')
  }
  world.nowMs = MONDAY + 2 * DAY + 6 * HOUR - 60_000
  must(send(world, tariff(world.nowMs)), 'done')
  must(send(world, charges(world.nowMs)), 'done')
  for (const actor of [ann, bob]) {
    // One has left with the money owed; one has an offer.
    const { bookingId } = confirmed(world, actor, runId, { types: ['', 'child', ''] })
    const by = { actor }
    const { offerId } = must(
      send(world, { type: 'offerRefund', bookingId, passengers: [1] }, by),
      'refundOffered',
    )
    const accept = { type: 'acceptRefund', bookingId, offerId, payLater: true } as const
    must(send(world, accept, by), 'bookingCancelled')
    must(send(world, { type: 'offerRefund', bookingId, passengers: [0] }, by), 'refundOffered')
    held(world, actor, runId)
    holdTrip(world, actor, runId)
    must(pay(world, actor, holdTrip(world, actor, runId)), 'paymentStarted')
    must(pay(world, actor, held(world, actor, runId)), 'paymentStarted')
    const tried = held(world, actor, runId, { from: 1 })
    for (let times = 0; times < 20; times++) {
      must(pay(world, actor, tried), 'paymentStarted')
      must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
    }
  }
  waits(world, expressRun)
  const [later = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
  if (later !== roomyRun) throw new Error(`it is run ${later}`)
  for (const actor of [ann, bob]) exchanges(world, actor, runId, later)
  disrupt(world)
  for (const actor of [ann, bob]) {
    const { bookingId } = held(world, actor, later)
    // Ann takes all of the one that counts once.
    const command = {
      type: 'applyVoucher',
      bookingId,
      codeHash: codeHash(actor === ann ? 5 : 1),
    } as const
    must(send(world, command, { actor }), 'voucherApplied')
  }
  askForReset(world)
  openDraws(world)
  for (let id = 0; id < 64; id++) {
    const keyId = String(id).padStart(16, '0')
    must(send(world, { type: 'registerTicketKey', keyId, publicKey: '0'.repeat(64) }), 'done')
  }
  for (let at = 0; at < 32; at++) {
    const clientUrl = `https://m${at}.example`
    const command = { type: 'registerNode', name: `m${at}`, clientUrl } as const
    must(send(world, { ...command, peerUrl: `${clientUrl}:3011` }), 'done')
  }
  // An import is open, and has a run.
  must(send(world, { type: 'beginImport', source: 'new' }), 'importBegun')
  const staged = must(send(world, train('T', { importId: 2 })), 'trainAdded')
  must(send(world, { ...runs(staged.trainId, 4), importId: 2 } as Command), 'runsAdded')
  return sorted(world)
}

/** The express is full: each has waited in vain before, and waits again. */
function waits(world: Railway, runId: number): void {
  must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command), 'done')
  held(world, world.ann, runId, { to: 2, passengers: 2 })
  const options = { to: 2, classCode: '2' }
  for (const actor of [world.ann, world.bob]) {
    joined(world, actor, runId, { ...options, deadlineMs: world.nowMs + 1 })
  }
  world.nowMs++
  for (const actor of [world.ann, world.bob]) joined(world, actor, runId, options)
}

/** Exchanged; one whose train is about to leave; one that costs nothing more, one that does. */
function exchanges(world: Railway, actor: number, runId: number, later: number): void {
  const captured = (run: number, to: number) => {
    const { bookingId } = confirmed(world, actor, run, { to })
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    return bookingId
  }
  const exchange = (bookingId: number, toStop: number) =>
    must(
      send(
        world,
        {
          type: 'holdExchange',
          bookingId,
          runId: later,
          fromStop: 0,
          toStop,
          classCode: '2',
          seats: [],
        },
        { actor },
      ),
      'exchangeHeld',
    ).bookingId
  const taken = { type: 'confirmBooking', bookingId: exchange(captured(later, 1), 1) } as const
  must(send(world, taken, { actor }), 'done')
  exchange(captured(runId, 1), 1)
  exchange(captured(later, 2), 1)
  exchange(captured(later, 1), 2)
  captured(later, 1)
}

function holdTrip(world: Railway, actor: number, runId: number): Held {
  const leg = (fromStop: number) => ({
    runId,
    fromStop,
    toStop: fromStop + 1,
    classCode: '2',
    seats: [],
  })
  const trip = { type: 'holdTrip', legs: [leg(0), leg(2)], passengers: [{ name: 'P' }] } as const
  const { tripId, priceMinor } = must(send(world, trip, { actor }), 'tripHeld')
  return { bookingId: tripId, priceMinor, seats: [] }
}

/** Has a ticket that was seen on the train. */
function inspected(world: Railway, actor: number, runId: number): void {
  const { bookingId } = confirmed(world, actor, runId)
  const ask = { type: 'issueTickets', bookingId, passengers: [0] } as const
  const [made] = must(send(world, ask, { actor }), 'ticketsIssued').tickets
  const ticketNumber = made?.ticketNumber ?? ''
  const scan = { stop: 0, atMs: world.nowMs, deviceId: 'gate-0', scanId: 'scan-0' }
  must(send(world, { type: 'inspectTicket', ticketNumber, runId, ...scan }), 'ticketInspected')
}
