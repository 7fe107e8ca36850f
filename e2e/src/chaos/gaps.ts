import type { Operation } from './history.ts'

/** How long nothing was sold: between two acknowledged holds, payments, cancellations or releases. */
export function longestGap(
  operations: readonly Operation[],
  fromMs: number,
  toMs: number,
): { readonly ms: number; readonly atMs: number } {
  const ends = operations
    .filter(
      ({ call, outcome }) =>
        outcome.type === 'done' && (call.kind === 'hold' || call.kind === 'pay'),
    )
    .map(({ endMs }) => endMs)
    .filter((endMs) => endMs >= fromMs && endMs <= toMs)
    .sort((a, b) => a - b)
  let longest = { ms: 0, atMs: fromMs }
  let before = fromMs
  for (const end of [...ends, toMs]) {
    if (end - before > longest.ms) longest = { ms: end - before, atMs: before }
    before = end
  }
  return longest
}
