/** What an operation costs in each stage: a round of its own is sampled, and scaled to what was measured without. */
import type { Measurement } from '../harness/measure.ts'
import { number, type Table } from '../harness/report.ts'
import { type CpuStage, cpuStages, type StageShares, sharesOf } from './attribution.ts'
import { eachOf } from './cost-tables.ts'
import type { Profiles } from './profiles.ts'
import type { RunningSystem } from './system.ts'
import { type ThreadKind, threadKinds } from './threads.ts'

/** By what the process is, µs of an operation in each stage. */
export type CpuByStage = Readonly<Record<string, Readonly<Record<CpuStage, number>>>>

export interface SampledCase {
  readonly name: string
  readonly micros: CpuByStage
}

/** More than this that nobody knows makes the rest doubtful. */
const mostOther = 0.1

/** What threads besides the first do is one thing each. */
const stageOfThread: Readonly<Record<Exclude<ThreadKind, 'first thread'>, CpuStage>> = {
  SQLite: 'rows to SQLite',
  'libuv pool': 'log write',
  V8: 'GC, compiler',
  others: 'background',
}

/** Samples all processes of a system while `run` works. */
export async function sampleStages(
  running: RunningSystem,
  profiles: Profiles,
  run: () => Promise<unknown>,
): Promise<Readonly<Record<string, StageShares>>> {
  const processes = Object.entries(await running.processes())
  await Promise.all(processes.map(([, pid]) => profiles.start(pid)))
  await run()
  return Object.fromEntries(
    await Promise.all(
      processes.map(
        async ([name, pid]) =>
          [name, sharesOf(await profiles.stop(pid), name === 'leader')] as const,
      ),
    ),
  )
}

/** The first thread's time goes by its samples, that of the others by what they are for. */
export function stageMicros(
  found: Measurement,
  shares: Readonly<Record<string, StageShares>>,
): CpuByStage {
  return Object.fromEntries(
    Object.entries(shares).map(([name, parts]) => {
      const ofFirst = eachOf(found, `${name} first thread micros`)
      const micros = Object.fromEntries(
        cpuStages.map((stage) => [stage, parts[stage] * ofFirst]),
      ) as Record<CpuStage, number>
      for (const kind of threadKinds) {
        if (kind !== 'first thread')
          micros[stageOfThread[kind]] += eachOf(found, `${name} ${kind} micros`)
      }
      return [name, micros]
    }),
  )
}

const sumOf = (all: CpuByStage, names: readonly string[], stage: CpuStage): number =>
  names.reduce((sum, name) => sum + (all[name]?.[stage] ?? 0), 0)

export function cpuStageTable(caseName: string, all: CpuByStage): Table {
  const names = Object.keys(all)
  const followers = names.filter((name) => name !== 'leader')
  const columns = [['leader'], followers, names]
  const total = (of: readonly string[]) =>
    cpuStages.reduce((sum, stage) => sum + sumOf(all, of, stage), 0)
  return {
    title: `CPU of an operation in µs by stage: ${caseName}`,
    columns: ['stage', 'leader', 'both followers', 'all'],
    rows: [
      ...cpuStages.map((stage) => [stage, ...columns.map((of) => number(sumOf(all, of, stage)))]),
      ['together', ...columns.map((of) => number(total(of)))],
    ],
  }
}

/** Where too much is nobody's. */
export function cpuStageNotes(caseName: string, all: CpuByStage): readonly string[] {
  const names = Object.keys(all)
  const total = cpuStages.reduce((sum, stage) => sum + sumOf(all, names, stage), 0)
  const part = sumOf(all, names, 'other') / total
  return part > mostOther
    ? [`! ${Math.round(100 * part)} % of the processor time of ${caseName} belongs to no stage.`]
    : []
}
