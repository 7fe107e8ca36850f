import { dueDisruption } from '@quorail/booking-fsm'
import { type LeaderJob, pause } from './leader-work.ts'
import type { NodeHost } from './types.ts'

/**
 * Works disruptions off, portion by portion, as long as this node leads: what is to be done next stands in
 * the state, so whoever leads goes on where the last one stopped.
 */
export function disruptionWork(host: NodeHost, pauseMs = 1_000): LeaderJob {
  return async (signal) => {
    while (!signal.aborted) {
      const disruptionId = dueDisruption(host.state, host.nowMs())
      if (disruptionId === undefined) {
        await pause(pauseMs, signal)
        continue
      }
      const { reply } = await host.submit({
        actor: 0,
        key: undefined,
        command: { type: 'continueDisruption', disruptionId },
      })
      // The clock of the log may be a little behind this node's.
      if (reply.type === 'refused') await pause(pauseMs, signal)
    }
  }
}
