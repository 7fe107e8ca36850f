import { nextToArchive } from '@quorail/booking-fsm'
import { type LeaderJob, pause } from './leader-work.ts'
import type { NodeHost } from './types.ts'

export interface ArchivePace {
  /** Between two looks at all runs. */
  readonly lookAgainMs: number
  /** Between two portions: buying goes first. */
  readonly betweenMs: number
}

const calm: ArchivePace = { lookAgainMs: 3_600_000, betweenMs: 50 }

/**
 * Puts runs that arrived long ago into the archive, portion by portion, as long as this node leads. What is
 * left to do stands in the state; what waits for something is looked at again with the next round.
 */
export function archiveWork(host: NodeHost, pace: ArchivePace = calm): LeaderJob {
  return async (signal) => {
    while (!signal.aborted) {
      await goRound(host, pace, signal)
      await pause(pace.lookAgainMs, signal)
    }
  }
}

async function goRound(
  host: NodeHost,
  { betweenMs }: ArchivePace,
  signal: AbortSignal,
): Promise<void> {
  let runId = nextToArchive(host.state, 0)
  let belowBookingId = 0
  while (runId !== undefined && !signal.aborted) {
    const { reply } = await host.submit({
      actor: 0,
      key: undefined,
      command: { type: 'archiveRun', runId, belowBookingId },
    })
    // A cluster at an earlier level has no archive.
    if (reply.type === 'refused' && reply.code === 'featureNotActive') return
    belowBookingId = reply.type === 'runArchived' ? reply.belowBookingId : 0
    if (belowBookingId === 0) runId = nextToArchive(host.state, runId)
    await pause(betweenMs, signal)
  }
}
