/**
 * Generated histories: each step is a few small numbers, read against the railway as it stands, so
 * that most commands name things that exist and a shrunk history is still a sensible one.
 */
import fc from 'fast-check'
import { refundAt } from '../src/cancellation.ts'
import type { Command, RequestKey } from '../src/commands.ts'
import { dueMinor } from '../src/exchanges.ts'
import { quotaOf } from '../src/inventory/quotas.ts'
import { ticketsOf } from '../src/queries/tickets.ts'
import { sha256Text } from '../src/sha256.ts'
import type { BookingState } from '../src/state.ts'
import type { Booking, Run } from '../src/things.ts'
import { leadOf } from '../src/trips.ts'
import { fareProducts, productCodes } from './fuzz/products.ts'
import { preferencesFor, seatCommands, seatRule, special } from './fuzz/seats.ts'
import { voucherCommands } from './fuzz/vouchers.ts'
import { secondFactorCommands } from './people-steps.ts'
import { DAY, HOLD, HOUR, key, runs, station, stations, stopsAt, train } from './world.ts'

export interface Step {
  readonly kind: (typeof kinds)[number]
  /** Numbers to choose things by. */
  readonly a: number
  readonly b: number
  readonly c: number
  /** How far the clock moves. */
  readonly pass: number
  /** 0: the cluster; 1 to 4: an account, of which some may be missing; else who would do this. */
  readonly actor: number
  /** Requests repeat often; 0: no key. */
  readonly request: number
  /** A field that is replaced by anything at all. */
  readonly hostile: { readonly field: number; readonly value: unknown } | undefined
}

const kinds = [
  'account',
  'session',
  'logout',
  'accountChange',
  'stations',
  'train',
  'runs',
  'begin',
  'commit',
  'abort',
  'hold',
  'hold',
  'hold',
  'hold',
  'choose',
  'trip',
  'trip',
  'release',
  'pay',
  'pay',
  'pay',
  'done',
  'done',
  'done',
  'refused',
  'cancel',
  'cancel',
  'offer',
  'offer',
  'accept',
  'accept',
  'payRefund',
  'chargeback',
  'settle',
  'join',
  'join',
  'join',
  'fill',
  'leave',
  'chart',
  'lists',
  'promise',
  'exchange',
  'exchange',
  'confirm',
  'cancelRun',
  'calendar',
  'consist',
  'continueDisruption',
  'continueDisruption',
  'rebook',
  'rebook',
  'takeRefund',
  'delay',
  'compensation',
  'tickets',
  'tickets',
  'inspect',
  'inspect',
  'ticketKey',
  'noTicketKey',
  'node',
  'noNode',
  'fares',
  'refunds',
  'charges',
  'sale',
  'products',
  'vouchers',
  'vouchers',
  'extend',
  'tariff',
  'seatRule',
  'block',
  'quota',
  'tick',
  'resolve',
  'draw',
  'enter',
  'reveal',
  'agent',
  'agent',
  'agent',
  'company',
  'company',
  'company',
  'guest',
  'guest',
  'notice',
  'mute',
  'notices',
] as const
/** Mostly none: a hold should meet its payment. */
const passes = [...Array(24).fill(0), 1_000, 60_000, HOLD / 2, HOLD / 2, HOLD, HOLD, HOUR, DAY]

export const histories: fc.Arbitrary<Step[]> = fc.array(
  fc.record<Step>({
    kind: fc.constantFrom(...kinds),
    a: fc.nat(50),
    b: fc.nat(50),
    c: fc.nat(50),
    pass: fc.constantFrom(...passes),
    actor: fc.nat(20),
    request: fc.nat(40),
    hostile: fc.oneof(
      { weight: 20, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.record({ field: fc.nat(8), value: fc.anything() }) },
    ),
  }),
  { minLength: 1, maxLength: 120, size: 'max' },
)

export function commandOf(step: Step, state: BookingState): Command {
  const command = sensible(step, state)
  if (step.hostile === undefined) return command
  const fields = Object.keys(command)
  const field = fields[step.hostile.field % fields.length] as string
  return { ...command, [field]: step.hostile.value } as Command
}

export function actorOf({ actor, kind, a }: Step, state: BookingState): number {
  if (actor < 5) return actor
  if (ofAnybody.has(kind)) return 1 + (a % 2)
  if (!ofOwner.has(kind)) return 0
  const lost = kind === 'rebook' || kind === 'takeRefund' ? lostBooking(state, a) : undefined
  return (lost ?? state.bookings.get(bookingIdOf(a, state)))?.accountId ?? 1
}

