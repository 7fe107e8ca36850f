import type { AskLevel } from '../host/level-raiser.ts'
import { statusAsker } from './ask-status.ts'

/** An answer that takes longer says too little. */
const withinMs = 1_000

/** Asks peers over their client ports which feature level their versions know. */
export function levelAsker(clusterId: () => string): AskLevel {
  const ask = statusAsker({ withCheckpoints: false }, withinMs)
  return (peer, done) => {
    ask(peer, (answer) => {
      const status = answer?.status
      // A version from before there were levels does not say: it knows the first.
      const level =
        status?.clusterId === clusterId() ? status.supportedFeatureLevel || 1 : undefined
      done(level)
    })
  }
}
