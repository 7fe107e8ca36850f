/** Planted bugs in draws. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const drawMutants: readonly Mutant[] = [
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'what was said in a draw stays when the account goes',
      'people/forget.ts',
      '({ passengerType }) => ({\n      name: ERASED,\n',
      '({ passengerType, ...said }) => ({\n      ...said,\n      name: ERASED,\n',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'what was said in a draw is lost when rows are loaded',
      'draws/said.ts',
      'if (birthDate === undefined) return',
      'if (birthDate !== 0) return',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'the order ignores the seed: who comes first can be known before',
      'draws/draw.ts',
      'seed || seedCommitment}',
      'seedCommitment}',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'the order is that of entering',
      'draws/draw.ts',
      'a.key < b.key ? -1 : a.key > b.key ? 1 : a.number - b.number',
      'a.number - b.number',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'a second entry counts',
      'handlers/draws.ts',
      "if (before !== undefined) return refuse('alreadyEntered', { figure: before })",
      '',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'a seed that was not committed to is taken',
      'handlers/draws.ts',
      "if (sha256Text(seed) !== draw.seedCommitment) return refuse('seedMismatch')",
      '',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'seats under a draw are sold to who asks first',
      'draws/draw.ts',
      'return draw !== undefined && draw !== drawing',
      'return false',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'entries are taken a millisecond too long',
      'handlers/draws.ts',
      'nowMs < draw.windowToMs',
      'nowMs <= draw.windowToMs',
    ),
  ),
  foundBy(
    'handlers/draws.test.ts',
    mutant(
      'a draw that is loaded begins its order anew',
      'draws/draw.ts',
      'if (entry.number <= draw.ordered) putInOrder(draw, entry)',
      '',
    ),
  ),
]
