import type { AskClock } from '../host/clock-watch.ts'
import { statusAsker } from './ask-status.ts'

/** An answer that takes longer says too little. */
const withinMs = 1_000

/** Asks peers for their wall clocks over their client ports. */
export function clockAsker(): AskClock {
  const ask = statusAsker({ withCheckpoints: false }, withinMs)
  return (peer, done) => {
    ask(peer, (answer) => {
      const clock = answer?.status?.wallClock
      done(clock === undefined ? undefined : Number(clock.seconds) * 1_000 + clock.nanos / 1e6)
    })
  }
}
