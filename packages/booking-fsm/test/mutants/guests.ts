/** Planted bugs in buying without an account. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const guestMutants: readonly Mutant[] = [
  mutant(
    'an old link goes on to open what was bought',
    'handlers/guests.ts',
    'guest?.linkHash === linkHash && linkUntilMs > state.meta.nowMs',
    'guest?.linkHash === linkHash',
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'any link opens any guest',
      'handlers/guests.ts',
      'guest?.linkHash === linkHash && ',
      'guest !== undefined && ',
    ),
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'a guest buys twice',
      'guests/guest.ts',
      "  if (bookingIds.some((id) => isBought(state, id))) return refuse('guestHasBooking')\n",
      '',
    ),
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'a guest is forgotten so long after the sale',
      'guests/forget-guests.ts',
      'booking === undefined ? state.archive.get(id)?.overMs : overMs(booking)',
      'booking?.heldAtMs',
    ),
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'somebody with another address takes over what a guest bought',
      'handlers/guests.ts',
      "  if (account.email !== heir.email) return refuse('otherAddress')\n",
      '',
    ),
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'what was taken over stands behind the other bookings',
      'handlers/guests.ts',
      '  heir.bookingIds.sort((a, b) => a - b)\n',
      '',
    ),
  ),
  foundBy(
    'handlers/guests.test.ts',
    mutant(
      'a guest is known by the address of an account when rows are loaded',
      'loading/basics.ts',
      "if (account.role !== 'guest') state.accountByEmail",
      'state.accountByEmail',
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'a guest switches a second factor on that was begun before',
      'handlers/second-factor.ts',
      "  if (comesByLink(state, actor)) return refuse('guestNoSecondFactor', { field: 'actor' })\n  const factor",
      '  const factor',
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'guests of an old cluster are refused a second factor',
      'people/second-factor.ts',
      'meta.featureLevel >= 3 && ',
      '',
    ),
  ),
]
