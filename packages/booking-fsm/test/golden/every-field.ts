/**
 * What chance has not brought in the golden logs: fields of commands that few send, each filled in a command that
 * is done. `node test/golden/write-every-field.ts` wrote it down.
 */
import { createHash } from 'node:crypto'
import type { Command, PassengerInput, Reply } from '../../src/index.ts'
import {
  account,
  DAY,
  founding,
  HOLD,
  HOUR,
  hold,
  MONDAY,
  runs,
  station,
  stations,
  train,
} from '../world.ts'

/** Does the command at the instant, for whom it is said. */
export type Do = (command: Command, actor?: number, atMs?: number) => Reply
/** What the command would be answered, without it being done. */
export type Ask = (command: Command, actor: number) => Reply

const [ann, bob, dee, eve, agent, cy, di, hal] = [1, 2, 3, 4, 5, 6, 7, 8] as const
const party: readonly PassengerInput[] = [
  { name: 'Full', birthDate: 19_800_101, document: 'ID 1', contact: '+1' },
  { name: 'Small', passengerType: 'child', birthDate: 20_200_102, document: 'ID 2', contact: '+2' },
]
const seed = '5eed'.repeat(16)
const tokenHash = 'e'.repeat(64)

export function everyField(act: Do, ask: Ask): void {
  begin(act)
  tripWithEverything(act, ask)
  waiting(act)
  exchange(act)
  override(act)
  counter(act, ask)
  draw(act)
  ownAccount(act)
}

function begin(act: Do): void {
  act(founding)
  act({
    ...{ type: 'setTariff', validFromMs: 0, roundToMinor: 10, rounding: 'halfUp' },
    classes: ['1', '2'].map((classCode, i) => ({
      ...{ classCode, baseMinor: 2_000 - i * 1_000, perThousandKilometresMinor: 10_000 },
      ...{ minimumMetres: 50_000, taxBasisPoints: 700 },
    })),
    passengerTypes: [{ code: 'child', fareBasisPoints: 5_000, perFullFare: 2 }],
    supplements: [],
  })
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 100, chargeBasisPoints: 1_000 }]
  act({
    ...{ type: 'setCancellationRule', validFromMs: 0, offerMs: HOLD },
    ...{ roundToMinor: 1, rounding: 'up' },
    lines: [
      {
        ...{ state: 'confirmed', classCode: '', taxBasisPoints: 500, bands },
        exchange: { bands, surplusBack: true },
      },
      { state: 'rac', classCode: '1', taxBasisPoints: 500, bands },
      { state: 'waiting', classCode: '', taxBasisPoints: 0, bands },
    ],
  })
  act(stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code))))
  const wheelchairs = {
    ...{ firstRow: 1, lastRow: 1, letters: 'AB' },
    properties: ['wheelchair'] as const,
  }
  act(
    train('IC 1', {
      coaches: [
        { label: '1', classCode: '1', rows: 2, columns: 'A-BC' },
        {
          ...{ label: '2', classCode: '2', rows: 4, columns: 'AB-CD' },
          seating: { bayRows: 0, rules: [wheelchairs] },
        },
      ],
    }),
  )
  act(runs(1, 2, 3, 4, 5, 6))
  const roles = ['passenger', 'passenger', 'staff', 'staff', 'agent'] as const
  for (const [i, role] of roles.entries()) act(account(`p${i + 1}@example.org`, role))
  for (const name of ['cy', 'di', 'hal']) act(account(`${name}@example.org`))
}

/** A way there with seats chosen, and one back from a pool with what is needed. */
function tripWithEverything(act: Do, ask: Ask): void {
  act(pool(2, '2'))
  const trip: Command = {
    type: 'holdTrip',
    legs: [
      { runId: 1, fromStop: 1, toStop: 3, classCode: '2', seats: [10, 11] },
      {
        ...{ runId: 2, fromStop: 1, toStop: 4, classCode: '2', seats: [], pool: 'family' },
        preferences: {
          ...{
            required: ['window'],
            wished: ['aisle', 'sideUpperBerth'],
            apart: true,
            wheelchairPlaces: 1,
          },
        },
      },
    ],
    passengers: party,
  }
  const priced = ask(trip, ann)
  const expectedPriceMinor = priced.type === 'tripHeld' ? priced.priceMinor : -1
  act({ ...trip, expectedPriceMinor }, ann)
}

