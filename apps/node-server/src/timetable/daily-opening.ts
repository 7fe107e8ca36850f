import { calendarTrains, info } from '@quorail/booking-fsm'
import { type LeaderJob, pause } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { dueOpenings } from './service-days.ts'

/** How far ahead trains with a calendar are on sale. */
export const daysAhead = 30
const lookEveryMs = 60_000

/**
 * The leader opens one more day each day for every train with a calendar. Several leaders doing it
 * one after the other is harmless: a date that has a run is skipped by the state machine.
 */
export function dailyOpening(host: NodeHost): LeaderJob {
  return async (signal) => {
    while (!signal.aborted) {
      const { featureLevel } = info(host.state)
      const trains = calendarTrains(host.state)
      for (const command of dueOpenings(trains, host.nowMs(), daysAhead, featureLevel)) {
        if (signal.aborted) return
        await host.submit({ actor: 0, key: undefined, command })
      }
      await pause(lookEveryMs, signal)
    }
  }
}