const ofAnybody = new Set(['hold', 'choose', 'trip', 'join', 'fill'])
const ofOwner = new Set([
  'leave',
  'release',
  'extend',
  'pay',
  'cancel',
  'offer',
  'accept',
  'payRefund',
  'exchange',
  'confirm',
  'rebook',
  'takeRefund',
  'tickets',
])

/** One of those that have lost their train. */
function lostBooking({ bookings, disruption }: BookingState, a: number): Booking | undefined {
  const open = [...disruption.disrupted.values()].filter(({ outcome }) => outcome === 'open')
  return bookings.get(open[a % Math.max(open.length, 1)]?.bookingId ?? 0)
}

function bookingIdOf(a: number, state: BookingState): number {
  return Math.max(1, state.meta.nextBookingId - 1 - (a % 4))
}

/** A key of this actor's own. */
export function keyOf({ request, kind }: Step, actor: number): RequestKey | undefined {
  if (request === 0) return undefined
  const principal = actor > 0 ? `a:${actor}` : request % 7 === 0 ? 'c:browser' : 'p:sandbox'
  // With and without the kind: some ids are used for two things.
  const contentHash = request % 5 === 0 ? kindHash(kind) : 'abc'
  return request > 15 ? undefined : key(`r${request}`, { principal, contentHash })
}

