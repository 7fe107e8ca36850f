import {
  type Coach,
  type Command,
  type FixedFares,
  type FoundCluster,
  LATEST_FEATURE_LEVEL,
  type TrainCalendar,
  type TrainStop,
} from '../../src/index.ts'
import { refundNow } from './cancel-commands.ts'
import {
  cancelRun,
  compensation,
  continueDisruption,
  decide,
  mayChoose,
  override,
  rebook,
} from './disruption-history.ts'
import { hashOf } from './draw-commands.ts'
import { type Asked, type Draw, onBooking, oneIn, passenger, pick, staff } from './draws.ts'
import { priceEach } from './fare-lines.ts'
import { agents } from './history/agents.ts'
import { archiving } from './history/archive.ts'
import { otherCalendar } from './history/calendars.ts'
import { chargeback } from './history/chargebacks.ts'
import { companies } from './history/companies.ts'
import { changeConsist } from './history/consist.ts'
import { connection, delay } from './history/delays.ts'
import { guests } from './history/guests.ts'
import { overbooking, seatPromise } from './history/later-seats.ts'
import { node } from './history/nodes.ts'
import { detailsOf, fareProducts, productOf } from './history/products.ts'
import { secondFactor } from './history/second-factor.ts'
import { vouchers } from './history/vouchers.ts'
import type { Kind, Sent } from './history.ts'
import { ruleInForce } from './rule-commands.ts'
import { seatsOf } from './seat-choice.ts'
import { blocking, poolOf, preferencesFor, quotas, seatingLayouts, seatRule } from './seat-draws.ts'
import { join } from './waiting-history.ts'
import {
  bookingOf,
  departureAt,
  dueFor,
  isCancelled,
  isLive,
  type ModelBooking,
  type ModelRun,
  payerOf,
  trainOf,
  type World,
} from './world.ts'

const hour = 3_600_000
const day = 24 * hour
export const stationCodes = ['ALF', 'BET', 'GAM', 'DEL', 'EPS', 'ZET', 'ETA']

export function commandFor(world: World, sent: readonly Sent[], kind: Kind, draw: Draw): Asked {
  switch (kind) {
    case 'hold':
      // When every train or everybody has gone others come: else nothing would be sold any more.
      if (hasEverythingLeft(world) && !oneIn(4, draw)) return runs(world, draw)
      if (hasFewPeople(world) && oneIn(2, draw)) return commandFor(world, sent, 'account', draw)
      return hold(world, draw)
    case 'trip':
      return trip(world, draw)
    case 'release':
      return onBooking(
        world,
        draw,
        (b) => isLive(b),
        (bookingId) => ({
          type: 'releaseHold',
          bookingId,
        }),
      )
    case 'extend':
      return onBooking(
        world,
        draw,
        (b) => b.status === 'held',
        (bookingId) => ({ type: 'extendHold', bookingId }),
      )
    case 'pay':
      return pay(world, draw)
    case 'outcome':
      return outcome(world, draw)
    case 'cancel':
      return cancel(world, draw)
    case 'offer':
      return offer(world, draw)
    case 'accept':
      return accept(world, draw)
    case 'payRefund':
      return onBooking(
        world,
        draw,
        (b) => b.refund > 0,
        (bookingId) => ({ type: 'payRefund', bookingId }),
      )
    case 'chargeback':
      return chargeback(world, draw)
    case 'join':
      return join(world, draw, hold(world, draw))
    case 'leave':
      return onBooking(
        world,
        draw,
        (b) => b.status === 'waiting',
        (bookingId) => ({ type: 'leaveWaitingList', bookingId }),
      )
    case 'chart':
      return {
        actor: staff(world, draw),
        command: {
          type: 'closeChart',
          runId: oneIn(3, draw) ? draw() % 5 : (pick(world.charts, draw)?.runId ?? 1),
        },
      }
    case 'exchange':
      return exchange(world, draw)
    case 'confirm':
      return confirm(world, draw)
    case 'cancelRun':
      return cancelRun(world, draw)
    case 'consist':
      return changeConsist(world, draw) ?? hold(world, draw)
    case 'delay':
      return delay(world, draw)
    case 'connection':
      return connection(world, draw, trip(world, draw))
    case 'continueDisruption':
      return continueDisruption(world, draw)
    case 'rebook':
      return rebook(world, draw)
    case 'takeRefund':
      return onBooking(world, draw, mayChoose(world), (bookingId) => ({
        type: 'takeRefund',
        bookingId,
      }))
    case 'override':
      return override(world, draw)
    case 'decide':
      return decide(world, draw)
    case 'compensation':
      return { actor: staff(world, draw), command: compensation(world, draw) }
    case 'tickets':
      return tickets(world, draw)
    case 'inspect':
      return inspect(world, draw)
    case 'ticketKey':
      return ticketKey(world, draw)
    case 'node':
      return node(world, draw)
    case 'resolve':
      return resolve(sent, draw)
    case 'account':
      return register(world, draw)
    case 'session':
      return session(world, draw)
    case 'accountChange':
      return accountChange(world, draw)
    case 'secondFactor':
      return secondFactor(world, draw)
    case 'runs':
      return runs(world, draw)
    case 'train':
      return { actor: staff(world, draw), command: train(world, draw) }
    case 'calendar':
      return otherCalendar(world, draw, calendar(draw))
    case 'stations':
      return { actor: staff(world, draw), command: stations(world, draw) }
    case 'import':
      return importing(world, draw)
    case 'rules':
      return { actor: staff(world, draw), command: rules(world, draw) }
    case 'draw':
      return lot(world, draw)
    case 'agents':
      return agents(world, draw)
    case 'companies':
      return companies(world, draw)
    case 'guests':
      return guests(world, draw)
    case 'notice':
      return notice(world, draw)
    case 'seats':
      return {
        actor: staff(world, draw),
        command: oneIn(2, draw) ? blocking(world, draw) : quotas(world, draw),
      }
    case 'archive':
      return archiving(world, draw)
    case 'sale':
      return { actor: staff(world, draw), command: sale(Math.max(0, world.now - hour), draw) }
    case 'voucher':
      return vouchers(world, draw)
    case 'products':
      return { actor: staff(world, draw), command: fareProducts(world.now, draw) }
    case 'found':
      return { actor: 0, command: foundation(draw) }
    default:
      return {
        actor: oneIn(10, draw) ? passenger(world, draw) : 0,
        command: oneIn(6, draw)
          ? { type: 'raiseFeatureLevel', level: 1 + (draw() % (LATEST_FEATURE_LEVEL + 1)) }
          : { type: 'tick' },
      }
  }
}

