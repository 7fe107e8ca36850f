/** Fares between two stations, and between zones; and the price that was shown. */
import { describe, expect, it } from 'vitest'
import {
  held,
  hold,
  must,
  type Railway,
  railway,
  send,
  station,
  stations,
} from '../../test/world.ts'
import type { Command, FixedFares, HoldSeats, SetTariff } from '../commands.ts'
import { loadState } from '../load.ts'
import { quote } from '../queries/seats.ts'
import type { Refusal } from '../replies.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

/** 10.00 for each 100 km, no tax; A and B are in zone 1, C in zone 2, D and E in none. */
function world(fixedFares: FixedFares | undefined): Railway {
  const made = railway()
  const zones = { A: '1', B: '1', C: '2' } as const
  const list = (['A', 'B', 'C'] as const).map((code) => ({ ...station(code), zone: zones[code] }))
  must(send(made, stations(list)), 'done')
  must(send(made, tariff(fixedFares)), 'done')
  return made
}

function tariff(fixedFares: unknown): SetTariff {
  return {
    type: 'setTariff',
    validFromMs: 0,
    roundToMinor: 10,
    rounding: 'down',
    classes: ['1', '2'].map((classCode) => ({
      classCode,
      baseMinor: 0,
      perThousandKilometresMinor: 10_000,
      minimumMetres: 0,
      taxBasisPoints: 1_000,
    })),
    passengerTypes: [{ code: 'child', fareBasisPoints: 5_000, perFullFare: 0 }],
    supplements: [],
    fixedFares: fixedFares as FixedFares | undefined,
  }
}

const zones = [
  { fromZone: '2', toZone: '1', classCode: '2', amountMinor: 777 },
  { fromZone: '1', toZone: '1', classCode: '2', amountMinor: 500 },
]
const pairs = [
  { fromCode: 'C', toCode: 'A', classCode: '2', amountMinor: 600 },
  { fromCode: 'A', toCode: 'C', classCode: '2', amountMinor: 9_999 },
]
const price = (on: Railway, from: number, to: number, classCode = '2') =>
  quote(on.state, on.runId, from, to, classCode, on.nowMs)

describe('a fare that does not follow the distance', () => {
  it('is that of the two stations, either way, the first one in the list', () => {
    expect(price(world({ pairs, zones: [] }), 0, 2)).toBe(660)
  })

  it('or else that of their zones, either way, within one too', () => {
    const on = world({ pairs: [], zones })
    // Rounded down to a multiple of 10, and a tenth of tax.
    expect([price(on, 0, 2), price(on, 0, 1)]).toEqual([847, 550])
    expect(price(world({ pairs, zones }), 0, 2)).toBe(660)
  })

  it('or else that by distance: for another class, and where a station has no zone', () => {
    const on = world({ pairs, zones })
    expect([price(on, 0, 2, '1'), price(on, 0, 3), price(on, 2, 3)]).toEqual([2_200, 3_300, 1_100])
  })

  it('is reduced by a concession', () => {
    const on = world({ pairs, zones })
    expect(held(on, on.ann, on.runId, { to: 2, types: ['child'] }).priceMinor).toBe(330)
  })

  it('is in the rows', () => {
    const on = world({ pairs, zones })
    const again = loadState(rowsOf(on.state))
    expect(stateHash(again)).toBe(stateHash(on.state))
    expect(quote(again, on.runId, 0, 2, '2', on.nowMs)).toBe(660)
  })

  it.each<[string, unknown]>([
    ['fixedFares', null],
    ['fixedFares.pairs', { zones: [] }],
    ['fixedFares.pairs[0]', { pairs: [7], zones: [] }],
    ['fixedFares.pairs[0].fromCode', { pairs: [{ ...pairs[0], fromCode: '' }], zones: [] }],
    ['fixedFares.pairs[0].amountMinor', { pairs: [{ ...pairs[0], amountMinor: -1 }], zones: [] }],
    ['fixedFares.zones', { pairs: [] }],
    ['fixedFares.zones[1].toZone', { pairs: [], zones: [zones[0], { ...zones[1], toZone: '' }] }],
    ['fixedFares.zones[0].classCode', { pairs: [], zones: [{ ...zones[0], classCode: '' }] }],
  ])('is refused when %s is none', (field, fixedFares) => {
    const reply = send(railway(), tariff(fixedFares))
    expect(reply).toMatchObject({ type: 'refused', code: 'invalidField', field })
  })

  it('is refused when there are too many', () => {
    const many = Array.from({ length: 1_001 }, () => pairs[0])
    const reply = send(railway(), tariff({ pairs: many, zones: [] }))
    expect(reply).toMatchObject({ code: 'tooMany', figure: 1_000, field: 'fixedFares.pairs' })
  })
})

describe('the price that was shown', () => {
  const expecting = (on: Railway, expectedPriceMinor: unknown) =>
    ({ ...(hold(on.runId) as HoldSeats), expectedPriceMinor }) as Command

  it('is held, or what it is by now is named and nothing is held', () => {
    const on = railway()
    const by = { actor: on.ann }
    const reply = send(on, expecting(on, 4_999), by)
    expect(reply).toMatchObject({ code: 'priceChanged', figure: 5_000 })
    expect(on.state.bookings.size).toBe(0)
    must(send(on, expecting(on, 5_000), by), 'seatsHeld')
  })

  it('is that of all legs of a trip', () => {
    const on = railway()
    const leg = (fromStop: number) => ({
      runId: on.runId,
      fromStop,
      toStop: fromStop + 1,
      classCode: '2',
      seats: [],
    })
    const trip = { type: 'holdTrip', legs: [leg(0), leg(1)], passengers: [{ name: 'P' }] } as const
    const by = { actor: on.ann }
    const reply = send(on, { ...trip, expectedPriceMinor: 2_000 }, by)
    expect(reply).toMatchObject({ code: 'priceChanged', figure: 4_000 })
    must(send(on, { ...trip, expectedPriceMinor: 4_000 }, by), 'tripHeld')
  })

  it.each([-1, 0.5, '7', null])('is none: %s', (value) => {
    const on = railway()
    const reply = send(on, expecting(on, value), { actor: on.ann })
    expect((reply as Refusal).field).toBe('expectedPriceMinor')
  })
})
