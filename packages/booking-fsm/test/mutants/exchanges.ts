/** Planted bugs in exchanges, and in fares that do not follow the distance. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const exchangeMutants: readonly Mutant[] = [
  {
    name: 'the old seats are free as soon as the new ones are held',
    changes: [
      {
        file: 'handlers/exchanges.ts',
        from: '  closeOffer(work, old)\n',
        to: "  closeOffer(work, old)\n  endBooking(work, old, 'exchanged')\n",
      },
      {
        file: 'handlers/exchanges.ts',
        from: "import { travelling } from '../live.ts'",
        to: "import { endBooking, travelling } from '../live.ts'",
      },
    ],
  },
  foundBy(
    'handlers/exchanges.test.ts',
    mutant(
      'what is carried over is paid back as well',
      'exchanging.ts',
      'if (surplusMinor > 0) sendRefund(work, old, surplusMinor)',
      'if (surplusMinor + carriedMinor > 0) sendRefund(work, old, surplusMinor + carriedMinor)',
    ),
  ),
  mutant(
    'a booking is cancelled while it is being exchanged',
    'handlers/cancel-booking.ts',
    "openExchange(state, booking) === undefined ? undefined : refuse('exchangeOpen')",
    'undefined',
  ),
  foundBy(
    'handlers/exchanges.test.ts',
    mutant(
      'an exchange that is paid late takes the place of what is not there any more',
      'handlers/record-outcome.ts',
      '  if (exchange !== undefined && !mayExchange(state, exchange)) return giveUp(work, booking)\n',
      '',
    ),
  ),
  foundBy(
    'handlers/exchanges.test.ts',
    mutant(
      'the tax on the charge of an exchange is not owed to the state',
      'exchanging.ts',
      "  transfer(work, 'fareRevenue', 'taxPayable', taxMinor, payment, 'tax on the charge')\n",
      '',
    ),
  ),
  mutant(
    'the price of an exchange is asked for in full',
    'exchanges.ts',
    'return tripPrice(booking) - carried - voucherPart(state, booking)',
    'return tripPrice(booking) - voucherPart(state, booking)',
  ),
  foundBy(
    'handlers/exchanges.test.ts',
    mutant(
      'the value of an old booking is lost when the difference is never paid',
      'handlers/record-outcome.ts',
      '  if (exchange !== undefined) undoExchange(work, exchange, payment)\n',
      '',
    ),
  ),
  mutant(
    'a fare between stations counts one way only',
    'tariff.ts',
    'return a < b ?',
    'return true ?',
  ),
  mutant(
    'a price that has changed is taken',
    'handlers/hold-seats.ts',
    "return price === expectedPriceMinor ? undefined : refuse('priceChanged', { figure: price })",
    'return undefined',
  ),
  ...legMutants(),
]

/** Histories come there seldom. */
function legMutants(): Mutant[] {
  const planted = [
    mutant(
      'a leg of a trip is exchanged twice at a time',
      'exchanges.ts',
      "return status === 'held' || status === 'paying' ? exchange : undefined",
      "return status === 'held' && booking.trip === undefined ? exchange : undefined",
    ),
    mutant(
      'a journey is not one any more when a leg of it was exchanged',
      'disruption/hit.ts',
      'of legsNow(state, booking)',
      'of booking.trip?.legs ?? [booking]',
    ),
    mutant(
      'what was exchanged for a leg knows nothing of the payment of the trip',
      'exchanges.ts',
      'const first = leadOf(firstOf(state, booking))',
      'const first = leadOf(booking)',
    ),
    mutant(
      'who has a wheelchair place has none after an exchange',
      'handlers/exchanges.ts',
      'wheelchairPlaces = there.filter((position) => hasPlace(old, position)).length',
      'wheelchairPlaces = 0',
    ),
    mutant(
      'another one of the party gets the wheelchair place in an exchange',
      'handlers/exchanges.ts',
      'const order = inOrderOfNeed(old, there)',
      'const order = there',
    ),
  ]
  return planted.map((it) => foundBy('handlers/exchange-legs.test.ts', it))
}