function hold(world: World, draw: Draw): Asked {
  const ahead: ModelRun[] = []
  for (const run of world.runs) {
    if (ahead.length === 3) break
    const isAhead = departureAt(world, run, 0) > world.now && !isCancelled(world, run)
    if (isAhead || oneIn(20, draw)) ahead.push(run)
  }
  const run = pick(ahead.length > 0 ? ahead : world.runs, draw)
  const count = oneIn(4, draw) ? 1 + (draw() % 6) : 1 + (draw() % 2)
  const tariff = ruleInForce(world.fareRules, world.now)?.tariff
  const types = oneIn(3, draw) ? ['child', 'senior', 'king'] : ['', '', 'child']
  const passengers = Array.from({ length: count }, (_, i) => {
    const passengerType = pick(types, draw)
    const said = detailsOf(world, draw)
    return tariff !== undefined || oneIn(40, draw)
      ? { name: `P${i}`, passengerType, ...said }
      : { name: `P${i}`, ...said }
  })
  const actor = passenger(world, draw)
  if (run === undefined) {
    const nowhere = { runId: 1 + (draw() % 9), fromStop: 0, toStop: 1, classCode: '2', seats: [] }
    return { actor, command: { type: 'holdSeats', passengers, ...nowhere } }
  }
  const on = trainOf(world, run)
  const last = on.stops.length - 1
  const fromStop = draw() % last
  const toStop = oneIn(30, draw) ? draw() % 9 : fromStop + 1 + (draw() % (last - fromStop))
  const classCode = oneIn(30, draw) ? '3' : (pick(on.coaches, draw)?.classCode ?? '2')
  const ofClass = seatsOf(on).filter((seat) => seat.classCode === classCode)
  const first = draw() % Math.max(1, oneIn(3, draw) ? ofClass.length : 4)
  const chosen = passengers.map((_, i) => ofClass[(first + i) % ofClass.length]?.seat ?? 0)
  const odd = oneIn(25, draw) ? chosen.map((seat) => seat + (draw() % 12)) : chosen
  const seats = oneIn(2, draw) ? [] : odd
  const preferences = oneIn(3, draw) ? preferencesFor(count, draw) : undefined
  const quota = world.quotas.length > 0 ? poolOf(draw) : undefined
  const product = productOf(world, draw)
  const pool = { ...(quota !== undefined && { pool: quota }), ...(product && { product }) }
  const leg = { runId: run.id, fromStop, toStop, classCode, seats, preferences, ...pool }
  // Right when all pay in full.
  const full = oneIn(9, draw)
    ? priceEach(world, on, fromStop, toStop, classCode, world.now)
    : undefined
  const expectedPriceMinor = full === undefined ? undefined : full * count
  return { actor, command: { type: 'holdSeats', passengers, ...leg, expectedPriceMinor } }
}

