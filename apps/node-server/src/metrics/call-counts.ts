/** Upper bounds of the time of a call, in seconds. */
export const rpcSeconds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5,
] as const

/** What calls of one method came to. */
interface MethodCount {
  /** By Connect's code; 0: answered. */
  readonly byCode: number[]
  /** As many took no longer than this bound, and longer than the one before; the last: longer than all. */
  readonly byBound: number[]
  sumSeconds: number
}

/**
 * Counts calls that came one way. There are so many of them that each costs a few additions only; Prometheus's
 * library gets the sums when somebody asks.
 */
export class CallCounts {
  readonly #methods = new Map<string, MethodCount>()

  /** @param method `package.Service/Method`, one that there is */
  count(method: string, code: number, ms: number): void {
    let counts = this.#methods.get(method)
    if (counts === undefined) {
      counts = { byCode: [], byBound: rpcSeconds.map(() => 0).concat(0), sumSeconds: 0 }
      this.#methods.set(method, counts)
    }
    counts.byCode[code] = (counts.byCode[code] ?? 0) + 1
    const seconds = ms / 1_000
    counts.sumSeconds += seconds
    let bound = 0
    while (seconds > (rpcSeconds[bound] ?? Number.POSITIVE_INFINITY)) bound += 1
    counts.byBound[bound] = (counts.byBound[bound] ?? 0) + 1
  }

  methods(): IterableIterator<[string, Readonly<MethodCount>]> {
    return this.#methods.entries()
  }
}
