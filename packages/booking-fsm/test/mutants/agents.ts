/** Planted bugs in selling to others. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const agentMutants: readonly Mutant[] = [
  foundBy(
    'handlers/tills.test.ts',
    mutant(
      'what is paid out stays in the till',
      'handlers/tills.ts',
      '  if (isCash) changeCash(work, till, -amountMinor)\n',
      '',
    ),
  ),
  mutant(
    'cash is booked as the provider’s',
    'tills/till.ts',
    "providerReference.startsWith('cash:') ? 'cashInTills'",
    "providerReference.startsWith('cash:') ? 'providerClearing'",
  ),
  mutant(
    'what is missing in a till stays in it',
    'handlers/tills.ts',
    "  transfer(work, 'cashDifferences', 'cashInTills', less, undefined, 'too little in a till')\n",
    '',
  ),
  foundBy(
    'handlers/tills.test.ts',
    mutant(
      'an agent keeps the share of what went back',
      'refund-paid.ts',
      '  returnCommission(work, payment)\n',
      '',
    ),
  ),
  foundBy(
    'handlers/tills.test.ts',
    mutant(
      'an agent’s share follows a rule that came after the hold',
      'agents/agent.ts',
      'agentRuleAt(state, accountId, heldAtMs)',
      'agentRuleAt(state, accountId, state.meta.nowMs)',
    ),
  ),
  foundBy(
    'handlers/tills.test.ts',
    mutant(
      'an agent pays out what another one sold',
      'handlers/tills.ts',
      "booking.accountId === actor || state.accounts.get(actor)?.role !== 'agent'",
      'state.accounts.has(actor) || booking.accountId === actor',
    ),
  ),
  foundBy(
    'handlers/tills.test.ts',
    mutant(
      'the provider is asked to pay back cash',
      'queries/payments.ts',
      '    if (isAtCounter(effect.payment)) continue\n',
      '',
    ),
  ),
]