/** Each leg drawn as a hold by itself: mostly on another run, now and then on the same one. */
function trip(world: World, draw: Draw): Asked {
  const { actor, command: first } = hold(world, draw)
  if (first.type !== 'holdSeats') throw new Error('no hold')
  const { passengers } = first
  const count = 1 + (draw() % 3)
  const holds = Array.from({ length: count }, () => hold(world, draw).command)
  const legs = [first, ...holds].flatMap((of) => {
    if (of.type !== 'holdSeats') return []
    const { runId, fromStop, toStop, classCode, preferences, pool, product } = of
    const seats = of.seats.length === passengers.length ? of.seats : []
    const fit = (preferences?.wheelchairPlaces ?? 0) <= passengers.length
    const journey = { runId, fromStop, toStop, classCode, seats, pool, product }
    return [{ ...journey, ...(fit && { preferences }) }]
  })
  return { actor, command: { type: 'holdTrip', legs, passengers } }
}

function pay(
  world: World,
  draw: Draw,
  suits = (booking: ModelBooking) => booking.status === 'held' || booking.status === 'waiting',
): Asked {
  return onBooking(world, draw, suits, (bookingId, booking) => ({
    type: 'startPayment',
    bookingId,
    paymentToken: `tok_${draw() % 7}`,
    amountMinor:
      (booking === undefined ? 100 : dueFor(world, bookingOf(world, payerOf(booking)))) +
      (oneIn(15, draw) ? 1 : 0),
  }))
}

function cancel(world: World, draw: Draw): Asked {
  const suits = (booking: ModelBooking) => booking.status === 'confirmed'
  return onBooking(world, draw, suits, (bookingId, booking) => ({
    type: 'cancelBooking',
    bookingId,
    expectedRefundMinor:
      booking === undefined || oneIn(15, draw) ? draw() : refundNow(world, booking, world.now),
  }))
}

function offer(world: World, draw: Draw): Asked {
  const suits = (booking: ModelBooking) =>
    booking.status === 'confirmed' && (booking.passengers.length > 1 || oneIn(4, draw))
  return onBooking(world, draw, suits, (bookingId, booking) => {
    const all = booking?.passengers ?? []
    const there = [...all.keys()].filter((at) => oneIn(9, draw) || all[at]?.cancelledAt === 0)
    const passengers = oneIn(4, draw) ? [] : there.filter(() => oneIn(2, draw))
    return { type: 'offerRefund', bookingId, passengers }
  })
}

/** What costs nothing is confirmed; or else an exchange that is held is paid. */
function confirm(world: World, draw: Draw): Asked {
  const due = (b: ModelBooking) => dueFor(world, bookingOf(world, payerOf(b)))
  const isFree = (b: ModelBooking) => b.status === 'held' && due(b) === 0
  const waits = (b: ModelBooking) => b.status === 'held' && b.exchange !== undefined
  if (!world.bookings.some(isFree) && !oneIn(4, draw)) return pay(world, draw, waits)
  return onBooking(world, draw, isFree, (bookingId) => ({ type: 'confirmBooking', bookingId }))
}

/** Drawn as a hold is; the passengers are those who still travel. */
function exchange(world: World, draw: Draw): Asked {
  const suits = (booking: ModelBooking) =>
    booking.status === 'confirmed' &&
    booking.refundRule !== undefined &&
    'lines' in booking.refundRule &&
    world.payments.some((p) => p.bookingId === payerOf(booking) && p.status === 'captured')
  // Where there is nothing to exchange yet, somebody pays.
  if (!world.bookings.some(suits) && !oneIn(5, draw)) {
    return oneIn(2, draw) ? pay(world, draw) : outcome(world, draw)
  }
  const { command: to } = hold(world, draw)
  if (to.type !== 'holdSeats') throw new Error('no hold')
  const { runId, fromStop, toStop, classCode, product } = to
  return onBooking(world, draw, suits, (bookingId, booking) => {
    const there = booking?.passengers.filter((p) => p.cancelledAt === 0).length
    const seats = to.seats.length === there || oneIn(20, draw) ? to.seats : []
    const journey = { runId, fromStop, toStop, classCode, seats, product }
    const places = oneIn(6, draw) ? { wheelchairPlaces: draw() % 3 } : {}
    return { type: 'holdExchange', bookingId, ...journey, ...places }
  })
}

