/** Planted bugs in waiting lists: envy, what is forgotten, and money taken too early. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const waitingMutants: readonly Mutant[] = [
  mutant(
    'envy in the waiting list: who came last is promoted first',
    'waiting/promote.ts',
    '[...waiting].sort(byRank)',
    '[...waiting].sort((a, b) => byRank(b, a))',
  ),
  mutant(
    'what an expired hold frees is not offered to who waits',
    'live.ts',
    '  noteFreed(work, booking.run)\n',
    "  if (booking.status === 'confirmed') noteFreed(work, booking.run)\n",
  ),
  mutant(
    'who waits pays before there are seats',
    'handlers/record-outcome.ts',
    "    payment.status = 'authorised'\n    return\n",
    "    payment.status = 'authorised'\n    queueEffect(work, 'capture', payment, amountMinor)\n    return\n",
  ),
  mutant(
    'the position counts those who want other segments',
    'waiting/list.ts',
    'return there !== undefined && overlap(there, option)',
    'return there !== undefined',
  ),
  mutant(
    'the reservation of who waited in vain is kept',
    'waiting/ending.ts',
    "if (payment.status !== 'authorised') continue",
    'if (payment.status) continue',
  ),
  ...waitingPools(),
]

/** Histories meet them seldom. */
function waitingPools(): Mutant[] {
  const planted = [
    mutant(
      'a pool is jumped: who waits for it takes what is general before those of a better rank',
      'waiting/promote.ts',
      '[...waiting].sort(byRank)',
      "[...waiting].sort((a, b) => Number(b.options[0]?.pool !== '') - Number(a.options[0]?.pool !== '') || byRank(a, b))",
    ),
    mutant(
      'envy across pools: who is refused in one pool is refused in what is general, too',
      'waiting/promote.ts',
      "pools.join('/')",
      'pools.length > 0',
    ),
    mutant(
      'who wants nothing but the pool is given what is general',
      'waiting/pools.ts',
      "return onlyPool ? mine : [...mine, '']",
      "return [...mine, '']",
    ),
    mutant(
      'who waits is given places of a pool that is for others',
      'waiting/pools.ts',
      'mayUse(state, own, types, accountId) ? [pool] : []',
      '[pool]',
    ),
    mutant(
      'a pool that is released by time is not offered',
      'waiting/timed.ts',
      '    yield departure - pool.releaseBeforeDepartureMs\n',
      '    yield departure + pool.releaseBeforeDepartureMs\n',
    ),
    mutant(
      'who comes now is before those whose turn is still to come',
      'apply.ts',
      '  noteNamed(work, command)\n',
      '',
    ),
    mutant(
      'somebody is promoted onto a run under a draw',
      'waiting/promote.ts',
      ' || isInDraw(state, run.runId)) return undefined',
      ') return undefined',
    ),
    mutant(
      'a run under a draw looks free to buy',
      'inventory/availability.ts',
      'if (isInDraw(state, run.runId)) return 0',
      'if (isInDraw(state, -run.runId)) return 0',
    ),
  ]
  return planted.map((it) => foundBy('handlers/waiting-pools.test.ts', it))
}
