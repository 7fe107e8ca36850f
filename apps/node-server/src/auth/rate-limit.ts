/** Who asks how often: a bucket of tokens each, which fills up again with time. */
export interface RateLimit {
  /** Takes one; seconds to wait, rounded up, when there is none. 0: go on. */
  waitSeconds(who: string): number
}

export interface RateLimitOptions {
  /** So many in a minute in the long run. */
  readonly perMinute: number
  /** So many at once, after a pause. */
  readonly burst: number
  readonly nowMs: () => number
  /** Callers remembered; beyond that the one seen longest ago is forgotten, and begins afresh. */
  readonly callersAtMost?: number
}

/** What one token costs: in these units a minute gives `perMinute` tokens, in whole numbers. */
const token = 60_000

interface Bucket {
  credit: number
  atMs: number
}

/** Local to this node and forgotten with it, as the throttle of logins is: no part of the replicated state. */
export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { perMinute, burst, nowMs, callersAtMost = 50_000 } = options
  const buckets = new Map<string, Bucket>()
  return {
    waitSeconds(who) {
      const now = nowMs()
      const bucket = buckets.get(who) ?? { credit: burst * token, atMs: now }
      const passedMs = Math.max(0, now - bucket.atMs)
      const credit = Math.min(burst * token, bucket.credit + passedMs * perMinute)
      const enough = credit >= token
      // The one seen last stands last.
      buckets.delete(who)
      buckets.set(who, { credit: enough ? credit - token : credit, atMs: now })
      const oldest = buckets.keys().next()
      if (buckets.size > callersAtMost && !oldest.done) buckets.delete(oldest.value)
      return enough ? 0 : Math.ceil((token - credit) / perMinute / 1_000)
    },
  }
}
