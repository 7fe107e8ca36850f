import { describe, expect, it } from 'vitest'
import {
  confirmed,
  done,
  type HoldOptions,
  held,
  hold,
  must,
  type Railway,
  railway,
  refused,
  send,
} from '../../test/world.ts'
import type { SetTariff } from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { ledgerTotals } from '../queries/payments.ts'
import { passengerTypes, quote, quoteParty } from '../queries/seats.ts'
import { rowsOf, stateHash } from '../snapshot.ts'
import type { BookingView } from '../views.ts'

/** 10.00 + 0.10 a kilometre with 5 % tax, 150 km at least; an IC costs 3.00 more, with 20 % tax. */
const tariff: SetTariff = {
  type: 'setTariff',
  validFromMs: 0,
  roundToMinor: 10,
  rounding: 'up',
  classes: [
    {
      classCode: '2',
      baseMinor: 1_000,
      perThousandKilometresMinor: 10_000,
      minimumMetres: 150_000,
      taxBasisPoints: 500,
    },
  ],
  passengerTypes: [
    { code: 'child', fareBasisPoints: 5_000, perFullFare: 0 },
    { code: 'infant', fareBasisPoints: 0, perFullFare: 1 },
    { code: 'card25', fareBasisPoints: 7_500, perFullFare: 0 },
  ],
  supplements: [
    {
      code: 'intercity',
      trainPrefix: 'IC',
      classCode: '',
      amountMinor: 300,
      taxBasisPoints: 2_000,
      reduced: false,
    },
  ],
}

function underTariff(changed: Partial<SetTariff> = {}): Railway {
  const world = railway()
  must(send(world, { ...tariff, ...changed }), 'done')
  return world
}
function shown(world: Railway, bookingId: number): BookingView {
  const view = findBooking(world.state, bookingId)
  if (view === undefined) throw new Error('the booking is gone')
  return view
}
const priceOf = (world: Railway, options: HoldOptions) =>
  held(world, world.ann, world.runId, options).priceMinor