function sensible(step: Step, state: BookingState): Command {
  const { kind, a, b, c } = step
  const { meta } = state
  const bookingId = bookingIdOf(a, state)
  const booking = state.bookings.get(bookingId)
  const runId = b % 3 === 0 ? 1 : 1 + (a % meta.nextRunId)
  const importId = c % 3 === 0 ? meta.nextImportId - 1 || undefined : undefined
  switch (kind) {
    case 'account': {
      const role = (['passenger', 'staff', 'operator'] as const)[b % 3] ?? 'passenger'
      const email = `p${a % 6}@example.org`
      return { type: 'registerAccount', email, displayName: 'P', passwordHash: 'h', role }
    }
    case 'session':
      return {
        type: 'openSession',
        accountId: 1 + (a % 4),
        tokenHash: token(b),
        ttlMs: 1 + c * HOUR,
      }
    case 'accountChange': {
      const accountId = 1 + (a % 5)
      const role = (['passenger', 'staff', 'operator'] as const)[b % 3] ?? 'passenger'
      const tokenHash = token(b)
      const commands: readonly Command[] = [
        { type: 'setRole', accountId, role },
        { type: 'setAccountOpen', accountId, open: b % 3 > 0 },
        {
          type: 'changePassword',
          passwordHash: `h${a}`,
          keepTokenHash: b % 2 === 0 ? '' : tokenHash,
        },
        { type: 'requestPasswordReset', accountId },
        { type: 'grantPasswordReset', accountId, tokenHash, ttlMs: HOUR },
        { type: 'resetPassword', accountId, tokenHash, passwordHash: 'h' },
        {
          type: 'savePassenger',
          passengerId: b % 3,
          name: 'P',
          passengerType: '',
          birthDate: 0,
          document: '',
        },
        { type: 'forgetPassenger', passengerId: 1 + (b % 2) },
        ...secondFactorCommands(step, accountId, tokenHash),
        { type: 'deleteAccount', accountId: 3 + (a % 3) },
      ]
      return commands[c % commands.length] ?? { type: 'tick' }
    }
    case 'agent': {
      const bookingId = bookingIdOf(b, state)
      const booking = state.bookings.get(bookingId)
      const amountMinor = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
      const commands: readonly Command[] = [
        { type: 'setRole', accountId: 1 + (a % 2), role: 'agent' },
        { type: 'openTill', floatMinor: b * 1_000 },
        { type: 'openTill', floatMinor: b * 1_000 },
        { type: 'payAtCounter', bookingId, means: 'cash', amountMinor, reference: '' },
        { type: 'payAtCounter', bookingId, means: 'terminal', amountMinor, reference: 'T' },
        { type: 'payOut', outboxId: 1 + (b % state.meta.nextOutboxId), reference: '' },
        { type: 'closeTill', countedMinor: b * 1_000 },
        { type: 'nameCustomer', bookingId, displayName: 'C', email: '' },
        {
          type: 'setAgentRule',
          validFromMs: 0,
          accountId: a % 3,
          maxOpenHolds: 0,
          commissionBasisPoints: b * 20,
        },
      ]
      return commands[c % commands.length] ?? { type: 'tick' }
    }
    case 'company': {
      const bookingId = bookingIdOf(b, state)
      const booking = state.bookings.get(bookingId)
      const amountMinor = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
      const who = { name: 'C', taxId: '', address: 'A', paymentTermMs: HOUR }
      const invoice = [...state.invoices.values()][0]
      const commands: readonly Command[] = [
        { type: 'setCompany', companyId: a % 2, ...who, creditLimitMinor: b * 10_000 },
        { type: 'setMember', companyId: 1, accountId: 1 + (a % 2), role: 'admin' },
        { type: 'payOnAccount', companyId: 1, bookingId, amountMinor },
        { type: 'payOnAccount', companyId: 1, bookingId, amountMinor },
        { type: 'payOnAccount', companyId: 1, bookingId, amountMinor },
        { type: 'issueInvoice', companyId: 1 },
        {
          type: 'recordInvoicePayment',
          invoiceId: invoice?.invoiceId ?? 1,
          amountMinor: 1 + b,
          reference: 'bank',
        },
      ]
      return commands[c % commands.length] ?? { type: 'tick' }
    }
    case 'guest': {
      const accountId = [...state.guests.keys()][a % 4] ?? 5
      const commands: readonly Command[] = [
        { type: 'openGuest', email: `p${b % 4}@example.org`, displayName: 'G' },
        { type: 'openGuest', email: `p${b % 4}@example.org`, displayName: 'G' },
        { type: 'grantGuestLink', accountId, linkHash: token(c), ttlMs: DAY },
        { type: 'requestGuestLink', accountId, bookingId: bookingIdOf(b, state) },
        { type: 'openGuestLink', accountId, linkHash: token(c), tokenHash: token(b), ttlMs: DAY },
        { type: 'claimGuest', accountId, linkHash: token(c) },
        { type: 'setGuestRule', validFromMs: 0, maxHolds: c % 4, retentionMs: b * HOUR },
      ]
      return commands[(a + b) % commands.length] ?? { type: 'tick' }
    }
    case 'logout':
      return { type: 'closeSession', tokenHash: token(b) }
    case 'stations':
      return stations([station(letter(a), `Name ${b % 3}`), station(letter(a + 1))], importId)
    case 'train': {
      const stops = stopsAt(...Array.from({ length: 2 + (a % 4) }, (_, i) => letter(b + i)))
      return train(`T${c % 3}`, { importId, stops, ...(b % 2 === 0 && { coaches: special }) })
    }
    case 'runs': {
      const trainId = b % 2 === 0 ? 0 : 1 + (a % meta.nextTrainId)
      return { ...runs(trainId, a % 7, b % 7), importId, trainNumber: `T${c % 3}` } as Command
    }
    case 'begin':
      return { type: 'beginImport', source: 'feed' }
    case 'commit':
      return { type: 'commitImport', importId: meta.nextImportId - 1 }
    case 'abort':
      return { type: 'abortImport', importId: meta.nextImportId - 1 }
    case 'hold':
    case 'choose': {
      const stops = state.runs.get(runId)?.train.stops.length ?? 5
      const fromStop = b % Math.max(stops - 1, 1)
      const toStop = fromStop + 1 + (c % Math.max(stops - 1 - fromStop, 1))
      const passengers = Array.from({ length: 1 + ((a + b) % 6) }, (_, i) => ({
        name: `N${i}`,
        passengerType: i > 0 && a % 3 === 0 ? 'child' : undefined,
      }))
      const first = 6 + ((b * 7 + c) % 20)
      const seats = kind === 'hold' ? [] : passengers.map((_, i) => first + i)
      const preferences = preferencesFor(passengers.length, drawFrom(b, c))
      const pool = [undefined, undefined, 'family'][c % 3]
      const product = productCodes[c % productCodes.length]
      const leg = { runId, fromStop, toStop, classCode: '2', seats, preferences, pool, product }
      return { type: 'holdSeats', passengers, ...leg }
    }
    case 'trip': {
      const passengers = [{ name: 'There' }, { name: 'Back' }].slice(a % 2)
      const legs = [runId, 1 + (b % meta.nextRunId)].map((id, i) => {
        const fromStop = (b + i) % 3
        const seats = c % 4 === 0 ? passengers.map((_, at) => 6 + ((b + at) % 20)) : []
        return { runId: id, fromStop, toStop: fromStop + 1, classCode: '2', seats }
      })
      return { type: 'holdTrip', legs, passengers }
    }
    case 'extend':
      return { type: 'extendHold', bookingId }
    case 'vouchers':
      return (
        voucherCommands({ nowMs: meta.nowMs }, drawFrom(b, c), bookingId)[a % 3] ?? {
          type: 'tick',
        }
      )
    case 'products':
      return fareProducts(meta.nowMs + (c % 5) * HOUR)
    case 'sale':
      return {
        type: 'setSalesRule',
        validFromMs: meta.nowMs + (c % 5) * HOUR,
        holdMs: HOLD + b * 1_000,
        extensionMs: (b % 3) * 60_000,
        maxOpenHolds: a % 4,
        maxPassengers: 6 - (b % 3),
        opensBeforeMs: c % 4 === 0 ? a * 10 * HOUR : 0,
        closesBeforeMs: c % 5 === 0 ? b * HOUR : 0,
      }
    case 'release':
      return { type: 'releaseHold', bookingId }
    case 'pay': {
      const price = booking === undefined ? 0 : dueMinor(state, leadOf(booking))
      const amountMinor = b % 8 === 0 ? price + 1 : price
      return { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor }
    }
    case 'done':
    case 'refused': {
      const pending = [...state.effects.keys()]
      const outboxId = pending[a % Math.max(pending.length, 1)] ?? 1 + (b % meta.nextOutboxId)
      const outcome =
        kind === 'done'
          ? ({ type: 'done', providerReference: `ref${c}` } as const)
          : ({ type: 'refused', reason: 'no' } as const)
      return { type: 'recordOutcome', outboxId, outcome }
    }
    case 'cancel': {
      const refund = booking === undefined ? 0 : refundAt(state, booking, meta.nowMs)
      const expectedRefundMinor = refund + (b % 5 === 0 ? 1 : 0)
      return { type: 'cancelBooking', bookingId, expectedRefundMinor }
    }
    case 'offer': {
      const passengers = Array.from({ length: booking?.passengers ?? 0 }, (_, i) => i).filter(
        (i) => (b >> i) % 2 === 1,
      )
      return { type: 'offerRefund', bookingId, passengers }
    }
    case 'accept': {
      const offerId = booking?.offer?.offerId ?? 1 + (b % 5)
      return { type: 'acceptRefund', bookingId, offerId, payLater: c % 3 === 0 }
    }
    case 'payRefund':
      return { type: 'payRefund', bookingId }
    case 'chargeback': {
      const reason = 'fraudulent'
      const of = { bookingId, reference: `dispute-${b % 20}`, amountMinor: 1 + c * 90 }
      return { type: 'recordChargeback', ...of, reason }
    }
    case 'settle':
      return { type: 'settleChargeback', reference: `dispute-${b % 20}`, won: c % 2 === 0 }
    case 'promise':
      return {
        type: 'setSeatPromiseRule',
        validFromMs: c % 3 === 0 ? meta.nowMs + b * HOUR : 0,
        chartBeforeDepartureMs: (b % 9) * HOUR,
        lines: [{ trainNumber: '', classCode: a % 2 === 0 ? '1' : '2', promised: c % 4 === 0 }],
      }
    case 'lists':
      return {
        type: 'setWaitingRule',
        validFromMs: c % 3 === 0 ? meta.nowMs + b * HOUR : 0,
        capBasisPoints: (a % 4) * 2_500,
        chartBeforeDepartureMs: (b % 9) * HOUR,
        promotedHoldMs: HOLD,
      }
    case 'fill': {
      // First class has six seats.
      const passengers = Array.from({ length: 6 }, (_, i) => ({ name: `F${i}` }))
      const [fromStop, toStop] = b % 3 === 0 ? [0, 2] : [0, 4]
      return {
        type: 'holdSeats',
        runId: 1,
        fromStop,
        toStop,
        classCode: '1',
        passengers,
        seats: [],
      }
    }
    case 'join': {
      const wanted = { runId: 1, fromStop: b % 3, toStop: 3 + (c % 2), classCode: '1' }
      const quota = quotaOf(state, state.runs.get(1) as Run, '1')
      const pool = quota?.pools[c % 2]?.code
      return {
        type: 'joinWaitingList',
        ...wanted,
        ...(pool !== undefined && { pool, onlyPool: b % 2 === 0 }),
        passengers: [{ name: 'W1' }, { name: 'W2' }].slice(a % 2),
        deadlineMs: meta.nowMs + 1 + c * 3 * HOUR,
        alternatives: a % 5 === 0 ? [{ ...wanted, classCode: '2', shared: true }] : [],
        shared: pool === undefined && a % 3 > 0,
        maxPriceMinor: 1_000_000,
      }
    }
    case 'leave':
      return { type: 'leaveWaitingList', bookingId }
    case 'chart':
      return { type: 'closeChart', runId }
    case 'exchange': {
      const [fromStop, toStop] = [b % 3, (b % 3) + 1]
      return { type: 'holdExchange', bookingId, runId, fromStop, toStop, classCode: '2', seats: [] }
    }
    case 'confirm':
      return { type: 'confirmBooking', bookingId }
    case 'cancelRun':
      return {
        ...{ type: 'cancelRun', runId: booking?.run.runId ?? runId },
        ...{ fromStop: c % 4 === 0 ? b % 4 : 0, reason: 'disruption' },
      }
    case 'calendar': {
      const dates = { fromDate: 20261123 + (c % 8), toDate: 20271231 }
      const calendar = { weekdays: 127 - (1 << (b % 7)), ...dates, timeZone: 'UTC' }
      return { type: 'setCalendar', trainId: 1 + (a % 2), calendar, reason: 'other' }
    }
    case 'consist':
      return {
        type: 'changeConsist',
        runId: booking?.run.runId ?? runId,
        coaches: [],
        withoutCoaches: b % 2 === 0 ? [String(1 + (c % 3))] : [],
        blockedSeats: b % 2 === 0 ? [] : [c % 30],
        reason: 'technicalFailure',
      }
    case 'continueDisruption': {
      const [next] = state.disruption.unsettled
      return { type: 'continueDisruption', disruptionId: next?.disruptionId ?? 1 + (a % 4) }
    }
    case 'rebook': {
      const lost = lostBooking(state, a)
      const { fromStop = 0, toStop = 1 } = lost ?? {}
      const bookingOf = lost?.bookingId ?? bookingId
      return { type: 'rebookFree', bookingId: bookingOf, runId, fromStop, toStop, seats: [] }
    }
    case 'delay': {
      const stop = booking === undefined || c % 3 === 0 ? c % 4 : booking.toStop
      const [final, lateMinutes] = [a % 2 === 0, [0, 20, 61, 125][b % 4] ?? 0]
      const late = { stop, lateMinutes, final, reason: 'disruption' } as const
      return { type: 'recordDelay', runId: booking?.run.runId ?? runId, ...late }
    }
    case 'takeRefund':
      return { type: 'takeRefund', bookingId: lostBooking(state, a)?.bookingId ?? bookingId }
    case 'compensation':
      return {
        type: 'setCompensationRule',
        validFromMs: meta.nowMs + (c % 3) * HOUR,
        choiceMs: (a % 3) * DAY,
        rebookMs: b * HOUR,
        minimumMinor: a * 10,
        maximumMinor: c * 100,
        bands: [{ fromMinutes: 1 + a, basisPoints: b * 200 }],
      }
    case 'tickets': {
      const passengers = Array.from({ length: booking?.passengers ?? 0 }, (_, i) => i).filter(
        (i) => (b >> i) % 2 === 1,
      )
      return { type: 'issueTickets', bookingId, passengers: c % 2 === 0 ? [] : passengers }
    }
    case 'inspect':
      return {
        type: 'inspectTicket',
        ticketNumber: ticketsOf(state, bookingId)[b % 3]?.ticketNumber ?? 'ABCDEFGHJ',
        runId: booking?.run.runId ?? 1,
        stop: (booking?.fromStop ?? 0) + (c % 3),
        atMs: meta.nowMs,
        deviceId: 'gate',
        scanId: `s${b % 5}`,
      }
    case 'ticketKey':
      return {
        type: 'registerTicketKey',
        keyId: `${a % 4}`.repeat(16),
        publicKey: `${c % 2}`.repeat(64),
      }
    case 'noTicketKey':
      return { type: 'withdrawTicketKey', keyId: `${a % 4}`.repeat(16) }
    case 'node':
      return {
        type: 'registerNode',
        name: `n${a % 4}`,
        clientUrl: `http://n${b % 5}:3001`,
        peerUrl: `http://n${c % 5}:3011`,
      }
    case 'noNode':
      return { type: 'forgetNode', name: `n${a % 4}` }
    case 'tariff':
      return {
        type: 'setTariff',
        validFromMs: meta.nowMs + (c % 9) * HOUR,
        roundToMinor: 1 + (a % 7),
        rounding: (['halfUp', 'up', 'down'] as const)[a % 3] ?? 'up',
        classes: [
          {
            classCode: '2',
            baseMinor: a * 9,
            perThousandKilometresMinor: b * 1_000,
            minimumMetres: c * 5_000,
            taxBasisPoints: b * 100,
          },
        ],
        passengerTypes: [{ code: 'child', fareBasisPoints: a * 200, perFullFare: b % 3 }],
        supplements: [
          {
            code: 'express',
            trainPrefix: b % 2 === 0 ? '' : 'T',
            classCode: '',
            amountMinor: b * 11,
            taxBasisPoints: c * 100,
            reduced: c % 2 === 0,
          },
        ],
      }
    case 'charges':
      return {
        type: 'setCancellationRule',
        validFromMs: meta.nowMs + c * HOUR,
        offerMs: 60_000 + b * 1_000,
        roundToMinor: 1 + (a % 7),
        rounding: (['halfUp', 'up', 'down'] as const)[a % 3] ?? 'up',
        lines: [
          {
            state: 'confirmed',
            classCode: a % 2 === 0 ? '' : '2',
            taxBasisPoints: b * 100,
            bands: [
              { untilBeforeDepartureMs: a * HOUR, flatMinor: b * 7, chargeBasisPoints: c * 200 },
            ],
            exchange: {
              bands: [{ untilBeforeDepartureMs: 0, flatMinor: c, chargeBasisPoints: a * 20 }],
              surplusBack: b % 2 === 0,
            },
          },
        ],
      }
    case 'fares': {
      const fare = { classCode: '2', baseMinor: a, perThousandKilometresMinor: b * 1_000 }
      return { type: 'setFareRule', validFromMs: meta.nowMs + c * HOUR, classes: [fare] }
    }
    case 'refunds': {
      const band = { untilBeforeDepartureMs: a * HOUR, refundBasisPoints: b * 200 }
      return { type: 'setRefundRule', validFromMs: meta.nowMs + c * HOUR, bands: [band] }
    }
    case 'block':
    case 'quota': {
      const commands = seatCommands({ state }, drawFrom(a, b, c, a + b, b + c))
      return commands[kind === 'block' ? a % 2 : 2 + (a % 2)] as Command
    }
    case 'seatRule':
      return seatRule(meta.nowMs + (c % 3) * HOUR)
    case 'draw':
      return {
        type: 'openDraw',
        runIds: [runId],
        windowFromMs: meta.nowMs,
        windowToMs: meta.nowMs + 60_000 + b,
        revealByMs: meta.nowMs + HOLD / 2 + c,
        holdMs: HOLD,
        seedCommitment: sha256Text('a'.repeat(32)),
      }
    case 'enter': {
      const drawId = Math.max(1, state.draws.size)
      const wish = { runId: state.draws.get(drawId)?.runIds[0] ?? 1, fromStop: b % 3 }
      const wishes = [{ ...wish, toStop: wish.fromStop + 1, classCode: '2' }]
      const salt = String(a).padStart(16, '0')
      return { type: 'enterDraw', drawId, wishes, passengers: [{ name: 'D' }], salt }
    }
    case 'reveal':
      return { type: 'revealSeed', drawId: Math.max(1, state.draws.size), seed: 'a'.repeat(32) }
    case 'notices':
      return { type: 'switchNotices', on: b % 5 > 0 }
    case 'mute':
      return { type: 'setNoticePreferences', muted: b % 2 === 0 ? ['refundSent'] : [] }
    case 'notice': {
      const noticeId = [...state.notices.keys()][a % 3] ?? 1 + b
      return {
        type: 'recordNotice',
        noticeId,
        outcome: { type: 'done', providerReference: `mail${c}` },
      }
    }
    case 'tick':
      return { type: 'tick' }
    case 'resolve': {
      const found = keyOf({ ...step, request: 1 + (a % 20) }, actorOf(step, state))
      return { type: 'resolveRequest', key: found as RequestKey }
    }
  }
}

/** The numbers in turn. */
function drawFrom(...numbers: readonly number[]): () => number {
  let at = 0
  return () => numbers[at++ % numbers.length] as number
}

function letter(n: number): string {
  return 'ABCDEFGH'.charAt(n % 8)
}

function token(n: number): string {
  return String(n % 5).padStart(64, '0')
}

function kindHash(kind: string): string {
  return kind.length.toString(16)
}
