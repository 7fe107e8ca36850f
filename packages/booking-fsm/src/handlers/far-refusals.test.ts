/** What a fuzzer need not meet of a trip, an exchange and a free rebooking: each refusal for real, and it changes nothing. */
import { expect, it } from 'vitest'
import { outOfReach } from '../../test/refusals.ts'
import {
  confirmed,
  done,
  HOUR,
  hold,
  must,
  type Railway,
  railway,
  runs,
  send,
} from '../../test/world.ts'
import type { Command, SetTariff } from '../commands.ts'
import { rowsOf } from '../snapshot.ts'

interface Far extends Railway {
  /** A second class seat on `runId`, paid by Ann. */
  readonly bookingId: number
  /** The same train a day later. */
  readonly later: number
}
/** Makes the world one in which the command is refused. */
type Story = (on: Far) => Command

function far(types?: readonly string[]): Far {
  const world = railway()
  const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }]
  const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands } as const
  const rule: Command = {
    ...{ type: 'setCancellationRule', validFromMs: 0, offerMs: HOUR, roundToMinor: 1 },
    ...{ rounding: 'halfUp', lines: [{ ...line, exchange: { bands, surplusBack: true } }] },
  }
  must(send(world, rule), 'done')
  if (types !== undefined) must(send(world, tariff(0)), 'done')
  const [later = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
  const { bookingId } = confirmed(world, world.ann, world.runId, types && { types })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return Object.assign(world, { bookingId, later })
}

/** Children for half, so many beside each who pays in full; without a number none are sold. */
function tariff(perFullFare: number | undefined): SetTariff {
  const child = { code: 'child', fareBasisPoints: 5_000, perFullFare: perFullFare ?? 0 }
  const ofClass = { baseMinor: 1_000, perThousandKilometresMinor: 0, minimumMetres: 0 }
  return {
    ...{ type: 'setTariff', validFromMs: 0, roundToMinor: 1, rounding: 'halfUp', supplements: [] },
    classes: [{ classCode: '2', ...ofClass, taxBasisPoints: 0 }],
    passengerTypes: perFullFare === undefined ? [] : [child],
  }
}

const leg = (runId: number, seats: readonly number[] = []) => ({
  ...{ runId, fromStop: 0, toStop: 4, classCode: '2', seats },
})
const trip = (on: Far, seats?: readonly number[]): Command => ({
  ...{ type: 'holdTrip', legs: [leg(on.later, seats)], passengers: [{ name: 'P' }] },
})
const exchange = (on: Far, seats?: readonly number[]): Command => ({
  ...{ type: 'holdExchange', bookingId: on.bookingId, ...leg(on.later, seats) },
})
function rebook(on: Far, seats: readonly number[] = []): Command {
  const cancel = { type: 'cancelRun', runId: on.runId, reason: 'strike' } as const
  const { disruptionId } = must(send(on, cancel), 'disruptionBegun')
  must(send(on, { type: 'continueDisruption', disruptionId }), 'done')
  const { bookingId, later: runId } = on
  return { type: 'rebookFree', bookingId, runId, fromStop: 0, toStop: 4, seats }
}

/** Seats of the second class are given later. */
function givenLater(on: Far): void {
  const lines = [{ trainNumber: '', classCode: '2', promised: false }]
  const rule = { validFromMs: 0, chartBeforeDepartureMs: HOUR, lines }
  must(send(on, { type: 'setSeatPromiseRule', ...rule }), 'done')
}
/** All 24 places are kept for somebody. */
function allKept(on: Far): void {
  const pool = { code: 'desk', capacity: 24, roles: [], passengerTypes: [] }
  const pools = [{ ...pool, releaseBeforeDepartureMs: 0 }]
  const of = { runId: on.later, trainId: 0, fromDate: 0, classCode: '2' }
  must(send(on, { type: 'setQuotas', ...of, pools }), 'done')
}
/** Only the six that fit best may be chosen, however empty the train is. */
function fewOffered(on: Far): void {
  const choiceLimits = [{ classCode: '', fromLoadBasisPoints: 0, offeredBasisPoints: 1 }]
  const rule = { validFromMs: 0, wheelchairReleaseMs: 0, choiceLimits }
  must(send(on, { type: 'setSeatRule', ...rule }), 'done')
}

type Stories = Readonly<Record<string, readonly [Story, (readonly string[])?]>>
const stories: Readonly<Record<'holdTrip' | 'holdExchange' | 'rebookFree', Stories>> = {
  holdTrip: {
    seatGivenLater: [
      (on) => {
        givenLater(on)
        return trip(on, [6])
      },
    ],
    quotaExhausted: [
      (on) => {
        allKept(on)
        return trip(on)
      },
    ],
  },
  holdExchange: {
    seatGivenLater: [
      (on) => {
        givenLater(on)
        return exchange(on, [6])
      },
    ],
    quotaExhausted: [
      (on) => {
        allKept(on)
        return exchange(on)
      },
    ],
    passengerTypeNotFound: [
      (on) => {
        must(send(on, tariff(undefined)), 'done')
        return exchange(on)
      },
      ['', 'child'],
    ],
    seatNotOffered: [
      (on) => {
        fewOffered(on)
        // Where these are free they fit best: the others do not.
        const sold = hold(on.later, { passengers: 6, from: 2, to: 4 })
        must(send(on, sold, { actor: on.bob }), 'seatsHeld')
        return { ...exchange(on, [29]), toStop: 2 } as Command
      },
    ],
    concessionLimit: [
      (on) => {
        must(send(on, tariff(1)), 'done')
        return exchange(on)
      },
      ['', 'child', 'child'],
    ],
  },
  rebookFree: {
    seatGivenLater: [
      (on) => {
        givenLater(on)
        return rebook(on, [6])
      },
    ],
    quotaExhausted: [
      (on) => {
        allKept(on)
        return rebook(on)
      },
    ],
  },
}

const all = Object.entries(stories).flatMap(([type, of]) =>
  Object.entries(of).map(([code, [story, types]]) => ({ type, code, story, types })),
)

it.each(all)('$type: $code', ({ code, story, types }) => {
  const on = far(types)
  const command = story(on)
  send(on, { type: 'tick' })
  const rows = () => rowsOf(on.state).filter(({ table }) => table !== 'meta')
  const before = rows()
  const reply = send(on, command, { actor: on.ann })
  expect(reply).toMatchObject({ type: 'refused', code })
  expect(rows()).toEqual(before)
})

it.each(Object.keys(stories) as (keyof typeof stories)[])('%s: a story of each', (type) => {
  expect(Object.keys(stories[type]).sort()).toEqual(Object.keys(outOfReach[type] ?? {}).sort())
})
