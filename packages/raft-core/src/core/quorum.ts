/** Majorities. Few numbers, sorted each time: an optimised version of this is where others broke. */

/** Size of a majority of `voters`: 1 → 1, 2 → 2, 3 → 2, 4 → 3, 5 → 3. */
export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** The largest value that a majority has reached: `values` has one number for every voter. */
export function reachedByMajority(values: readonly number[]): number {
  const count = values.length
  if (count === 0) return 0
  if (count === 1) return values[0] as number
  if (count === 3) return middle(values[0] as number, values[1] as number, values[2] as number)
  const descending = [...values].sort((a, b) => b - a)
  return descending[majorityOf(count) - 1] as number
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
}