describe('a tariff', () => {
  it('gives each passenger their lines, with tax on each', () => {
    const world = underTariff()
    const { bookingId, priceMinor } = held(world, world.ann, world.runId, {
      types: ['', 'child', 'infant'],
    })
    const { passengers } = shown(world, bookingId)
    // 400 km: 50.00, half of it, nothing; the supplement is not reduced.
    expect(passengers.map((p) => p.lines)).toEqual([
      [
        { code: 'fare', netMinor: 5_000, taxMinor: 250 },
        { code: 'intercity', netMinor: 300, taxMinor: 60 },
      ],
      [
        { code: 'fare', netMinor: 2_500, taxMinor: 125 },
        { code: 'intercity', netMinor: 300, taxMinor: 60 },
      ],
      [
        { code: 'fare', netMinor: 0, taxMinor: 0 },
        { code: 'intercity', netMinor: 300, taxMinor: 60 },
      ],
    ])
    expect(passengers.map((p) => p.priceMinor)).toEqual([5_610, 2_985, 360])
    expect(priceMinor).toBe(8_955)
  })

  it('has a least distance', () => {
    const world = underTariff({ supplements: [] })
    // 100 km cost what 150 km do, 200 km their own: 25.00 and 30.00, and tax.
    expect(priceOf(world, { to: 1 })).toBe(2_625)
    expect(priceOf(world, { to: 2 })).toBe(3_150)
  })

  it('rounds each line as it says, before the tax', () => {
    const classes = tariff.classes.map((of) => ({ ...of, baseMinor: 1_004, taxBasisPoints: 0 }))
    const price = (rounding: SetTariff['rounding']) =>
      priceOf(underTariff({ classes, rounding, supplements: [] }), { types: ['card25'], to: 2 })
    // Three quarters of 30.04 are 22.53.
    expect([price('up'), price('halfUp'), price('down')]).toEqual([2_260, 2_250, 2_250])
  })

  it('has supplements by train and class, reduced where it says so', () => {
    const [of] = tariff.supplements
    if (of === undefined) throw new Error('no supplement')
    const price = (changed: object) =>
      priceOf(underTariff({ supplements: [{ ...of, ...changed }] }), { types: ['child'], to: 2 })
    expect(price({ trainPrefix: 'RE' })).toBe(1_575)
    expect(price({ classCode: '1' })).toBe(1_575)
    expect(price({ classCode: '2' })).toBe(1_575 + 360)
    expect(price({ reduced: true })).toBe(1_575 + 180)
  })

  it('counts for what is held from its instant on; a booking keeps what it was sold for', () => {
    const world = railway()
    const before = held(world, world.ann, world.runId)
    must(send(world, { ...tariff, validFromMs: world.nowMs + 1_000 }), 'done')
    expect(priceOf(world, {})).toBe(before.priceMinor)
    world.nowMs += 1_000
    expect(priceOf(world, {})).toBe(5_610)
    expect(shown(world, before.bookingId).priceMinor).toBe(before.priceMinor)
    expect(shown(world, before.bookingId).passengers[0]?.lines).toEqual([
      { code: 'fare', netMinor: before.priceMinor, taxMinor: 0 },
    ])
  })

  it('is quoted as it is sold', () => {
    const world = underTariff()
    const types = ['', 'infant', 'card25']
    const quoted = quoteParty(world.state, world.runId, 0, 4, '2', types, world.nowMs)
    expect(typeof quoted === 'object' && quoted.priceMinor).toBe(priceOf(world, { types }))
    expect(quote(world.state, world.runId, 0, 4, '2', world.nowMs)).toBe(5_610)
    expect(passengerTypes(world.state, world.nowMs).map(({ code }) => code)).toEqual([
      'child',
      'infant',
      'card25',
    ])
    const ask = (classCode: string, ...of: string[]) =>
      quoteParty(world.state, world.runId, 0, 4, classCode, of, world.nowMs)
    expect(ask('1', '')).toBeUndefined()
    expect(ask('2', 'king')).toBe('passengerTypeNotFound')
    expect(ask('2', '', 'infant', 'infant')).toBe('concessionLimit')
  })

  it('is loaded as it was written', () => {
    const world = underTariff()
    held(world, world.ann, world.runId, { types: ['', 'child'] })
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toBe(stateHash(world.state))
    expect(findBooking(loaded, 1)).toEqual(findBooking(world.state, 1))
  })
})

