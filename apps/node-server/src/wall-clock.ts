import type { ClockVerdict } from './host/clock-verdict.ts'
import type { Logger } from './log.ts'

/** For tests only: this machine's clock as if it were so many milliseconds ahead. */
const offsetVariable = 'QUORAIL_TEST_CLOCK_OFFSET_MS'

/** The clock on the wall, in milliseconds since 1970. */
export function wallClock(environment: NodeJS.ProcessEnv = process.env): () => number {
  const offsetMs = Number(environment[offsetVariable] ?? 0)
  if (!Number.isFinite(offsetMs)) throw new Error(`${offsetVariable} must be a number`)
  return () => Date.now() + offsetMs
}

/** A verdict on the clock as a line for a person. */
export function logClockVerdict(log: Logger): (verdict: ClockVerdict) => void {
  return ({ state, offsetMs }) => {
    const clockOffsetMs = Math.round(offsetMs)
    const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1)
    const way = offsetMs > 0 ? 'ahead of' : 'behind'
    if (state === 'off')
      log.error(
        { clockOffsetMs },
        `this machine's clock is ${seconds} s ${way} the majority's: the node does not lead until the clock is set right (is its time service running?)`,
      )
    else log.info({ clockOffsetMs }, "this machine's clock is the majority's again")
  }
}
