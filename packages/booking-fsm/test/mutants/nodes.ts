/** Planted bugs in where nodes are reached. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const nodeMutants: readonly Mutant[] = [
  foundBy(
    'handlers/nodes.test.ts',
    mutant(
      'what a node was started with counts for more than what an operator said',
      'handlers/nodes.ts',
      "if (known !== undefined && work.cluster && known.byOperator === 1) return { type: 'done' }",
      '',
    ),
  ),
  foundBy(
    'handlers/nodes.test.ts',
    mutant(
      "a node is said to be where another one's peers reach it",
      'handlers/nodes.ts',
      'other.clientUrl === url || other.peerUrl === url',
      'other.clientUrl === url',
    ),
  ),
  foundBy(
    'handlers/nodes.test.ts',
    mutant(
      'a forgotten node comes back when rows are loaded',
      'handlers/nodes.ts',
      "  deleteRow(work, 'nodes', node, [name])\n",
      '',
    ),
  ),
  foundBy(
    'handlers/nodes.test.ts',
    mutant(
      'that an operator said so is forgotten when rows are loaded',
      'loading/nodes.ts',
      'byOperator: int(row)',
      'byOperator: int(row) * 0',
    ),
  ),
]
