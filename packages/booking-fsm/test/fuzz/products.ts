import type { SetFareProducts } from '../../src/commands.ts'

const DAY = 86_400_000

/** One that is there, one of which nothing is left, and one that it is too late for. */
export function fareProducts(validFromMs: number): SetFareProducts {
  const plain = {
    classCode: '',
    trainPrefix: '',
    fareBasisPoints: 5_000,
    soldUntilBeforeMs: 0,
    refundable: true,
    exchangeable: true,
    requires: [],
  }
  const late = { soldUntilBeforeMs: 300 * DAY }
  return {
    type: 'setFareProducts',
    validFromMs,
    requires: [],
    products: [
      { ...plain, code: 'gone', name: 'Gone', places: 0 },
      { ...plain, code: 'half', name: 'Half', places: 3 },
      { ...plain, code: 'late', name: 'Late', places: 9, ...late },
      { ...plain, code: 'named', name: 'Named', places: 9, requires: ['document'] },
    ],
  }
}

export const productCodes = ['', '', 'half', 'gone', 'late', 'none', 'named', 'cheapest']

/** Mostly none: what else is wrong with a hold is found behind it. */
export function productFrom(draw: () => number): string {
  return draw() % 4 === 0 ? (productCodes[draw() % productCodes.length] ?? '') : ''
}
