import type { Clock } from '@quorail/raft-core'

/** The clock of this machine, for the ports that take one. */
export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
  // Behind everything that has arrived by now: what comes in one turn goes out in one batch.
  defer: (callback) => void setImmediate(callback),
}
