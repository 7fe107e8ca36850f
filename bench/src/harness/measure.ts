/** Rounds: every case in turn, again and again, so that what else the machine does hits all alike. */

import type { Sample } from './sample.ts'
import { median, medianRatio, type Percentiles, percentilesOf } from './statistics.ts'

export interface Case {
  readonly name: string
  /** What an operation is, in the plural: `entries`, `rounds`, `reads`. */
  readonly unit: string
  /** Works for about `seconds`, on something new each time. */
  run(seconds: number): Promise<Sample>
}

export interface Pace {
  /** For each case, all its rounds together. */
  readonly seconds: number
  readonly rounds: number
}

/** A case and all that was measured of it. */
export interface Measurement {
  readonly name: string
  readonly unit: string
  /** Median of the rounds, and the extremes. */
  readonly perSecond: { readonly median: number; readonly least: number; readonly most: number }
  readonly cpuMicrosPerOperation: number
  /** Median of what a second of processor time would have done: an idle machine's rate, nearly. */
  readonly perCpuSecond: number
  /** Of all rounds together. */
  readonly latencyMs: Percentiles | undefined
  readonly counts: Readonly<Record<string, number>>
  readonly rounds: readonly Round[]
}

export interface Round {
  readonly operations: number
  readonly wallSeconds: number
  readonly cpuSeconds: number
}

/** Each case is warmed up once; then `rounds` times all cases, beginning with another one each time. */
export async function measure(
  cases: readonly Case[],
  pace: Pace,
  progress: (done: number, all: number) => void = () => {},
): Promise<readonly Measurement[]> {
  const seconds = pace.seconds / pace.rounds
  const samples = cases.map((): Sample[] => [])
  const all = cases.length * (pace.rounds + 1)
  let done = 0
  for (const one of cases) {
    await one.run(Math.max(seconds, Math.min(1, pace.seconds / 4)))
    progress(++done, all)
  }
  for (let round = 0; round < pace.rounds; round++) {
    for (const which of roundOrder(cases.length, round)) {
      const sample = await (cases[which] as Case).run(seconds)
      ;(samples[which] as Sample[]).push(sample)
      progress(++done, all)
    }
  }
  return cases.map((one, i) => summarise(one.name, one.unit, samples[i] as Sample[]))
}

/** Every case once, the first one being another in each round. */
export function roundOrder(count: number, round: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => (i + round) % count)
}

export function summarise(name: string, unit: string, samples: readonly Sample[]): Measurement {
  const rates = samples.map(rateOf)
  const counts: Record<string, number> = {}
  for (const sample of samples) {
    for (const [what, count] of Object.entries(sample.counts ?? {})) {
      counts[what] = (counts[what] ?? 0) + count
    }
  }
  const perCpuSecond = median(samples.map((s) => s.operations / s.cpuSeconds))
  return {
    name,
    unit,
    perSecond: { median: median(rates), least: Math.min(...rates), most: Math.max(...rates) },
    cpuMicrosPerOperation: 1e6 / perCpuSecond,
    perCpuSecond,
    latencyMs: percentilesOf(samples.flatMap(({ latenciesMs }) => latenciesMs ?? [])),
    counts,
    rounds: samples.map(({ operations, wallSeconds, cpuSeconds }) => ({
      operations,
      wallSeconds,
      cpuSeconds,
    })),
  }
}

/** How many times as fast `one` is as `other`, by the clock and by the processor, round for round. */
export function compare(one: Measurement, other: Measurement): { wall: number; cpu: number } {
  const cpuRate = ({ operations, cpuSeconds }: Round) => operations / cpuSeconds
  return {
    wall: medianRatio(one.rounds.map(rateOf), other.rounds.map(rateOf)),
    cpu: medianRatio(one.rounds.map(cpuRate), other.rounds.map(cpuRate)),
  }
}

const rateOf = ({ operations, wallSeconds }: Round): number => operations / wallSeconds
