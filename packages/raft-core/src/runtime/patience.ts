/** Callers who do not wait as long as everybody else. */
import { RejectedError } from '../errors.ts'
import type { Clock } from '../ports.ts'
import type { ReadDone } from './options.ts'

/** The same, but answered with `timeout` after so many milliseconds, whatever comes then. */
export function withPatience(
  clock: Clock,
  timeoutMs: number | undefined,
  done: ReadDone,
): ReadDone {
  if (timeoutMs === undefined) return done
  let isAnswered = false
  const timer = clock.setTimer(timeoutMs, () => {
    isAnswered = true
    done(new RejectedError('timeout', `there was no answer within ${timeoutMs} ms`), 0)
  })
  return (error, index) => {
    if (isAnswered) return
    isAnswered = true
    timer.cancel()
    done(error, index)
  }
}
