/** A railway in which everything that a command can name is there, in every state it can be in. */
import { refundAt } from '../../src/cancellation.ts'
import type {
  Command,
  HoldSeats,
  LegInput,
  RequestKey,
  SetCancellationRule,
  SetTariff,
} from '../../src/commands.ts'
import { dueMinor, openExchange } from '../../src/exchanges.ts'
import { isPaid } from '../../src/exchanging.ts'
import { LATEST_FEATURE_LEVEL } from '../../src/feature-levels.ts'
import { ticketsOf } from '../../src/queries/tickets.ts'
import { sha256Text } from '../../src/sha256.ts'
import { leadOf } from '../../src/trips.ts'
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
import { agentCommands, openAgents } from './agents.ts'
import {
  archiveCommands,
  archivedKey,
  archivedTicket,
  archiveSome,
  LONG_BEFORE,
} from './archive.ts'
import { companyCommands, openCompanies } from './companies.ts'
import { disrupt, disruptionCommands } from './disruption.ts'
import { guestCommands, openGuests } from './guests.ts'
import { giveFactors, secondFactors } from './people.ts'
import { fareProducts, productFrom } from './products.ts'
import { pool, preferencesFor, seatCommands, seatRule, special } from './seats.ts'
import { issueVouchers, voucherCommands } from './vouchers.ts'

const SEED = 'a'.repeat(32)

/** Who may act: the cluster, two passengers, staff, an operator, two guests, an agent, nobody. */
export const actors = [0, 1, 2, 3, 4, 8, 10, 11, 99] as const
export const burned: RequestKey = key('burned')
export const used: RequestKey = key('used', { principal: 'a:1', contentHash: 'f00' })

/** A minute before the train of most bookings leaves. */
export function fuzzRailway(): Railway {
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
  const [expressRun = 0] = must(send(world, runs(trainId, 3)), 'runsAdded').runIds
  archiveSome(world)
  const quiet = must(send(world, train('Q', { coaches: special })), 'trainAdded')
  must(send(world, runs(quiet.trainId, 3)), 'runsAdded')
  must(send(world, seatRule(world.nowMs)), 'done')
  const quota = { trainId: quiet.trainId, runId: 0, fromDate: 20261123, classCode: '2' }
  const pools = [pool('family', 4), pool('desk', 3)]
  must(send(world, { type: 'setQuotas', ...quota, pools }), 'done')
  must(send(world, fareProducts(0)), 'done')
  for (const command of issueVouchers(world)) must(send(world, command), 'voucherIssued')
  const block = { runId: 0, trainId: quiet.trainId, fromDate: 20261125, toDate: 20261127 }
  const off = { type: 'blockSeats', ...block, seats: [2], reason: 'strike' } as const
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
  for (const actor of [ann, bob]) exchanges(world, actor, runId, later)
  disrupt(world)
  for (let id = 0; id < 64; id++) {
    const keyId = String(id).padStart(16, '0')
    must(send(world, { type: 'registerTicketKey', keyId, publicKey: '0'.repeat(64) }), 'done')
  }
  // An import is open, and has a run.
  must(send(world, { type: 'beginImport', source: 'new' }), 'importBegun')
  const staged = must(send(world, train('T', { importId: 2 })), 'trainAdded')
  must(send(world, { ...runs(staged.trainId, 4), importId: 2 } as Command), 'runsAdded')
  return world
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

/** One that was made, or one that never was. */
function ticketNumberFrom({ state }: Railway, draw: () => number): string {
  const all = [...state.tickets.keys()].flatMap((id) => ticketsOf(state, id))
  const archived = draw() % 2 === 0 ? archivedTicket.number : 'ABCDEFGHJ'
  return all[draw() % (all.length + 1)]?.ticketNumber ?? archived
}

/** There and back, or twice the same. */
function legsFrom(
  { state }: Railway,
  draw: () => number,
  party: number,
  first: { readonly fromStop: number; readonly classCode: string },
): LegInput[] {
  const leg = ({ fromStop, classCode }: typeof first): LegInput => {
    const firstSeat = draw() % 34
    return {
      runId: 1 + (draw() % state.meta.nextRunId),
      fromStop,
      toStop: fromStop + 1 + (draw() % 2),
      classCode,
      seats: draw() % 2 === 0 ? [] : Array.from({ length: party }, (_, i) => firstSeat + i),
      preferences: preferencesFor(party, draw),
      pool: ['', 'family', 'desk', 'none'][draw() % 4],
      product: productFrom(draw),
    }
  }
  return draw() % 2 === 0 ? [leg(first)] : [leg({ fromStop: 0, classCode: '2' }), leg(first)]
}

function tariff(validFromMs: number): SetTariff {
  const prices = { baseMinor: 500, perThousandKilometresMinor: 5_000, minimumMetres: 50_000 }
  return {
    type: 'setTariff',
    validFromMs,
    roundToMinor: 5,
    rounding: 'halfUp',
    classes: ['1', '2'].map((classCode) => ({ classCode, ...prices, taxBasisPoints: 500 })),
    passengerTypes: [
      { code: 'child', fareBasisPoints: 5_000, perFullFare: 1 },
      { code: 'senior', fareBasisPoints: 6_000, perFullFare: 0 },
    ],
    supplements: [
      {
        code: 'fast',
        trainPrefix: 'IC',
        classCode: '',
        amountMinor: 300,
        taxBasisPoints: 0,
        reduced: false,
      },
    ],
  }
}

function charges(validFromMs: number): SetCancellationRule {
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 100, chargeBasisPoints: 2_500 }]
  const free = { untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }
  const exchange = { bands: [free], surplusBack: true }
  return {
    type: 'setCancellationRule',
    validFromMs,
    offerMs: 600_000,
    roundToMinor: 100,
    rounding: 'up',
    lines: [{ state: 'confirmed', classCode: '', taxBasisPoints: 500, bands, exchange }],
  }
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

