const windowMs = 15 * 60_000
const failuresAllowed = 10
const emailsAtMost = 10_000

/**
 * Slows down guessing of passwords: ten failures for one email within 15 minutes close it for the
 * rest of them. Local to this node and forgotten with it: it is no part of the replicated state.
 */
export function createLoginThrottle(nowMs: () => number) {
  const failures = new Map<string, number[]>()

  const recent = (email: string): number[] =>
    (failures.get(email) ?? []).filter((at) => at > nowMs() - windowMs)

  return {
    /** Seconds to wait; 0 when the email may try. */
    waitSeconds(email: string): number {
      const times = recent(email)
      const first = times.at(-failuresAllowed)
      return first === undefined ? 0 : Math.ceil((first + windowMs - nowMs()) / 1000)
    },
    failed(email: string): void {
      const times = [...recent(email), nowMs()].slice(-failuresAllowed)
      failures.delete(email)
      failures.set(email, times)
      const oldest = failures.keys().next()
      if (failures.size > emailsAtMost && !oldest.done) failures.delete(oldest.value)
    },
    succeeded(email: string): void {
      failures.delete(email)
    },
  }
}

export type LoginThrottle = ReturnType<typeof createLoginThrottle>
