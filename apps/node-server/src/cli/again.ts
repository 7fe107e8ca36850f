import { Code, ConnectError } from '@connectrpc/connect'
import { describeError } from '@quorail/cluster-client'
import { pause } from './operator.ts'

const everyMs = 300
const passing = [Code.Unavailable, Code.Aborted, Code.DeadlineExceeded]

/** An election, a cluster with much to do, a follower that is behind just now: no reason to give up, if the call may be repeated. */
export function passes(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false
  return passing.includes(error.code) || describeError(error).code === 'NOT_HANDED_OVER'
}

/** Asks until there is an answer; what still fails when the time is over is thrown. */
export async function again<T>(endsAtMs: number, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!passes(error) || Date.now() > endsAtMs) throw error
      await pause(everyMs)
    }
  }
}
