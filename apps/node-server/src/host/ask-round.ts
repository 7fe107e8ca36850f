import type { Clock } from '@quorail/raft-core'
import type { MemberAddress } from './types.ts'

/** A round of questions ends with what was answered by then. */
const roundWithinMs = 2_500

/**
 * Asks all peers at once, and ends once: when each has answered or said nothing (undefined), or when it has taken long
 * enough. What comes after that is not heard.
 */
export function askRound<Answer>(
  clock: Clock,
  peers: readonly MemberAddress[],
  ask: (peer: MemberAddress, done: (answer: Answer | undefined) => void) => void,
  end: (answers: ReadonlyMap<string, Answer>) => void,
): void {
  const answers = new Map<string, Answer>()
  let under = peers.length
  let over = false
  const finish = (): void => {
    if (over) return
    over = true
    late.cancel()
    end(answers)
  }
  const late = clock.setTimer(roundWithinMs, finish)
  if (under === 0) finish()
  for (const peer of peers)
    ask(peer, (answer) => {
      if (answer !== undefined && !over) answers.set(peer.id, answer)
      under -= 1
      if (under === 0) finish()
    })
}
