import type { Clock } from '../ports.ts'

/** Node's monotonic clock and timers, as the runtime and the transport want them. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
  defer: (callback) => void setImmediate(callback),
}
