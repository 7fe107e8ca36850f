/** Planted bugs in second factors, and in what is looked up. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const factor = 'people/second-factor.ts'
const handlers = 'handlers/second-factor.ts'

export const peopleMutants: readonly Mutant[] = [
  mutant(
    'a code counts twice',
    factor,
    'if (step > 0) factor.lastStep = step',
    'if (step > 0) factor.enabledAtMs = factor.enabledAtMs',
  ),
  mutant(
    'a code of the last step counts again',
    factor,
    'step > factor.lastStep',
    'step >= factor.lastStep',
  ),
  mutant(
    'a recovery code counts for ever',
    factor,
    'factor.recovery.filter((hash) => hash !== recoveryHash)',
    'factor.recovery.filter((hash) => hash !== "")',
  ),
  mutant(
    'a password is enough although there is a second factor',
    'handlers/accounts.ts',
    ": refuse('secondFactorNeeded'),",
    ': undefined,',
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'sessions from before a second factor go on',
      handlers,
      'endSessions(work, actor, command.keepTokenHash)',
      '',
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'one operator resets a second factor alone',
      handlers,
      "if (resetAskedBy === work.actor) return refuse('secondPersonNeeded')",
      '',
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'an operator resets their own second factor',
      handlers,
      "?.role !== 'operator' || work.actor === accountId",
      "?.role !== 'operator'",
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'who needs a second factor goes on without',
      factor,
      "return refuse('secondFactorRequired', { field: 'actor' })",
      'return undefined',
    ),
  ),
  foundBy(
    'handlers/second-factor.test.ts',
    mutant(
      'the second factor outlives its account',
      'handlers/delete-account.ts',
      '  forgetSecondFactor(work, accountId)\n',
      '',
    ),
  ),
  foundBy(
    'people/text-columns.test.ts',
    mutant(
      'names stay in the entry of a draw',
      'people/forget.ts',
      '  forgetDrawEntries(work, account)\n',
      '',
    ),
  ),
  foundBy(
    'people/text-columns.test.ts',
    mutant(
      'what somebody who is forgotten had entered is held all the same',
      'draws/continue-draws.ts',
      'account === undefined || account.erasedAtMs > 0',
      'account === undefined',
    ),
  ),
  foundBy(
    'queries/rules.test.ts',
    mutant(
      'of two rules of one instant the first set is said to count',
      'queries/rules.ts',
      '.sort((a, b) => a.from - b.from || a.id - b.id)',
      '.sort((a, b) => a.from - b.from || b.id - a.id)',
    ),
  ),
  foundBy(
    'queries/run-states.test.ts',
    mutant(
      'a run that is not on sale yet is said to be',
      'queries/run-states.ts',
      'opensBeforeMs > 0 && nowMs <',
      'opensBeforeMs > 0 && nowMs >',
    ),
  ),
]