function accept(world: World, draw: Draw): Asked {
  const suits = (booking: ModelBooking) => booking.offer !== undefined
  return onBooking(world, draw, suits, (bookingId, booking) => ({
    type: 'acceptRefund',
    bookingId,
    offerId: booking?.offer !== undefined && !oneIn(12, draw) ? booking.offer.id : 1 + (draw() % 5),
    payLater: oneIn(3, draw),
  }))
}

function tickets(world: World, draw: Draw): Asked {
  const suits = (booking: ModelBooking) => booking.status === 'confirmed'
  const asked = onBooking(world, draw, suits, (bookingId, booking) => {
    const all = booking?.passengers ?? []
    const there = [...all.keys()].filter((at) => oneIn(9, draw) || all[at]?.cancelledAt === 0)
    const passengers = oneIn(2, draw) ? [] : there.filter(() => oneIn(2, draw))
    return { type: 'issueTickets', bookingId, passengers }
  })
  return oneIn(6, draw) ? { ...asked, actor: staff(world, draw) } : asked
}

/** Of the tickets made lately, mostly on their train, and often a second time. */
function inspect(world: World, draw: Draw): Asked {
  const printed = pick(world.printed.slice(-9), draw)
  const booking = world.bookings.find((b) => b.id === printed?.bookingId)
  const aside = oneIn(5, draw)
  const { fromStop = 0, toStop = 1 } = booking ?? {}
  return {
    actor: staff(world, draw),
    command: {
      type: 'inspectTicket',
      ticketNumber: printed === undefined || oneIn(15, draw) ? 'ABCDEFGHJ' : printed.ticketNumber,
      runId: aside ? (pick(world.runs, draw)?.id ?? 1) : (booking?.runId ?? 1),
      stop: oneIn(6, draw) ? draw() % 9 : fromStop + (draw() % (toStop - fromStop)),
      atMs: Math.max(0, world.now - (draw() % 3) * hour),
      deviceId: `gate-${draw() % 2}`,
      scanId: `scan-${draw() % 6}`,
    },
  }
}

function ticketKey(world: World, draw: Draw): Asked {
  const keyId = `${draw() % 4}`.repeat(16)
  if (oneIn(2, draw)) {
    const publicKey = `${oneIn(9, draw) ? 'b' : 'a'}`.repeat(64)
    const actor = oneIn(9, draw) ? passenger(world, draw) : 0
    return { actor, command: { type: 'registerTicketKey', keyId, publicKey } }
  }
  return { actor: staff(world, draw), command: { type: 'withdrawTicketKey', keyId } }
}

function outcome(world: World, draw: Draw): Asked {
  const open = world.effects.filter((effect) => !effect.answered)
  const effect = pick(open.length > 0 && !oneIn(8, draw) ? open : world.effects.slice(-30), draw)
  const done = draw() % 3 > 0
  return {
    actor: oneIn(30, draw) ? passenger(world, draw) : 0,
    command: {
      type: 'recordOutcome',
      outboxId: effect?.id ?? 1,
      outcome: done
        ? { type: 'done', providerReference: `ref-${draw() % 1_000}` }
        : { type: 'refused', reason: oneIn(4, draw) ? '' : 'card declined' },
    },
  }
}

const seeds = ['a', 'b', 'c'].map((digit) => digit.repeat(32))

/** A draw is opened, entered or revealed: mostly what suits the one that is under way. */
function lot(world: World, draw: Draw): Asked {
  const active = world.draws.filter((it) => it.status !== 'done')
  const one = oneIn(8, draw) ? pick(world.draws, draw) : pick(active, draw)
  if (one === undefined || (active.length < 2 && oneIn(6, draw))) return openingLot(world, draw)
  const { terms, id: drawId } = one
  if (world.now < terms.windowToMs !== oneIn(9, draw)) {
    const wishes = Array.from({ length: 1 + (draw() % 2) }, () => {
      const runId = oneIn(12, draw) ? draw() % 6 : (pick(terms.runIds, draw) ?? 1)
      const fromStop = draw() % 3
      const classCode = oneIn(4, draw) ? '1' : '2'
      return { runId, fromStop, toStop: fromStop + 1 + (draw() % 2), classCode }
    })
    const passengers = Array.from({ length: 1 + (draw() % 3) }, (_, i) => {
      return { name: `D${i}`, ...detailsOf(world, draw) }
    })
    const salt = (draw() % 0xffff).toString(16).padStart(16, '0')
    const command = { type: 'enterDraw', drawId, wishes, passengers, salt } as const
    return { actor: passenger(world, draw), command }
  }
  const right = seeds.find((seed) => hashOf(seed) === terms.seedCommitment) ?? seeds[0]
  const seed = (oneIn(5, draw) ? pick(seeds, draw) : right) ?? ''
  return {
    actor: oneIn(6, draw) ? staff(world, draw) : 0,
    command: { type: 'revealSeed', drawId, seed },
  }
}

