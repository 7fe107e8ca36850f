/** Where berths are shared, machine and slow model move everybody alike, whatever comes free, goes, or is changed. */
import fc from 'fast-check'
import { it } from 'vitest'
import { Duel } from '../test/model/duel.ts'
import {
  account,
  fares,
  founding,
  HOUR,
  MONDAY,
  runs,
  station,
  stations,
  train,
  waitingLists,
} from '../test/world.ts'
import type { Coach, Command } from './commands.ts'

const coaches: readonly Coach[] = [
  { label: '1', classCode: '1', rows: 2, columns: 'A-B' },
  { label: '2', classCode: '2', rows: 2, columns: 'AB-C' },
]
const people = ['ann', 'bob', 'cy', 'di', 'ed', 'flo', 'gus', 'hal']

const step = fc.record({
  kind: fc.constantFrom(
    ...([
      'hold',
      'hold',
      'join',
      'join',
      'join',
      'join',
      'join',
      'release',
      'release',
      'pay',
    ] as const),
    ...(['answer', 'answer', 'cancel', 'leave', 'block', 'unblock', 'quota', 'later'] as const),
    ...(['consist', 'chart', 'time', 'pay', 'answer', 'reload'] as const),
  ),
  actor: fc.nat(people.length - 1),
  from: fc.nat(3),
  length: fc.nat(3),
  party: fc.constantFrom(1, 1, 1, 2, 3),
  is: fc.nat(99),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
const story = fc.record({
  shared: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1, maxLength: 4 }),
  ofTrain: fc.boolean(),
  rac: fc.boolean(),
  steps: fc.array(step, { minLength: 30, maxLength: 70 }),
})

function play({
  shared,
  ofTrain,
  rac,
  steps,
}: typeof story extends fc.Arbitrary<infer S> ? S : never) {
  const duel = new Duel()
  let [index, nowMs] = [0, MONDAY]
  const send = (command: Command, actor = 0) =>
    duel.apply({ index: ++index, timestampMs: nowMs, actor, key: undefined, command })
  const block = (seats: readonly number[], isTrain: boolean): Command => ({
    ...{ type: 'blockSeats', seats, reason: 'other', shared: true },
    ...(isTrain
      ? { runId: 0, trainId: 1, fromDate: 20261101, toDate: 20261231 }
      : { runId: 1, trainId: 0, fromDate: 0, toDate: 0 }),
  })
  const opening: Command[] = [
    founding,
    fares,
    charges(rac),
    stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code))),
    train('IC 1', { coaches }),
    runs(1, 2),
    ...people.map((name) => account(`${name}@example.org`)),
    { ...waitingLists, capBasisPoints: 10_000 } as Command,
    block(shared, ofTrain),
  ]
  for (const command of opening) send(command)
  for (const it of steps) {
    if (it.kind === 'reload') duel.reload()
    else if (it.kind === 'time') nowMs += [1, 60_000, 700_000, HOUR][it.is % 4] as number
    else {
      const [command, actor] = commandOf(duel, it, block)
      send(command, actor)
      // Nothing is sold until everybody is seated anew.
      const open = duel.world.disruptions.find(
        ({ phase }) => phase === 'listing' || phase === 'seating',
      )
      if (open !== undefined) send({ type: 'continueDisruption', disruptionId: open.id })
    }
  }
  send({ type: 'tick' })
  duel.reload()
}

