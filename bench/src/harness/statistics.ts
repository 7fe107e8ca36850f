/** The bench's own arithmetic. Figures of rounds are compared by medians, never by averages of averages. */

/** The middle value; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  const middle = sorted.length >> 1
  const upper = at(sorted, middle)
  return sorted.length % 2 === 1 ? upper : (at(sorted, middle - 1) + upper) / 2
}

/** `part` of all values (0 to 1) are at most this: the nearest rank, always one that was measured. */
export function percentile(sorted: Float64Array, part: number): number {
  return at(sorted, Math.max(0, Math.ceil(part * sorted.length) - 1))
}

export interface Percentiles {
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Of all values together, however many rounds they come from. */
export function percentilesOf(rounds: readonly Float64Array[]): Percentiles | undefined {
  const count = rounds.reduce((sum, { length }) => sum + length, 0)
  if (count === 0) return undefined
  const all = new Float64Array(count)
  let filled = 0
  for (const round of rounds) {
    all.set(round, filled)
    filled += round.length
  }
  all.sort()
  return {
    count,
    p50: percentile(all, 0.5),
    p90: percentile(all, 0.9),
    p99: percentile(all, 0.99),
    p999: percentile(all, 0.999),
    max: percentile(all, 1),
  }
}

/** Median of `a[i] / b[i]`: each round is compared with the one that ran beside it. */
export function medianRatio(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) throw new RangeError('ratios: as many rounds of one as of the other')
  return median(a.map((value, i) => value / (b[i] as number)))
}

function at(values: Float64Array, index: number): number {
  const value = values[index]
  if (value === undefined) throw new RangeError('there are no values')
  return value
}