describe('the tax in a fare', () => {
  it("is the state's when it is taken, and goes back with the refund in proportion", () => {
    const world = underTariff()
    const sale = confirmed(world, world.ann, world.runId, { types: ['', 'child'] })
    must(done(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(ledgerTotals(world.state)).toMatchObject({
      providerClearing: 8_595,
      fareRevenue: -8_100,
      refundsPayable: 0,
      taxPayable: -495,
      exchangeCredit: 0,
    })
    world.nowMs += 2 * 86_400_000
    const by = { actor: world.ann }
    const { bookingId } = sale
    const offer = send(world, { type: 'offerRefund', bookingId, passengers: [0] }, by)
    const { offerId, refundMinor } = must(offer, 'refundOffered')
    expect(refundMinor).toBe(2_805)
    must(
      send(world, { type: 'acceptRefund', bookingId, offerId, payLater: false }, by),
      'bookingCancelled',
    )
    // Half of 310.
    expect(ledgerTotals(world.state)).toMatchObject({ refundsPayable: -2_805, taxPayable: -340 })
  })

  it('is nothing when the fare turns out not to be paid', () => {
    const world = underTariff()
    const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId, { types: ['child'] })
    const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
    must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
    must(refused(world, 2), 'done')
    expect(Object.values(ledgerTotals(world.state)).every((sum) => sum === 0)).toBe(true)
  })
})

describe('refusals', () => {
  it('of a type that is not sold, or not to so many', () => {
    const world = underTariff()
    const ask = (...types: string[]) =>
      send(world, hold(world.runId, { types }), { actor: world.ann })
    expect(ask('', 'king')).toMatchObject({
      code: 'passengerTypeNotFound',
      field: 'passengers[1].passengerType',
    })
    expect(ask('infant')).toMatchObject({
      code: 'concessionLimit',
      field: 'passengers[0].passengerType',
    })
    expect(ask('infant', '', 'infant')).toMatchObject({ field: 'passengers[2].passengerType' })
    expect(ask('', 'infant', '', 'infant')).toMatchObject({ type: 'seatsHeld' })
    expect(ask('a b')).toMatchObject({ code: 'invalidField', field: 'passengers[0].passengerType' })
    const first = hold(world.runId, { classCode: '1' })
    expect(send(world, first, { actor: world.ann })).toMatchObject({ code: 'noFare' })
  })

  it('of a type where the fares know none', () => {
    const world = railway()
    const child = hold(world.runId, { types: ['child'] })
    expect(send(world, child, { actor: world.ann })).toMatchObject({
      code: 'passengerTypeNotFound',
    })
  })

  it('of a passenger who sets one', () => {
    const world = railway()
    expect(send(world, tariff, { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
  })

  const [of] = tariff.classes
  const [type] = tariff.passengerTypes
  const [supplement] = tariff.supplements
  it.each<[object, object]>([
    [{ validFromMs: 0.5 }, { field: 'validFromMs' }],
    [{ roundToMinor: 0 }, { field: 'roundToMinor' }],
    [{ rounding: 'near' }, { field: 'rounding' }],
    [{ classes: [] }, { field: 'classes' }],
    [{ classes: Array(33).fill(of) }, { code: 'tooMany', figure: 32 }],
    [{ classes: [of, of] }, { field: 'classes[1].classCode' }],
    [{ classes: [{ ...of, classCode: '' }] }, { field: 'classes[0].classCode' }],
    [{ classes: [{ ...of, baseMinor: -1 }] }, { field: 'classes[0].baseMinor' }],
    [
      { classes: [{ ...of, perThousandKilometresMinor: 1e9 }] },
      { field: 'classes[0].perThousandKilometresMinor' },
    ],
    [{ classes: [{ ...of, minimumMetres: 4e8 }] }, { field: 'classes[0].minimumMetres' }],
    [{ classes: [{ ...of, taxBasisPoints: -1 }] }, { field: 'classes[0].taxBasisPoints' }],
    [{ passengerTypes: Array(17).fill(type) }, { code: 'tooMany', figure: 16 }],
    [{ passengerTypes: [type, type] }, { field: 'passengerTypes[1].code' }],
    [{ passengerTypes: [{ ...type, code: '' }] }, { field: 'passengerTypes[0].code' }],
    [
      { passengerTypes: [{ ...type, fareBasisPoints: 10_001 }] },
      { field: 'passengerTypes[0].fareBasisPoints' },
    ],
    [{ passengerTypes: [{ ...type, perFullFare: 7 }] }, { field: 'passengerTypes[0].perFullFare' }],
    [{ supplements: [null] }, { field: 'supplements[0]' }],
    [{ supplements: [{ ...supplement, code: 'fare' }] }, { field: 'supplements[0].code' }],
    [{ supplements: [{ ...supplement, trainPrefix: 7 }] }, { field: 'supplements[0].trainPrefix' }],
    [{ supplements: [{ ...supplement, classCode: ' ' }] }, { field: 'supplements[0].classCode' }],
    [
      { supplements: [{ ...supplement, amountMinor: -1 }] },
      { field: 'supplements[0].amountMinor' },
    ],
    [
      { supplements: [{ ...supplement, taxBasisPoints: 1e5 }] },
      { field: 'supplements[0].taxBasisPoints' },
    ],
    [{ supplements: [{ ...supplement, reduced: 1 }] }, { field: 'supplements[0].reduced' }],
  ])('of %j', (changed, expected) => {
    const command = { ...tariff, ...changed } as SetTariff
    expect(send(railway(), command)).toMatchObject({ type: 'refused', ...expected })
  })
})