function commandOf(
  { world }: Duel,
  { kind, actor: person, from, length, party, is }: Step,
  block: (seats: readonly number[], isTrain: boolean) => Command,
): [Command, number] {
  const actor = person + 1
  const classCode = is % 3 > 0 ? '1' : '2'
  const [fromStop, toStop] = [from, Math.min(from + 1 + length, 4)]
  const where = { runId: 1, fromStop, toStop, classCode }
  const passengers = Array.from({ length: party }, (_, i) => ({ name: `P${i}` }))
  const inState = (...of: readonly string[]) => {
    const found = world.bookings.filter(({ status }) => of.includes(status))
    return found[is % Math.max(1, found.length)]
  }
  switch (kind) {
    case 'hold':
      return [{ type: 'holdSeats', ...where, passengers, seats: [] }, actor]
    case 'join':
      return [
        {
          ...{ type: 'joinWaitingList', ...where, passengers, maxPriceMinor: 1_000_000 },
          ...{ deadlineMs: world.now + (1 + (is % 5)) * HOUR, shared: is % 7 > 0 },
          alternatives:
            is % 4 === 0
              ? [{ ...where, classCode: classCode === '1' ? '2' : '1', shared: true }]
              : [],
        },
        actor,
      ]
    case 'pay': {
      const booking = inState('held', 'waiting')
      const { id: bookingId = 1, accountId = 1, price: amountMinor = 1 } = booking ?? {}
      return [{ type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor }, accountId]
    }
    case 'answer': {
      const open = world.effects.filter(({ answered }) => !answered)
      const outboxId = open[is % Math.max(1, open.length)]?.id ?? 1
      const done = { type: 'done', providerReference: 'r' } as const
      const outcome = is % 6 === 0 ? ({ type: 'refused', reason: 'no' } as const) : done
      return [{ type: 'recordOutcome', outboxId, outcome }, 0]
    }
    case 'cancel': {
      const { id: bookingId = 1, accountId = 1, passengers: all = [] } = inState('confirmed') ?? {}
      const isOffer = is % 2 === 0
      const open = world.bookings.find(({ id }) => id === bookingId)?.offer
      if (open !== undefined && isOffer)
        return [{ type: 'acceptRefund', bookingId, offerId: open.id, payLater: false }, accountId]
      return [
        { type: 'offerRefund', bookingId, passengers: all.length > 1 ? [is % all.length] : [] },
        accountId,
      ]
    }
    case 'leave': {
      const { id: bookingId = 1, accountId = 1 } = inState('waiting') ?? {}
      return [{ type: 'leaveWaitingList', bookingId }, accountId]
    }
    case 'block':
      return [block([is % 10], is % 2 === 0), 0]
    case 'unblock': {
      const blockId = world.blocks[is % Math.max(1, world.blocks.length)]?.id ?? 1
      return [{ type: 'unblockSeats', blockId, reason: 'other' }, 0]
    }
    case 'quota': {
      const of = { runId: 1, trainId: 0, fromDate: 0, classCode }
      const pool = { code: 'desk', capacity: is % 3, roles: [], passengerTypes: [] }
      const pools = [{ ...pool, releaseBeforeDepartureMs: (is % 5) * 12 * HOUR }]
      return [{ type: 'setQuotas', ...of, pools: is % 2 === 0 ? pools : [] }, 0]
    }
    case 'later': {
      const line = { trainNumber: '', classCode, promised: is % 3 === 0 }
      const rule = { validFromMs: world.now, chartBeforeDepartureMs: HOUR, lines: [line] }
      return [{ type: 'setSeatPromiseRule', ...rule }, 0]
    }
    case 'consist': {
      const open = world.disruptions.find(({ phase }) => phase !== 'over' && phase !== 'choosing')
      if (open !== undefined) return [{ type: 'continueDisruption', disruptionId: open.id }, 0]
      if (is % 5 > 0) return [{ type: 'tick' }, 0]
      const [first, second] = coaches as [Coach, Coach]
      const others = [
        [second, first],
        [first, { ...second, rows: 1 }],
        [{ ...first, rows: 1 }, second],
      ]
      const none = { withoutCoaches: [], blockedSeats: [], reason: 'strike' } as const
      return [{ type: 'changeConsist', runId: 1, coaches: others[is % 3] ?? [], ...none }, 0]
    }
    case 'chart':
      return is % 6 === 0 ? [{ type: 'closeChart', runId: 1 }, 0] : [{ type: 'tick' }, 0]
    default: {
      const { id: bookingId = 1, accountId = 1 } = inState('held') ?? {}
      return [{ type: 'releaseHold', bookingId }, accountId]
    }
  }
}

/** Half a berth may have terms of its own. */
function charges(rac: boolean): Command {
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 100, chargeBasisPoints: 1_000 }]
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands } as const
  const ofHalves = {
    ...line,
    state: 'rac',
    bands: [{ ...bands[0], flatMinor: 60, chargeBasisPoints: 0 }],
  }
  return {
    ...{ type: 'setCancellationRule', validFromMs: 0, offerMs: 600_000, roundToMinor: 1 },
    ...{ rounding: 'halfUp', lines: rac ? [line, ofHalves] : [line] },
  } as Command
}

it('machine and model move everybody alike', () => {
  fc.assert(fc.property(story, play), { numRuns: 20 })
})