function waiting(act: Do): void {
  act({
    ...{ type: 'setWaitingRule', validFromMs: 0, capBasisPoints: 10_000 },
    ...{ chartBeforeDepartureMs: HOUR, promotedHoldMs: HOLD },
  })
  const seats = { runId: 3, trainId: 0, fromDate: 0, toDate: 0 }
  act({ type: 'blockSeats', ...seats, seats: [4, 5], reason: 'other', shared: true })
  act(hold(3, { passengers: 4, classCode: '1' }), bob)
  act(hold(4, { passengers: 4, classCode: '1' }), bob)
  act(pool(4, '1'))
  act({ ...hold(4, { passengers: 2, classCode: '1' }), pool: 'family' } as Command, hal)
  const common = {
    type: 'joinWaitingList',
    deadlineMs: MONDAY + 7 * DAY,
    maxPriceMinor: 1_000_000,
  } as const
  const choice = { fromStop: 1, toStop: 3, classCode: '1' }
  const halves = { ...choice, runId: 3, shared: true }
  const kept = { ...choice, runId: 4, pool: 'family', onlyPool: true }
  act({ ...common, ...halves, passengers: party, alternatives: [] }, cy)
  act({ ...common, ...halves, passengers: party, alternatives: [kept] }, hal)
  act({ ...common, ...kept, passengers: party, alternatives: [halves] }, di)
}

function pool(runId: number, classCode: string): Command {
  const family = {
    code: 'family',
    capacity: 2,
    roles: ['passenger', 'guest'] as const,
    passengerTypes: [],
  }
  return {
    ...{ type: 'setQuotas', runId, trainId: 0, fromDate: 0, classCode },
    pools: [{ ...family, releaseBeforeDepartureMs: HOUR }],
  }
}

/** One with a ticket gets the seats of another day that they name, and one of these is for a wheelchair. */
function exchange(act: Do): void {
  const bookingId = sold(act, hold(1, { passengers: 2, from: 0, to: 1 }), [1, 2])
  const other = { type: 'holdExchange', bookingId, runId: 2, fromStop: 1, toStop: 2 } as const
  const chosen: Command = { ...other, classCode: '2', seats: [7, 14], wheelchairPlaces: 1 }
  act(chosen, bob)
}

/** Money is given back by hand, of what two persons must say so. */
function override(act: Do): void {
  const bookingId = sold(act, hold(3, { passengers: 6 }), [3, 4])
  const given = { bookingId, passengers: [0, 1, 2], amountMinor: 12_000 }
  act({ type: 'overrideRefund', ...given, reason: 'connectionBroken', note: 'Ice.' }, dee)
  act({ type: 'decideOverride', overrideId: 1, approve: true }, eve)
}

/** Held, authorised and captured: these are the effects. */
function sold(act: Do, command: Command, outboxIds: readonly number[]): number {
  const held = act(command, bob)
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const { bookingId, priceMinor } = held
  act({ type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor: priceMinor }, bob)
  for (const outboxId of outboxIds) {
    const outcome = { type: 'done', providerReference: `ref-${outboxId}` } as const
    act({ type: 'recordOutcome', outboxId, outcome })
  }
  return bookingId
}

function counter(act: Do, ask: Ask): void {
  act({ type: 'openTill', floatMinor: 1_000 }, agent)
  const held = act(hold(2, { passengers: 1, from: 0, to: 1 }), agent)
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const { bookingId, priceMinor } = held
  const paid = { bookingId, amountMinor: priceMinor, means: 'terminal', reference: 't-1' } as const
  act({ type: 'payAtCounter', ...paid }, agent)
  const cancel = (expectedRefundMinor: number) =>
    ({ type: 'cancelBooking', bookingId, expectedRefundMinor }) as const
  const quote = ask(cancel(0), agent)
  act(cancel(quote.type === 'refused' ? (quote.figure ?? 0) : 0), agent)
  act({ type: 'payOut', outboxId: 6, reference: 't-2' }, agent)
}

function draw(act: Do): void {
  act({
    ...{ type: 'openDraw', runIds: [5], windowFromMs: MONDAY, windowToMs: MONDAY + HOUR },
    ...{ revealByMs: MONDAY + 2 * HOUR, holdMs: HOUR },
    seedCommitment: createHash('sha256').update(seed).digest('hex'),
  })
  const wishes = [{ runId: 5, fromStop: 1, toStop: 3, classCode: '2' }]
  act({ type: 'enterDraw', drawId: 1, wishes, passengers: party, salt: '5a17'.repeat(4) }, ann)
  act({ type: 'revealSeed', drawId: 1, seed }, 0, MONDAY + HOUR)
  for (let at = 0; at < 3; at++) act({ type: 'tick' })
}

function ownAccount(act: Do): void {
  const session = { accountId: ann, ttlMs: DAY }
  act({ type: 'openSession', ...session, tokenHash })
  act({ type: 'beginSecondFactor', sealedSecret: 'sealed' }, ann)
  const recoveryHashes = ['a'.repeat(64), 'b'.repeat(64)]
  act({ type: 'enableSecondFactor', step: 1, recoveryHashes, keepTokenHash: tokenHash }, ann)
  const proof = { step: 0, recoveryHash: 'b'.repeat(64) }
  act({ type: 'disableSecondFactor', ...proof, keepTokenHash: tokenHash }, ann)
}
