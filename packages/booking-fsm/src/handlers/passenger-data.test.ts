import { describe, expect, it } from 'vitest'
import {
  DAY,
  done,
  HOUR,
  held,
  hold,
  join,
  must,
  type Railway,
  railway,
  send,
  waitingLists,
} from '../../test/world.ts'
import type {
  FareProduct,
  HoldSeats,
  JoinWaitingList,
  PassengerDatum,
  PassengerInput,
} from '../commands.ts'
import { loadState } from '../load.ts'
import { findBooking } from '../queries/bookings.ts'
import { fareProducts, requiredData } from '../queries/products.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const saver: FareProduct = {
  ...{ code: 'saver', name: 'Saver', classCode: '', trainPrefix: '', fareBasisPoints: 5_000 },
  ...{ places: 9, soldUntilBeforeMs: 0, refundable: true, exchangeable: true },
  requires: ['contact', 'document'],
}

function ask(world: Railway, requires: readonly PassengerDatum[]): void {
  const rule = { type: 'setFareProducts', validFromMs: 0, products: [saver], requires } as const
  must(send(world, rule), 'done')
}

function of(world: Railway, passengers: readonly PassengerInput[], product = ''): HoldSeats {
  return { ...(hold(world.runId) as HoldSeats), passengers, product }
}

const anna = { name: 'Anna', birthDate: 19_900_131, document: 'ID 1', contact: '+47 1' }

describe('what must be said of a passenger', () => {
  it('is asked for by the rule and by the product, and a hold without it is refused whole', () => {
    const world = railway()
    ask(world, ['birthDate'])
    const held2 = (passengers: readonly PassengerInput[], product?: string) =>
      send(world, of(world, passengers, product), { actor: world.ann })
    const missing = (field: string) => ({ code: 'passengerDataRequired', field })
    expect(held2([anna, { name: 'Bo' }])).toMatchObject(missing('passengers[1].birthDate'))
    const child = { name: 'Bo', birthDate: 20_200_229 }
    expect(held2([anna, child], 'saver')).toMatchObject(missing('passengers[1].document'))
    const known = { ...child, document: 'ID 2' }
    expect(held2([anna, known], 'saver')).toMatchObject(missing('passengers[1].contact'))
    must(held2([anna, child]), 'seatsHeld')
    expect(requiredData(world.state, world.nowMs)).toEqual(['birthDate'])
    const journey = { runId: world.runId, fromStop: 0, toStop: 4, classCode: '2' }
    const query = { ...journey, passengerTypes: [''], nowMs: world.nowMs }
    expect(fareProducts(world.state, query)[0]?.requires).toEqual([
      'birthDate',
      'document',
      'contact',
    ])
  })

  it('stands with the passenger, also in rows, and goes along when the booking is exchanged', () => {
    const world = railway()
    const asked = of(world, [{ name: 'Bo' }, anna])
    const { bookingId } = must(send(world, asked, { actor: world.ann }), 'seatsHeld')
    const shown = findBooking(world.state, bookingId)?.passengers
    expect(shown?.[0]).toMatchObject({ name: 'Bo', birthDate: 0, document: '', contact: '' })
    expect(shown?.[1]).toMatchObject(anna)
    const again = loadState(rowsOf(world.state))
    expect(stateHash(again)).toBe(stateHash(world.state))
    expect(findBooking(again, bookingId)?.passengers).toEqual(shown)
  })

  it('is what those say who wait, too', () => {
    const world = railway()
    must(send(world, { ...waitingLists, capBasisPoints: 10_000 } as never), 'done')
    held(world, world.bob, world.runId, { passengers: 6, classCode: '1' })
    ask(world, ['contact'])
    const plain = join(world.runId) as JoinWaitingList
    expect(send(world, plain, { actor: world.ann })).toMatchObject({
      code: 'passengerDataRequired',
      field: 'passengers[0].contact',
    })
    const joined = send(world, { ...plain, passengers: [anna] }, { actor: world.ann })
    const { bookingId } = must(joined, 'waitingListJoined')
    expect(findBooking(world.state, bookingId)?.passengers[0]).toMatchObject(anna)
  })

  it('is erased with who it was', () => {
    const world = railway()
    const { bookingId } = must(send(world, of(world, [anna]), { actor: world.ann }), 'seatsHeld')
    must(send(world, { type: 'releaseHold', bookingId }, { actor: world.ann }), 'done')
    must(send(world, { type: 'deleteAccount', accountId: world.ann }), 'done')
    must(send(world, { type: 'tick' }), 'done')
    expect(findBooking(world.state, bookingId)?.passengers[0]).toMatchObject({
      ...{ name: '*', birthDate: 0, document: '', contact: '' },
    })
    expect(JSON.stringify(rowsOf(world.state))).not.toContain('ID 1')
  })

  it('goes along with an exchange, and is asked for there', () => {
    const world = railway()
    const band = { untilBeforeDepartureMs: 0, flatMinor: 0, chargeBasisPoints: 0 }
    const line = { state: 'confirmed', classCode: '', taxBasisPoints: 0, bands: [band] } as const
    const lines = [{ ...line, exchange: { bands: [band], surplusBack: true } }]
    const terms = { offerMs: HOUR, roundToMinor: 1, rounding: 'up', lines } as const
    const rule = { type: 'setCancellationRule', validFromMs: 1, ...terms } as const
    must(send(world, rule), 'done')
    const bought = (passenger: PassengerInput) => {
      const reply = must(send(world, of(world, [passenger]), { actor: world.ann }), 'seatsHeld')
      const { bookingId, priceMinor: amountMinor } = reply
      const pay = { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor } as const
      must(send(world, pay, { actor: world.ann }), 'paymentStarted')
      done(world, world.state.meta.nextOutboxId - 1)
      done(world, world.state.meta.nextOutboxId - 1)
      return bookingId
    }
    const [known, unknown] = [bought(anna), bought({ name: 'Bo' })]
    ask(world, ['document'])
    const journey = { runId: world.runId, fromStop: 1, toStop: 3, classCode: '2', seats: [] }
    const exchange = (bookingId: number) =>
      send(world, { type: 'holdExchange', bookingId, ...journey }, { actor: world.ann })
    expect(exchange(unknown)).toMatchObject({ field: 'passengers[0].document' })
    const { bookingId } = must(exchange(known), 'exchangeHeld')
    expect(findBooking(world.state, bookingId)?.passengers[0]).toMatchObject(anna)
  })

  it('is checked for what it is', () => {
    const world = railway()
    world.nowMs += DAY
    for (const [wrong, field] of [
      [{ birthDate: 20_010_229 }, 'birthDate'],
      [{ birthDate: -0 }, 'birthDate'],
      [{ document: 'x'.repeat(65) }, 'document'],
      [{ contact: 'a\nb' }, 'contact'],
    ] as const) {
      const asked = of(world, [{ name: 'Bo', ...wrong }])
      const refusal = { code: 'invalidField', field: `passengers[0].${field}` }
      expect(send(world, asked, { actor: world.ann })).toMatchObject(refusal)
    }
  })
})
