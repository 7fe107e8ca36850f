/** Further off than this from the majority's clock, a node does not lead. */
export const clockLimitMs = 5_000

/** How another node's wall clock stands against one's own. */
export interface ClockEstimate {
  readonly id: string
  /** That clock minus one's own. */
  readonly offsetMs: number
  /** It may be so much more or less: half the round trip of the question. */
  readonly uncertaintyMs: number
}

export interface ClockVerdict {
  readonly state: 'fine' | 'off'
  /** One's own clock minus the median of the clocks known. */
  readonly offsetMs: number
  /** Peers whose clocks are fine. */
  readonly fine: readonly string[]
}

/**
 * Judges one's own clock against the median of the clocks known, one's own included. Nothing is said
 * without a majority of clocks, and nothing when the two in the middle disagree about it (two clocks
 * known of three, far apart: nobody can tell which is wrong).
 */
export function judgeClock(
  memberCount: number,
  peers: readonly ClockEstimate[],
): ClockVerdict | undefined {
  if (2 * (peers.length + 1) <= memberCount) return undefined
  const own: ClockEstimate = { id: '', offsetMs: 0, uncertaintyMs: 0 }
  const all = [own, ...peers]
  const [low, high] = middles(all.map(({ offsetMs }) => offsetMs))
  const median = (low + high) / 2
  const fine = peers
    .filter(({ offsetMs }) => Math.abs(offsetMs - median) <= clockLimitMs)
    .map(({ id }) => id)
  const [leastAhead] = middles(all.map(({ offsetMs, uncertaintyMs }) => offsetMs - uncertaintyMs))
  const [, mostAhead] = middles(all.map(({ offsetMs, uncertaintyMs }) => offsetMs + uncertaintyMs))
  if (leastAhead > clockLimitMs || mostAhead < -clockLimitMs)
    return { state: 'off', offsetMs: -median, fine }
  if (low >= -clockLimitMs && high <= clockLimitMs)
    return { state: 'fine', offsetMs: median === 0 ? 0 : -median, fine }
  return undefined
}

/** The two in the middle; of an odd number, the middle one twice. */
function middles(values: readonly number[]): readonly [number, number] {
  const sorted = values.toSorted((a, b) => a - b)
  const last = sorted.length - 1
  return [sorted[Math.floor(last / 2)] ?? 0, sorted[Math.ceil(last / 2)] ?? 0]
}
