import { readFileSync } from 'node:fs'
import type { ClockVerdict } from './host/clock-verdict.ts'
import type { Logger } from './log.ts'

/** For tests only: this machine's clock as if it were so many milliseconds ahead. */
const offsetVariable = 'QUORAIL_TEST_CLOCK_OFFSET_MS'

/** For tests only: the same number in a file, so that a clock may jump while the node runs. */
const fileVariable = 'QUORAIL_TEST_CLOCK_OFFSET_FILE'

/** The clock on the wall, in milliseconds since 1970. */
export function wallClock(environment: NodeJS.ProcessEnv = process.env): () => number {
  const offsetMs = Number(environment[offsetVariable] ?? 0)
  if (!Number.isFinite(offsetMs)) throw new Error(`${offsetVariable} must be a number`)
  const file = environment[fileVariable]
  return () => Date.now() + offsetMs + (file === undefined ? 0 : offsetIn(file))
}

/** Without the file the clock is right. */
function offsetIn(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return 0
  }
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