function openingLot(world: World, draw: Draw): Asked {
  const ahead = world.runs.filter((run) => departureAt(world, run, 0) > world.now + hour)
  const few = oneIn(5, draw) ? world.runs : ahead
  const runIds = few
    .slice(draw() % 3)
    .slice(0, 1 + (draw() % 2))
    .map((run) => run.id)
  const windowFromMs = Math.max(0, world.now + ((draw() % 4) - 2) * 5_000)
  const windowToMs = windowFromMs + 10_000 + (draw() % 300) * 1_000
  const revealByMs = windowToMs + (draw() % 3_600) * 1_000
  const seedCommitment = hashOf(pick(seeds, draw) ?? '')
  const holdMs = 60_000 + (draw() % 900_000)
  const times = { windowFromMs, windowToMs, revealByMs }
  const command = { type: 'openDraw', runIds, ...times, holdMs, seedCommitment } as const
  return { actor: oneIn(5, draw) ? staff(world, draw) : 0, command }
}

/** Mostly a mail that was sent; now and then somebody does not want any. */
function notice(world: World, draw: Draw): Asked {
  if (oneIn(5, draw)) {
    const kinds = ['refundSent', 'runDelayed', 'drawLost', 'bookingConfirmed'] as const
    const muted = kinds.slice(draw() % 3, 1 + (draw() % 4))
    return { actor: passenger(world, draw), command: { type: 'setNoticePreferences', muted } }
  }
  if (oneIn(9, draw)) {
    const command = { type: 'switchNotices', on: draw() % 4 > 0 } as const
    return { actor: oneIn(2, draw) ? 0 : staff(world, draw), command }
  }
  const open = world.notices.filter((it) => !it.gone).slice(0, 3)
  const noticeId = pick(oneIn(6, draw) ? world.notices : open, draw)?.id ?? 1 + (draw() % 5)
  const outcome = oneIn(3, draw)
    ? ({ type: 'refused', reason: 'no such mailbox' } as const)
    : ({ type: 'done', providerReference: '250 taken' } as const)
  const actor = oneIn(20, draw) ? passenger(world, draw) : 0
  return { actor, command: { type: 'recordNotice', noticeId, outcome } }
}

function resolve(sent: readonly Sent[], draw: Draw): Asked {
  const recent = pick(sent.slice(-40), draw)?.entry
  const actor = recent === undefined || oneIn(12, draw) ? draw() % 3 : recent.actor
  const fresh = { principal: `a:${actor}`, method: 'holdSeats', requestId: `never-${draw() % 9}` }
  const key =
    recent === undefined || oneIn(4, draw) ? { ...fresh, contentHash: 'abc' } : { ...recent.key }
  if (oneIn(10, draw)) key.contentHash = 'bad1'
  return { actor, command: { type: 'resolveRequest', key } }
}

function register(world: World, draw: Draw): Asked {
  const role = pick(['passenger', 'passenger', 'staff', 'operator'] as const, draw) ?? 'passenger'
  return {
    actor: oneIn(2, draw) ? 0 : staff(world, draw),
    command: {
      type: 'registerAccount',
      email: oneIn(10, draw) ? '__proto__@x' : `p${draw() % 12}@valdoria.example`,
      displayName: 'Somebody',
      passwordHash: 'scrypt$1',
      role,
    },
  }
}

function session(world: World, draw: Draw): Asked {
  const tokenHash = (draw() % 8).toString(16).repeat(64)
  const actor = oneIn(3, draw) ? passenger(world, draw) : 0
  if (oneIn(3, draw)) return { actor, command: { type: 'closeSession', tokenHash } }
  const accountId = oneIn(10, draw) ? 99 : actor || 1 + (draw() % 4)
  const ttlMs = pick([1_000, 60_000, hour, day], draw) ?? hour
  return { actor, command: { type: 'openSession', accountId, tokenHash, ttlMs } }
}

