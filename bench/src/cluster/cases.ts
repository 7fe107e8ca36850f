import type { Case } from '../harness/measure.ts'
import { collectGarbage, type Sample } from '../harness/sample.ts'
import { diskBytesWritten } from './disk-bytes.ts'
import type { Work } from './drivers.ts'
import { countSyncs, type Usage, usageOf } from './process-figures.ts'
import { askStages, type StageSums, stagesBetween } from './stages.ts'
import type { RunningSystem } from './system.ts'
import { threadKinds } from './threads.ts'

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

/** `folder`: on the disk whose writes are counted. */
export function caseOf(
  system: string,
  running: RunningSystem,
  load: Load,
  folder: string,
): ClusterCase {
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
      const stagesBefore = await stagesOf(running)
      const before = pids.map(usageOf)
      const diskBefore = diskBytesWritten(folder)
      const syncs = countSyncs(pids)
      const report = await running.run({ work, callers, seconds, perSecond })
      const counts: Record<string, number> = {
        syncs: (await syncs.stop()) ?? Number.NaN,
        operations: report.operations,
        callerMicros: report.cpuSeconds * 1e6,
        diskBytes: (diskBytesWritten(folder) ?? Number.NaN) - (diskBefore ?? Number.NaN),
      }
      let micros = 0
      for (const [i, [name, pid]] of Object.entries(processes).entries()) {
        const after = usageOf(pid)
        const from = before[i] ?? after
        Object.assign(counts, spentBy(name, from, after))
        micros += after.cpuMicros - from.cpuMicros
        residentBytes[name] = Math.max(residentBytes[name] ?? 0, after.residentBytes)
      }
      for (const [name, sums] of Object.entries(await stagesOf(running)))
        Object.assign(counts, stagesBetween(`${name} stage`, stagesBefore[name] ?? sums, sums))
      for (const [what, count] of Object.entries(report.failures))
        failures[what] = (failures[what] ?? 0) + count
      const { operations, wallSeconds, latenciesMs } = report
      // A tick at least, so that a ratio can be made of the shortest run.
      const cpuSeconds = Math.max(micros, 10_000) / 1e6
      return { operations, wallSeconds, cpuSeconds, latenciesMs, counts }
    },
  }
}

function spentBy(name: string, from: Usage, after: Usage): Record<string, number> {
  const spent = { [`${name} micros`]: after.cpuMicros - from.cpuMicros }
  for (const kind of after.threads === undefined ? [] : threadKinds)
    spent[`${name} ${kind} micros`] = (after.threads?.[kind] ?? 0) - (from.threads?.[kind] ?? 0)
  return spent
}

/** By the names of its processes; nothing of a system that says nothing. */
async function stagesOf(running: RunningSystem): Promise<Readonly<Record<string, StageSums>>> {
  const asked = Object.entries((await running.figures?.()) ?? {})
  return Object.fromEntries(
    await Promise.all(asked.map(async ([name, url]) => [name, await askStages(url)] as const)),
  )
}

export function nameOf(system: string, { work, callers, perSecond }: Load): string {
  if (perSecond !== undefined) return `${system}, ${work}, ${perSecond}/s at any time`
  return `${system}, ${work}, ${callers} ${callers === 1 ? 'caller' : 'callers'}`
}
