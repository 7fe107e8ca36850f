import { describe, expect, it } from 'vitest'
import { hold, must, railway, runs, send, stopsAt, train, type World } from '../test/world.ts'
import { refundQuote } from './queries/payments.ts'
import { quote } from './queries/seats.ts'

/** The price of a train of two stops this far apart, at this rate. */
function priceFor(base: number, rate: number, metres: number): number | undefined {
  const world = railway()
  const { runId } = trainOver(world, metres)
  const fare = { classCode: '2', baseMinor: base, perThousandKilometresMinor: rate }
  must(send(world, { type: 'setFareRule', validFromMs: 1, classes: [fare] }), 'done')
  return quote(world.state, runId, 0, 1, '2', world.nowMs)
}

function trainOver(world: World, metres: number): { runId: number } {
  const stops = stopsAt('A', 'B').map((stop, i) => ({ ...stop, distanceMetres: i * metres }))
  const { trainId } = must(send(world, train('X', { stops })), 'trainAdded')
  const { runIds } = must(send(world, runs(trainId, 2)), 'runsAdded')
  return { runId: runIds[0] as number }
}

describe('a price', () => {
  it('is rounded half up, in integers', () => {
    expect(priceFor(0, 1, 499_999)).toBe(0)
    expect(priceFor(0, 1, 500_000)).toBe(1)
    expect(priceFor(0, 1, 1_499_999)).toBe(1)
    expect(priceFor(100, 12_345, 123_456)).toBe(100 + 1_524)
  })

  it('is exact at the limits of distance and rate', () => {
    expect(priceFor(1_000_000_000, 100_000_000, 40_000_000)).toBe(5_000_000_000)
    expect(priceFor(0, 99_999_999, 39_999_999)).toBe(3_999_999_860)
  })

  it('is only asked for a journey and class that exist', () => {
    const { state, runId, nowMs } = railway()
    expect(quote(state, runId, 0, 4, '1', nowMs)).toBe(10_000)
    const wrong = [
      [99, 0, 4, '2', nowMs],
      [runId, 4, 4, '2', nowMs],
      [runId, 0, 5, '2', nowMs],
      [runId, 0.5, 4, '2', nowMs],
      [runId, 0, 4, '3', nowMs],
      [runId, 0, 4, '2', -1],
    ] as const
    for (const [run, from, to, classCode, at] of wrong) {
      expect(quote(state, run, from, to, classCode, at)).toBeUndefined()
    }
  })
})

it('a refund is half up of the whole booking, and nothing without a rule', () => {
  const world = railway()
  const band = { untilBeforeDepartureMs: 0, refundBasisPoints: 3_333 }
  send(world, { type: 'setRefundRule', validFromMs: 1, bands: [band] })
  const { bookingId } = must(
    send(world, hold(world.runId, { to: 1, passengers: 3 }), { actor: world.ann }),
    'seatsHeld',
  )
  const amountMinor = 3 * 2_000
  const payment = { type: 'startPayment', bookingId, paymentToken: 't', amountMinor } as const
  must(send(world, payment, { actor: world.ann }), 'paymentStarted')
  expect(refundQuote(world.state, bookingId, world.nowMs)).toBeUndefined()
  const outcome = { type: 'done', providerReference: 'r' } as const
  send(world, { type: 'recordOutcome', outboxId: 1, outcome })
  expect(refundQuote(world.state, bookingId, world.nowMs)?.refundMinor).toBe(2_000)
})
