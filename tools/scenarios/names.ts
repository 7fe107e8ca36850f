/** The scenarios number their nodes; ours have names, ordered as names are. */
import type { NodeId } from './raft-core.ts'

/** Padded, so that the order of the names is that of the numbers. Node 0 is nobody. */
export function nameOf(node: number): NodeId {
  return node === 0 ? '' : `n${String(node).padStart(5, '0')}`
}

export function numberOf(name: NodeId | undefined): number {
  return name === undefined || name === '' ? 0 : Number(name.slice(1))
}

/** As Go prints a list of numbers: `(1 2 3)` or `[1 2 3]`. */
export function listOf(names: readonly NodeId[], brackets: '()' | '[]'): string {
  return `${brackets[0]}${names.map(numberOf).join(' ')}${brackets[1]}`
}
