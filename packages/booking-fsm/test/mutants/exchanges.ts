/** Planted bugs in exchanges, and in fares that do not follow the distance. */
import { type Mutant, mutant } from './mutant.ts'

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
  mutant(
    'what is carried over is paid back as well',
    'exchanging.ts',
    'if (surplusMinor > 0) sendRefund(work, old, surplusMinor)',
    'if (surplusMinor + carriedMinor > 0) sendRefund(work, old, surplusMinor + carriedMinor)',
  ),
  mutant(
    'a booking is cancelled while it is being exchanged',
    'handlers/cancel-booking.ts',
    "openExchange(state, booking) === undefined ? undefined : refuse('exchangeOpen')",
    'undefined',
  ),
  mutant(
    'an exchange that is paid late takes the place of what is not there any more',
    'handlers/record-outcome.ts',
    '  if (exchange !== undefined && !mayExchange(state, exchange)) return giveUp(work, booking)\n',
    '',
  ),
  mutant(
    'the tax on the charge of an exchange is not owed to the state',
    'exchanging.ts',
    "  transfer(work, 'fareRevenue', 'taxPayable', taxMinor, payment, 'tax on the charge')\n",
    '',
  ),
  mutant(
    'the price of an exchange is asked for in full',
    'exchanges.ts',
    'return tripPrice(booking) - (state.exchanges.get(booking.bookingId)?.carriedMinor ?? 0)',
    'return tripPrice(booking)',
  ),
  mutant(
    'the value of an old booking is lost when the difference is never paid',
    'handlers/record-outcome.ts',
    '  if (exchange !== undefined) undoExchange(work, exchange, payment)\n',
    '',
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
]
