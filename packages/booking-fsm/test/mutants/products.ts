/** Planted bugs in fares of which there are only so many. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const TEST = 'handlers/fare-products.test.ts'

const planted: readonly Mutant[] = [
  mutant(
    'a product takes places that are kept for dearer ones',
    'products/buckets.ts',
    'if (i >= first) left = Math.min(left, places - sold)',
    'if (i === first) left = Math.min(left, places - sold)',
  ),
  mutant(
    'of the places of a product the last segment is not looked at',
    'products/buckets.ts',
    'for (let segment = from; segment < to; segment++)',
    'for (let segment = from; segment < Math.max(to - 1, from + 1); segment++)',
  ),
  mutant(
    'a place at a product is not given back',
    'products/buckets.ts',
    'if (sold?.counts !== true || run.inventory === undefined) return',
    'if (sold?.counts !== true || run.inventory === undefined || by < 0) return',
  ),
  mutant(
    'a product is sold after its time',
    'products/choose.ts',
    'if (nowMs >= soldUntilMs) return []',
    '',
  ),
  mutant(
    'the cheapest is one that is not left for the whole party',
    'products/choose.ts',
    'if (sold.placesLeft < of.types.length) continue',
    'if (sold.placesLeft === 0) continue',
  ),
  mutant(
    'what is not refundable is refunded',
    'cancellation.ts',
    'if (soldAs(state, booking)?.refundable === false) {',
    'if (false) {',
  ),
  mutant(
    'what can not be exchanged is exchanged',
    'exchanging.ts',
    '  if (soldAs(state, booking)?.exchangeable === false) return undefined\n',
    '',
  ),
  mutant(
    'a booking counts for its product no more when it was loaded',
    'loading/products.ts',
    'counts: int(row) !== 0,',
    'counts: int(row) > 1,',
  ),
  mutant(
    'who pays late has the price though the places are gone',
    'live.ts',
    ' && hasBucketAgain(state, leg)) {',
    ') {',
  ),
]

const ofPassengers: readonly Mutant[] = [
  mutant(
    'only the first passenger must say what is asked for',
    'products/passenger-data.ts',
    'for (const [i, passenger] of passengers.entries()) {',
    'for (const [i, passenger] of [...passengers.entries()].slice(0, 1)) {',
  ),
  mutant(
    'what was said of a passenger outlives its account',
    'erasing.ts',
    '    dropDetails(work, booking)\n',
    '',
  ),
  mutant(
    'what was said of a passenger is lost when rows are loaded',
    'loading/products.ts',
    'state.passengerDetails.set(details.bookingId, all)',
    'state.passengerDetails.set(details.bookingId, all.slice(0, 0))',
  ),
]

export const productMutants: readonly Mutant[] = [
  ...planted.map((it) => foundBy(TEST, it)),
  ...ofPassengers.map((it) => foundBy('handlers/passenger-data.test.ts', it)),
]