function waitingFor(
  draw: () => number,
  wanted: { readonly runId: number; readonly fromStop: number; readonly classCode: string },
  passengers: HoldSeats['passengers'],
): Command {
  // Mostly the express, which is full.
  const isFull = draw() % 2 === 0
  const fromStop = draw() % 5 === 0 ? 1 : 0
  // The third one has pools.
  const isPooled = draw() % 3 === 0
  const onExpress = { ...wanted, runId: 2, fromStop, toStop: 2 }
  const ofPools = { runId: 3, fromStop, toStop: 4, classCode: '2' }
  const first = isPooled ? ofPools : isFull ? onExpress : { ...wanted, toStop: 4 }
  return {
    type: 'joinWaitingList',
    ...first,
    passengers,
    deadlineMs: draw() % 8 === 0 ? MONDAY : MONDAY + 9 * DAY,
    alternatives: draw() % 2 === 0 ? [] : [{ ...first, classCode: draw() % 2 === 0 ? '1' : '2' }],
    ...(isPooled && { pool: draw() % 2 === 0 ? 'desk' : 'family', onlyPool: draw() % 2 === 0 }),
    maxPriceMinor: draw() % 3 === 0 ? 1 : 1_000_000,
  }
}

/** Every command as it should be, naming things that are there or nearly. */
export function commandsOf(world: Railway, draw: () => number): readonly Command[] {
  const { meta } = world.state
  // Those of whom some have left are few, and have the most ways to go on.
  const partly = [...world.state.bookings.values()].filter(
    ({ status, cancelled }) => cancelled.length > 0 || status === 'cancelled',
  )
  const waiters = [...world.state.waiting.keys()]
  const waiter = draw() % 6 === 0 ? waiters[draw() % waiters.length] : undefined
  // The first one is in the archive.
  const drawn = draw() % 12 === 0 ? 1 : 1 + (draw() % meta.nextBookingId)
  const anyone = waiter ?? drawn
  const bookingId = (draw() % 4 === 0 && partly[draw() % partly.length]?.bookingId) || anyone
  const booking = world.state.bookings.get(bookingId)
  // What may be exchanged: few are, because the money must be here.
  const sold = [...world.state.bookings.values()]
    .filter((it) => it.status === 'confirmed' && isPaid(world.state, it))
    .filter((it) => openExchange(world.state, it) === undefined)
    .map((it) => it.bookingId)
  const offered = [...world.state.offers.keys()]
  const withOffer = (draw() % 2 === 0 && offered[draw() % offered.length]) || bookingId
  const price = booking === undefined ? 0 : dueMinor(world.state, leadOf(booking))
  const refund = booking === undefined ? 0 : refundAt(world.state, booking, world.nowMs)
  const importId = draw() % 3 === 0 ? 1 + (draw() % meta.nextImportId) : undefined
  const outboxId = 1 + (draw() % (meta.nextOutboxId + 3))
  const codes = ['A', 'B', 'C', 'D', 'E', 'Z']
  const code = () => codes[draw() % codes.length] as string
  const station = {
    code: code(),
    name: 'Name',
    aliases: ['Alias'],
    searchTerms: ['name'],
    latitudeE6: 1,
    longitudeE6: 1,
    timeZone: 'UTC',
    groupCode: draw() % 3 === 0 ? code() : undefined,
    changeSeconds: draw() % 3 === 0 ? draw() % 900 : undefined,
    zone: draw() % 3 === 0 ? '1' : undefined,
  }
  const exceptions = { addedDates: [20261201, 20261202], removedDates: [20261203] }
  const calendar = {
    weekdays: 127,
    fromDate: 20261101,
    toDate: 20261231,
    timeZone: 'UTC',
    exceptions: draw() % 2 === 0 ? exceptions : undefined,
  }
  const fromStop = draw() % 4
  const party = 1 + (draw() % 6)
  const types = ['', '', '', 'child', 'child', 'senior', 'none']
  const passengers = Array.from({ length: party }, () => ({
    name: 'P',
    passengerType: draw() % 2 === 0 ? undefined : types[draw() % types.length],
  }))
  const firstSeat = draw() % 34
  const seats = draw() % 2 === 0 ? [] : passengers.map((_, i) => firstSeat + i)
  const classCode = ['1', '2', '2', 'sleeper', '3'][draw() % 5] as string
  const role = (['passenger', 'staff', 'operator'] as const)[draw() % 3] ?? 'passenger'
  const requestKey = [
    archivedKey,
    burned,
    used,
    key('fresh', { principal: `a:${1 + (draw() % 4)}` }),
  ][draw() % 4]
  const fare = { classCode: '2', baseMinor: 1, perThousandKilometresMinor: 1 }
  const band = { untilBeforeDepartureMs: HOUR, refundBasisPoints: 1 }
  const outcome =
    draw() % 2 === 0
      ? ({ type: 'done', providerReference: 'ref' } as const)
      : ({ type: 'refused', reason: 'no' } as const)
  return [
    {
      type: 'foundCluster',
      clusterId: '0'.repeat(32),
      pnrKey: [1, 2, 3, 4],
      currency: 'EUR',
      holdMs: HOLD,
      paymentWindowMs: HOLD,
      featureLevel: draw() % 3 === 0 ? 1 : LATEST_FEATURE_LEVEL,
    },
    { type: 'raiseFeatureLevel', level: 1 + (draw() % 3) },
    { type: 'setFareRule', validFromMs: world.nowMs + DAY, classes: [fare] },
    tariff(world.nowMs + DAY),
    { type: 'setRefundRule', validFromMs: world.nowMs + DAY, bands: [band] },
    charges(world.nowMs + DAY),
    {
      type: 'registerAccount',
      email: draw() % 2 === 0 ? 'ann@example.org' : `p${draw() % 1_000}@example.org`,
      displayName: 'P',
      passwordHash: 'h',
      role,
    },
    {
      type: 'openSession',
      accountId: 1 + (draw() % 6),
      tokenHash: String(draw() % 10).repeat(64),
      ttlMs: DAY,
    },
    ...secondFactors(world, draw),
    { type: 'setRole', accountId: 1 + (draw() % 8), role },
    {
      type: 'changePassword',
      passwordHash: 'h',
      keepTokenHash: draw() % 2 === 0 ? '' : '1'.repeat(64),
    },
    { type: 'requestPasswordReset', accountId: 1 + (draw() % 8) },
    {
      type: 'grantPasswordReset',
      accountId: 1 + (draw() % 8),
      tokenHash: '2'.repeat(64),
      ttlMs: DAY,
    },
    {
      type: 'resetPassword',
      accountId: 1 + (draw() % 8),
      tokenHash: '2'.repeat(64),
      passwordHash: 'h',
    },
    // Mostly those that nobody acts with: the others have more to do.
    {
      type: 'setAccountOpen',
      accountId: draw() % 3 === 0 ? 1 + (draw() % 8) : 4 + (draw() % 2),
      open: draw() % 2 === 0,
    },
    {
      type: 'savePassenger',
      passengerId: draw() % 3,
      name: 'P',
      passengerType: 'child',
      birthDate: 20_000_101,
      document: '',
    },
    { type: 'forgetPassenger', passengerId: 1 + (draw() % 22) },
    { type: 'deleteAccount', accountId: 1 + (draw() % 8) },
    { type: 'closeSession', tokenHash: String(draw() % 10).repeat(64) },
    { type: 'putStations', importId, stations: [station] },
    train('T', {
      importId,
      calendar,
      stops: stopsAt(...new Set([code(), code(), 'A', 'B'])),
      coaches: draw() % 2 === 0 ? special : train('T').coaches,
    }),
    seatRule(world.nowMs + (draw() % 3) * DAY),
    ...seatCommands(world, draw),
    ...guestCommands(world, draw),
    ...companyCommands(world, draw),
    ...agentCommands(world, draw),
    { ...(runs(draw() % 4, draw() % 5) as object), importId, trainNumber: 'T' } as Command,
    { type: 'beginImport', source: 'feed' },
    { type: 'commitImport', importId: 1 + (draw() % meta.nextImportId) },
    { type: 'abortImport', importId: 1 + (draw() % meta.nextImportId) },
    {
      type: 'holdSeats',
      // The third one has quotas.
      runId: draw() % 4 === 0 ? 3 : 1 + (draw() % meta.nextRunId),
      fromStop,
      toStop: fromStop + 1 + (draw() % 3),
      classCode,
      passengers,
      seats,
      preferences: preferencesFor(party, draw),
      expectedPriceMinor: draw() % 9 === 0 ? 1 : undefined,
      pool: ['', '', 'family', 'desk', 'none'][draw() % 5],
      product: productFrom(draw),
    },
    {
      type: 'holdTrip',
      legs: legsFrom(world, draw, party, { fromStop, classCode }),
      passengers,
      expectedPriceMinor: draw() % 9 === 0 ? 1 : undefined,
    },
    waitingFor(draw, { runId: 1 + (draw() % meta.nextRunId), fromStop, classCode }, passengers),
    { type: 'leaveWaitingList', bookingId },
    { type: 'closeChart', runId: 1 + (draw() % meta.nextRunId) },
    {
      ...waitingLists,
      validFromMs: draw() % 3 === 0 ? world.nowMs : DAY * 30_000,
      capBasisPoints: (draw() % 2) * 10_000,
    } as Command,
    { type: 'releaseHold', bookingId },
    { type: 'extendHold', bookingId },
    fareProducts(world.nowMs),
    ...voucherCommands(world, draw, bookingId),
    {
      type: 'setSalesRule',
      validFromMs: world.nowMs - HOUR + (draw() % 3) * HOUR,
      holdMs: HOLD,
      extensionMs: (draw() % 2) * HOLD,
      maxOpenHolds: draw() % 6,
      maxPassengers: 6 - (draw() % 2),
      opensBeforeMs: draw() % 3 === 0 ? 1 : 0,
      closesBeforeMs: draw() % 2 === 0 ? HOUR : 0,
    },
    {
      type: 'startPayment',
      bookingId,
      paymentToken: 'tok',
      amountMinor: price + (draw() % 4 === 0 ? 1 : 0),
    },
    { type: 'recordOutcome', outboxId, outcome },
    {
      type: 'cancelBooking',
      bookingId,
      expectedRefundMinor: draw() % 2 === 0 ? refund : price,
    },
    {
      type: 'offerRefund',
      bookingId,
      passengers: [0, 1, 2, 5].filter(() => draw() % 3 === 0),
    },
    {
      type: 'acceptRefund',
      bookingId: withOffer,
      offerId:
        draw() % 4 === 0 ? 1 + (draw() % 9) : (world.state.offers.get(withOffer)?.offerId ?? 1),
      payLater: draw() % 2 === 0,
    },
    { type: 'payRefund', bookingId },
    {
      type: 'openDraw',
      // The run that most commands name is left to them.
      runIds: draw() % 8 === 0 ? [2, 99] : [2 + (draw() % meta.nextRunId)],
      windowFromMs: world.nowMs,
      windowToMs: world.nowMs + (draw() % 2 === 0 ? 1_000 : 5 * HOUR),
      revealByMs: world.nowMs + (draw() % 2 === 0 ? 2_000 : 6 * HOUR),
      holdMs: HOUR,
      seedCommitment: sha256Text(SEED),
    },
    {
      type: 'enterDraw',
      drawId: 1 + (draw() % 4),
      wishes: [{ runId: 1 + (draw() % 6), fromStop: 0, toStop: 2, classCode: '2' }],
      passengers: [{ name: 'P' }],
      salt: '0'.repeat(16),
    },
    {
      type: 'revealSeed',
      drawId: 1 + (draw() % 4),
      seed: draw() % 3 === 0 ? SEED : 'b'.repeat(32),
    },
    ...disruptionCommands(world, draw, anyone),
    ...archiveCommands(world, draw),
    {
      type: 'holdExchange',
      bookingId: (draw() % 2 === 0 && sold[draw() % sold.length]) || bookingId,
      runId: 1 + (draw() % meta.nextRunId),
      fromStop,
      toStop: fromStop + 1 + (draw() % 3),
      classCode,
      seats: draw() % 2 === 0 ? [] : seats,
      product: productFrom(draw),
    },
    { type: 'confirmBooking', bookingId },
    {
      type: 'issueTickets',
      bookingId,
      passengers: [0, 1, 2, 5].filter(() => draw() % 3 === 0),
    },
    {
      type: 'inspectTicket',
      ticketNumber: ticketNumberFrom(world, draw),
      runId: 1 + (draw() % meta.nextRunId),
      stop: draw() % 4,
      atMs: world.nowMs,
      deviceId: `gate-${draw() % 2}`,
      scanId: `scan-${draw() % 9}`,
    },
    {
      type: 'registerTicketKey',
      keyId: `${draw() % 3}`.repeat(16),
      publicKey: `${draw() % 2}`.repeat(64),
    },
    { type: 'withdrawTicketKey', keyId: `${draw() % 4}`.repeat(16) },
    { type: 'switchNotices', on: draw() % 4 > 0 },
    {
      type: 'setNoticePreferences',
      muted: (['refundSent', 'runDelayed', 'drawLost', 'refundSent', 'drawWon'] as const).filter(
        () => draw() % 2 === 0,
      ),
    },
    { type: 'recordNotice', noticeId: 1 + (draw() % 9), outcome },
    { type: 'tick' },
    { type: 'resolveRequest', key: requestKey as RequestKey },
  ]
}
