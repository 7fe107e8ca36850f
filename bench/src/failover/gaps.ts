/** The longest time between two neighbours among `times`, from `fromMs` on; the end counts as one. */
export function longestGap(times: Float64Array, fromMs: number, toMs: number): number {
  let before = fromMs
  let longest = 0
  for (const at of times.toSorted()) {
    if (at > toMs) break
    if (at <= fromMs) continue
    longest = Math.max(longest, at - before)
    before = at
  }
  return Math.max(longest, toMs - before)
}
