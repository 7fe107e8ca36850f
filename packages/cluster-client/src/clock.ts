/** Time as a port, so that tests need not wait. */
export interface Clock {
  /** Milliseconds that never go back. */
  now(): number
  /** Calls once after `ms`; what it gives stops it. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** Waits; an aborted signal ends the wait early, without an error: the caller looks at the signal. */
export function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const end = () => {
      stop()
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const stop = clock.after(ms, end)
    signal?.addEventListener('abort', end)
  })
}
