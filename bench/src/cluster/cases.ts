import type { Case } from '../harness/measure.ts'
import { collectGarbage, type Sample } from '../harness/sample.ts'
import type { Work } from './drivers.ts'
import { countSyncs, usageOf } from './process-figures.ts'
import type { RunningSystem } from './system.ts'

/** One way to load one system. */
export interface ClusterCase extends Case {
  readonly system: string
  readonly work: Work
  readonly callers: number
  /** The most memory that its processes had at the end of a round, by what they are. */
  readonly residentBytes: Record<string, number>
  readonly failures: Record<string, number>
}

export interface Load {
  readonly work: Work
  readonly callers: number
  /** Open loop, as a part of what the same callers reach in the closed one. */
  readonly perSecond?: number
}

export function caseOf(system: string, running: RunningSystem, load: Load): ClusterCase {
  const { work, callers, perSecond } = load
  const residentBytes: Record<string, number> = {}
  const failures: Record<string, number> = {}
  return {
    ...{ system, work, callers, residentBytes, failures, unit: 'operations' },
    name: nameOf(system, load),
    async run(seconds): Promise<Sample> {
      collectGarbage()
      const processes = await running.processes()
      const pids = Object.values(processes)
      const before = pids.map(usageOf)
      const syncs = countSyncs(pids)
      const report = await running.run({ work, callers, seconds, perSecond })
      const counts: Record<string, number> = {
        syncs: (await syncs.stop()) ?? Number.NaN,
        operations: report.operations,
        callerMicros: report.cpuSeconds * 1e6,
        bytes: 0,
      }
      let micros = 0
      for (const [i, [name, pid]] of Object.entries(processes).entries()) {
        const after = usageOf(pid)
        const from = before[i] ?? after
        counts[`${name} micros`] = after.cpuMicros - from.cpuMicros
        counts[`${name} first thread micros`] = after.firstThreadMicros - from.firstThreadMicros
        counts.bytes = (counts.bytes ?? 0) + after.bytesWritten - from.bytesWritten
        micros += after.cpuMicros - from.cpuMicros
        residentBytes[name] = Math.max(residentBytes[name] ?? 0, after.residentBytes)
      }
      for (const [what, count] of Object.entries(report.failures))
        failures[what] = (failures[what] ?? 0) + count
      const { operations, wallSeconds, latenciesMs } = report
      // A tick at least, so that a ratio can be made of the shortest run.
      const cpuSeconds = Math.max(micros, 10_000) / 1e6
      return { operations, wallSeconds, cpuSeconds, latenciesMs, counts }
    },
  }
}

export function nameOf(system: string, { work, callers, perSecond }: Load): string {
  if (perSecond !== undefined) return `${system}, ${work}, ${perSecond}/s at any time`
  return `${system}, ${work}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`
}