/** Mostly of those who came later, so that there are always some to buy and sell. */
function accountChange(world: World, draw: Draw): Asked {
  const later = world.accounts.filter((account) => account.id > 4)
  const account = pick(later.length > 0 && !oneIn(9, draw) ? later : world.accounts, draw)
  const accountId = account?.id ?? 1
  const operator = world.accounts.find((it) => it.role === 'operator' && !it.closed)?.id ?? 0
  const actor = oneIn(8, draw) ? passenger(world, draw) : operator
  const tokenHash = (draw() % 3).toString(16).repeat(64)
  const passwordHash = `scrypt$${draw() % 4}`
  const role = pick(['passenger', 'agent', 'staff', 'operator'] as const, draw) ?? 'staff'
  const commands: readonly Asked[] = [
    { actor, command: { type: 'setRole', accountId, role } },
    { actor, command: { type: 'setAccountOpen', accountId, open: !oneIn(3, draw) } },
    {
      actor: oneIn(9, draw) ? 0 : accountId,
      command: {
        type: 'changePassword',
        passwordHash,
        keepTokenHash: oneIn(3, draw) ? '' : (draw() % 8).toString(16).repeat(64),
      },
    },
    { actor: 0, command: { type: 'requestPasswordReset', accountId } },
    {
      actor: oneIn(9, draw) ? accountId : 0,
      command: { type: 'grantPasswordReset', accountId, tokenHash, ttlMs: hour },
    },
    { actor: 0, command: { type: 'resetPassword', accountId, tokenHash, passwordHash } },
    {
      actor: oneIn(3, draw) ? operator : accountId,
      command: { type: 'deleteAccount', accountId },
    },
  ]
  if (oneIn(3, draw)) return savedPassenger(world, draw)
  return pick(commands, draw) ?? { actor, command: { type: 'tick' } }
}

function savedPassenger(world: World, draw: Draw): Asked {
  const actor = passenger(world, draw)
  const saved = world.accounts.find((it) => it.id === actor)?.saved ?? []
  const passengerId = oneIn(9, draw) ? draw() % 30 : (pick(saved, draw)?.passengerId ?? 0)
  if (oneIn(4, draw)) return { actor, command: { type: 'forgetPassenger', passengerId } }
  return {
    actor,
    command: {
      type: 'savePassenger',
      passengerId: oneIn(2, draw) ? 0 : passengerId,
      name: `P${draw() % 9}`,
      passengerType: oneIn(2, draw) ? '' : 'child',
      birthDate: oneIn(2, draw) ? 0 : 20_000_101,
      document: oneIn(2, draw) ? '' : 'X1',
    },
  }
}

function openImport(world: World, draw: Draw): number | undefined {
  const open = world.imports.find((i) => i.open)
  if (open !== undefined) return oneIn(4, draw) ? undefined : open.id
  return oneIn(10, draw) ? draw() % 4 : undefined
}

function hasFewPeople({ accounts }: World): boolean {
  return accounts.filter(({ closed }) => !closed).length < 3
}

function hasEverythingLeft(world: World): boolean {
  const known = world.runs.filter((run) => world.trains.some(({ id }) => id === run.trainId))
  return known.every((run) => run.importId !== 0 || departureAt(world, run, 0) <= world.now)
}

function runs(world: World, draw: Draw): Asked {
  const on = pick(world.trains.slice(-4), draw)
  const byNumber = oneIn(3, draw)
  const count = 1 + (draw() % 2)
  return {
    actor: staff(world, draw),
    command: {
      type: 'addRuns',
      importId: openImport(world, draw),
      trainId: byNumber ? 0 : (on?.id ?? 1),
      trainNumber: byNumber ? (on?.number ?? 'X') : '',
      ...(oneIn(7, draw) && { byCalendar: true }),
      runs: Array.from({ length: count }, () => {
        const ahead = draw() % 6
        const baseMs = Math.floor(world.now / day) * day + ahead * day
        return { serviceDate: 20260101 + (Math.floor(baseMs / day) % 28), baseMs }
      }),
    },
  }
}

export function train(world: World, draw: Draw): Extract<Command, { type: 'addTrain' }> {
  // Now and then more segments than a 32-bit word has bits.
  const count = oneIn(6, draw) ? 33 + (draw() % 40) : 3 + (draw() % 5)
  const stops: TrainStop[] = []
  let [seconds, metres] = [draw() % 80_000, 0]
  for (let at = 0; at < count; at++) {
    const arrivalSeconds = seconds
    const departureSeconds = arrivalSeconds + (draw() % 300)
    stops.push({
      stationCode: oneIn(70, draw) ? 'NOWHERE' : (pick(stationCodes, draw) ?? ''),
      arrivalSeconds,
      departureSeconds,
      distanceMetres: metres,
      boarding: !oneIn(9, draw),
      alighting: !oneIn(9, draw),
    })
    seconds = departureSeconds + (draw() % 7_000)
    metres += draw() * 5
  }
  const coaches = pick(layouts, draw) ?? []
  const number = `T${draw() % 3}`
  return {
    type: 'addTrain',
    importId: openImport(world, draw),
    number,
    name: oneIn(2, draw) ? '' : 'Express',
    stops,
    coaches,
    calendar: oneIn(2, draw) ? undefined : calendar(draw),
  }
}

