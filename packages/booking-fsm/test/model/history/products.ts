/** Fares in limited numbers: few places, so that they run out. */
import type { Command, FareProduct, PassengerInput } from '../../../src/index.ts'
import { type Draw, oneIn, pick } from '../draws.ts'
import type { World } from '../world.ts'

const hour = 3_600_000

export function fareProducts(validFromMs: number, draw: Draw): Command {
  const codes = pick([['a', 'b', 'c'], ['b', 'a'], ['a'], []], draw) ?? []
  return {
    type: 'setFareProducts',
    validFromMs,
    requires: oneIn(6, draw) ? ['document', 'birthDate'] : [],
    products: codes.map((code, i): FareProduct => {
      const fixed = { classCode: pick(['1', '2'], draw) ?? '2', amountMinor: draw() % 900 }
      return {
        code,
        name: `Product ${code}`,
        classCode: oneIn(3, draw) ? (pick(['1', '2'], draw) ?? '') : '',
        trainPrefix: oneIn(6, draw) ? '1' : '',
        fareBasisPoints: (i * 2_500 + (draw() % 2_600)) % 10_001,
        ...(oneIn(4, draw) && {
          fixedFares: {
            pairs: [{ fromCode: 'ALF', toCode: 'BET', ...fixed }],
            zones: [{ fromZone: '7', toZone: '8', ...fixed }],
          },
        }),
        places: 1 + i + (draw() % 5),
        soldUntilBeforeMs: oneIn(3, draw) ? (draw() % 40) * hour : 0,
        refundable: !oneIn(3, draw),
        exchangeable: !oneIn(3, draw),
        requires: oneIn(5, draw) ? ['contact'] : [],
      }
    }),
  }
}

/** What a hold says of a passenger, where something may be asked for. */
export function detailsOf(world: World, draw: Draw): Partial<PassengerInput> {
  if (world.productRules.length === 0 || oneIn(6, draw)) return {}
  const birthDate = oneIn(20, draw) ? 20_010_229 : 20_000_101 + (draw() % 20)
  return { birthDate, document: oneIn(9, draw) ? '' : 'ID 7', contact: `+${draw() % 9}` }
}

/** What a hold asks for; undefined: nothing is said. */
export function productOf(world: World, draw: Draw): string | undefined {
  if (world.productRules.length === 0) return undefined
  return pick([undefined, 'cheapest', 'a', 'b', 'cheapest', oneIn(9, draw) ? 'none' : 'a'], draw)
}