function calendar(draw: Draw): TrainCalendar {
  const dates = { weekdays: draw() % 128, fromDate: 20260101, toDate: 20261231 }
  const addedDates = oneIn(2, draw) ? [] : oneIn(8, draw) ? [20260132] : [20260105]
  const exceptions = oneIn(2, draw) ? undefined : { addedDates, removedDates: [20260110] }
  return { ...dates, timeZone: 'UTC', exceptions }
}

/** Small enough that trains fill up; gaps, odd letters and scattered classes included. */
const layouts: readonly (readonly Coach[])[] = [
  [
    { label: '1', classCode: '1', rows: 2, columns: 'A-B' },
    { label: '2', classCode: '2', rows: 4, columns: 'AB-CD' },
  ],
  [
    { label: 'a', classCode: '2', rows: 3, columns: 'AB' },
    { label: 'b', classCode: '1', rows: 1, columns: 'C-BA' },
    { label: 'c', classCode: '2', rows: 2, columns: 'A' },
    { label: 'd', classCode: '2', rows: 3, columns: 'B-A' },
  ],
  [{ label: '9', classCode: '2', rows: 7, columns: 'A-BC' }],
  // Full after a few holds: people wait for it.
  [
    { label: '1', classCode: '1', rows: 1, columns: 'AB' },
    { label: '2', classCode: '2', rows: 2, columns: 'AB' },
  ],
  ...seatingLayouts,
]

export function stations(world: World, draw: Draw): Extract<Command, { type: 'putStations' }> {
  const codes = stationCodes.slice(draw() % stationCodes.length)
  return {
    type: 'putStations',
    importId: openImport(world, draw),
    stations: (oneIn(5, draw) ? ['__proto__', 'constructor'] : codes).map((code) => ({
      code,
      name: `Station ${code} ${draw() % 5}`,
      aliases: oneIn(3, draw) ? [`old ${code}`] : [],
      searchTerms: [code.toLowerCase()],
      latitudeE6: draw() * 100,
      longitudeE6: -draw() * 100,
      timeZone: 'Europe/Berlin',
      ...(oneIn(3, draw)
        ? {
            groupCode: pick(['', 'ALF', 'ETA', 'CITY'], draw),
            changeSeconds: pick([undefined, 0, 600], draw),
            zone: pick([undefined, '', '7', '8'], draw),
          }
        : {}),
    })),
  }
}

function importing(world: World, draw: Draw): Asked {
  const actor = staff(world, draw)
  const open = world.imports.find((i) => i.open)?.id
  if (open === undefined && !oneIn(6, draw)) {
    return { actor, command: { type: 'beginImport', source: 'feed.zip' } }
  }
  const importId = open === undefined || oneIn(8, draw) ? draw() % 5 : open
  const type = oneIn(3, draw) ? 'abortImport' : 'commitImport'
  return { actor, command: { type, importId } }
}

export function rules(world: World, draw: Draw): Command {
  const validFromMs = Math.max(0, world.now + ((draw() % 5) - 2) * hour)
  if (oneIn(4, draw)) return seatRule(validFromMs, draw)
  if (oneIn(8, draw)) return seatPromise(validFromMs, draw)
  if (oneIn(20, draw)) return overbooking(validFromMs, draw)
  if (oneIn(3, draw)) return tariff(validFromMs, draw)
  if (oneIn(6, draw)) {
    return {
      type: 'setWaitingRule',
      validFromMs,
      capBasisPoints: pick([0, 10_000, 10_000, 3_333 + (draw() % 3_333)], draw) ?? 0,
      chartBeforeDepartureMs: (draw() % 5) * hour,
      promotedHoldMs: pick([60_000, 600_000], draw) ?? 60_000,
    }
  }
  if (oneIn(8, draw)) return sale(validFromMs, draw)
  if (oneIn(2, draw)) {
    return {
      type: 'setFareRule',
      validFromMs,
      classes: (oneIn(5, draw) ? ['2'] : ['1', '2']).map((classCode) => ({
        classCode,
        baseMinor: draw() % 500,
        perThousandKilometresMinor: draw(),
      })),
    }
  }
  if (oneIn(2, draw)) return charges(validFromMs, draw)
  const later = { untilBeforeDepartureMs: 0, refundBasisPoints: draw() % 10_001 }
  const sooner = { untilBeforeDepartureMs: (1 + (draw() % 30)) * hour, refundBasisPoints: 10_000 }
  return { type: 'setRefundRule', validFromMs, bands: oneIn(4, draw) ? [later] : [sooner, later] }
}

/** Mostly such that most may be held. */
function sale(validFromMs: number, draw: Draw): Command {
  return {
    type: 'setSalesRule',
    validFromMs,
    holdMs: pick([60_000, 600_000, hour], draw) ?? hour,
    extensionMs: pick([0, 1_000, 600_000], draw) ?? 0,
    maxOpenHolds: pick([0, 1, 2, 8], draw) ?? 0,
    maxPassengers: oneIn(3, draw) ? 1 + (draw() % 6) : 6,
    opensBeforeMs: oneIn(3, draw) ? (draw() % 60) * hour : 0,
    closesBeforeMs: oneIn(3, draw) ? (draw() % 8) * hour : 0,
  }
}

function fixedFares(draw: Draw): FixedFares {
  const fare = () => ({ classCode: pick(['1', '2'], draw) ?? '2', amountMinor: draw() % 4_000 })
  const code = () => pick(stationCodes, draw) ?? ''
  const zone = () => pick(['7', '8'], draw) ?? ''
  return {
    pairs: [0, 1, 2].map(() => ({ fromCode: code(), toCode: code(), ...fare() })),
    zones: [0, 1].map(() => ({ fromZone: zone(), toZone: zone(), ...fare() })),
  }
}

function tariff(validFromMs: number, draw: Draw): Command {
  const tax = () => pick([0, 500, 1_234], draw) ?? 0
  return {
    type: 'setTariff',
    validFromMs,
    roundToMinor: pick([1, 5, 50], draw) ?? 1,
    rounding: pick(['halfUp', 'up', 'down'] as const, draw) ?? 'up',
    classes: (oneIn(5, draw) ? ['2'] : ['1', '2']).map((classCode) => ({
      classCode,
      baseMinor: draw() % 500,
      perThousandKilometresMinor: draw(),
      minimumMetres: draw() * 2,
      taxBasisPoints: tax(),
    })),
    passengerTypes: [
      { code: 'child', fareBasisPoints: draw() % 10_001, perFullFare: draw() % 3 },
      { code: 'senior', fareBasisPoints: pick([0, 5_000], draw) ?? 0, perFullFare: 0 },
    ].slice(draw() % 2),
    supplements: [
      {
        code: 'express',
        trainPrefix: pick(['', 'T1'], draw) ?? '',
        classCode: pick(['', '1'], draw) ?? '',
        amountMinor: draw() % 300,
        taxBasisPoints: tax(),
        reduced: oneIn(2, draw),
      },
    ].slice(draw() % 2),
    fixedFares: oneIn(2, draw) ? undefined : fixedFares(draw),
  }
}

export function charges(validFromMs: number, draw: Draw): Command {
  const bands = [48, 12, 4].slice(draw() % 3).map((hours, i) => ({
    untilBeforeDepartureMs: hours * hour,
    flatMinor: (draw() % 300) * (i + 1),
    chargeBasisPoints: draw() % 10_001,
  }))
  const classes = oneIn(3, draw) ? ['2'] : ['', '1']
  const later = {
    untilBeforeDepartureMs: 0,
    flatMinor: draw() % 90,
    chargeBasisPoints: draw() % 999,
  }
  const exchangeBands = oneIn(3, draw) ? bands : [later]
  const waiting = { state: 'waiting', classCode: '', taxBasisPoints: 0, bands } as const
  return {
    type: 'setCancellationRule',
    validFromMs,
    offerMs: pick([60_000, 600_000, 12 * hour], draw) ?? hour,
    roundToMinor: pick([1, 5, 100], draw) ?? 1,
    rounding: pick(['halfUp', 'up', 'down'] as const, draw) ?? 'up',
    lines: [
      ...classes.map((classCode) => ({
        state: 'confirmed' as const,
        classCode,
        taxBasisPoints: pick([0, 500, 1_800], draw) ?? 0,
        bands,
        exchange: oneIn(4, draw)
          ? undefined
          : { bands: exchangeBands, surplusBack: oneIn(2, draw) },
      })),
      ...(oneIn(8, draw) ? [waiting] : []),
      ...(oneIn(2, draw) ? [{ ...waiting, state: 'rac' as const, taxBasisPoints: 500 }] : []),
    ],
  }
}

export function foundation(draw: Draw): FoundCluster {
  return {
    type: 'foundCluster',
    clusterId: '0123456789abcdef'.repeat(2),
    pnrKey: [draw(), draw(), draw(), draw()],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: pick([300_000, 900_000], draw) ?? 900_000,
    featureLevel: foundingLevel(draw()),
  }
}

/** Mostly the latest one; some begin as an old cluster did. */
function foundingLevel(drawn: number): number | undefined {
  if (drawn % 30 === 0) return undefined
  return drawn % 4 === 1 ? 2 : LATEST_FEATURE_LEVEL
}
