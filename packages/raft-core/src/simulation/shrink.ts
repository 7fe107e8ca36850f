import type { StateMachine } from '../ports.ts'
import type { Violation } from './checker.ts'
import type { Fault } from './faults.ts'
import type { Feature } from './features.ts'
import type { Profile, ProfileName } from './profile.ts'
import { Simulation, type SimulationOptions, type SimulationReport } from './simulation.ts'

/** A failing run that was made smaller, and still fails in the same way. */
export interface ShrunkRun {
  readonly seed: number
  readonly profile: ProfileName
  readonly events: number
  readonly without: readonly Feature[]
  readonly set: Partial<Profile>
  readonly script: readonly Fault[]
  readonly violation: Violation
  /** Runs that it took, and their events. */
  readonly runs: number
  readonly eventsRun: number
}

/**
 * Makes a failing run smaller: features off one at a time, fewer clients and nodes, then only those
 * faults that are needed (delta debugging), and no more events than it takes. What is left fails by
 * the same invariant. `undefined` if the run does not fail. Stops after about `maxEvents` events of
 * trying, default 10 million.
 */
export function shrink<Result, Machine extends StateMachine<Result>>(
  options: SimulationOptions<Result, Machine>,
  maxEvents = 10_000_000,
): ShrunkRun | undefined {
  const search = new Search(options, maxEvents)
  if (!search.begin()) return undefined
  search.dropFeatures()
  search.dropNodesAndClients()
  search.dropFaults()
  search.dropEvents()
  search.roundNumbers()
  return search.result()
}

/** Of more faults there are too many pairs. */
const MOST_FOR_PAIRS = 40

interface Candidate {
  readonly events: number
  readonly without: readonly Feature[]
  readonly set: Partial<Profile>
  readonly script: readonly Fault[] | undefined
}

class Search<Result, Machine extends StateMachine<Result>> {
  readonly #options: SimulationOptions<Result, Machine>
  readonly #maxEvents: number
  #best: Candidate
  #report: SimulationReport | undefined
  #runs = 0
  #eventsRun = 0

  constructor(options: SimulationOptions<Result, Machine>, maxEvents: number) {
    this.#options = options
    this.#maxEvents = maxEvents
    const { events = 20_000, without = [], set = {}, script } = options
    this.#best = { events, without, set, script }
  }

  /** Whether it fails at all. */
  begin(): boolean {
    this.#report = this.#run(this.#best)
    return this.#report.violation !== undefined
  }

  dropFeatures(): void {
    const { features } = (this.#report as SimulationReport).drawn
    for (const feature of features) {
      this.#try({ without: [...this.#best.without, feature] })
    }
  }

  dropNodesAndClients(): void {
    const { drawn } = this.#report as SimulationReport
    if (drawn.spares > 0) this.#try({ set: { ...this.#best.set, spares: 0 } })
    for (const nodes of [1, 3]) {
      if (nodes < drawn.nodes && this.#try({ set: { ...this.#best.set, nodes } })) break
    }
    for (const clients of [1, 2, 3]) {
      if (clients < drawn.clients && this.#try({ set: { ...this.#best.set, clients } })) break
    }
  }

  /** From what is drawn to what is written down, and of that no more than is needed. */
  dropFaults(): void {
    const recorded = (this.#report as SimulationReport).faults
    if (!this.#try({ script: recorded })) return
    this.#dropKinds()
    do this.#deltaDebug()
    while (this.#dropPairs())
  }

  dropEvents(): void {
    for (let step = this.#best.events >> 1; step > 0; step >>= 1) {
      while (this.#best.events > step && this.#try({ events: this.#best.events - step }));
    }
  }

  roundNumbers(): void {
    const rounded = (this.#best.script ?? []).map((fault): Fault => {
      const { ms, afterMs } = fault
      return {
        ...fault,
        ...(ms === undefined ? {} : { ms: Math.round(ms) }),
        ...(afterMs === undefined ? {} : { afterMs: Math.round(afterMs * 10) / 10 }),
      }
    })
    this.#try({ script: rounded })
  }

  result(): ShrunkRun {
    const { seed, profile, violation } = this.#report as SimulationReport
    return {
      seed,
      profile,
      ...this.#best,
      script: this.#best.script ?? [],
      violation: violation as Violation,
      runs: this.#runs,
      eventsRun: this.#eventsRun,
    }
  }

  /** All faults of a kind at once: most kinds have nothing to do with it. */
  #dropKinds(): void {
    const kinds = new Set((this.#best.script ?? []).map(({ kind }) => kind))
    for (const kind of kinds) {
      this.#try({ script: (this.#best.script ?? []).filter((fault) => fault.kind !== kind) })
    }
  }

  /** Zeller's ddmin: takes out ever smaller pieces. */
  #deltaDebug(): void {
    for (let pieces = 2; ; ) {
      const script = this.#best.script ?? []
      if (script.length === 0 || this.#isSpent) return
      const size = Math.ceil(script.length / pieces)
      let found = false
      for (let from = 0; from < script.length && !found; from += size) {
        const rest = [...script.slice(0, from), ...script.slice(from + size)]
        found = this.#try({ script: rest })
      }
      if (found) pieces = Math.max(2, pieces - 1)
      else if (size === 1) return
      else pieces = Math.min(script.length, 2 * pieces)
    }
  }

  /** What one fault set right another one may have done: two at a time. Says whether that helped. */
  #dropPairs(): boolean {
    const { length } = this.#best.script ?? []
    if (length > MOST_FOR_PAIRS) return false
    for (let i = 0; i < length; i++) {
      for (let j = i + 1; j < length; j++) {
        const rest = (this.#best.script ?? []).filter((_, at) => at !== i && at !== j)
        if (this.#try({ script: rest })) return true
      }
    }
    return false
  }

  get #isSpent(): boolean {
    return this.#eventsRun >= this.#maxEvents
  }

  /** Takes the change over if the run still fails by the same invariant. */
  #try(change: Partial<Candidate>): boolean {
    if (this.#isSpent) return false
    const candidate: Candidate = { ...this.#best, ...change }
    const report = this.#run(candidate)
    const wanted = this.#report?.violation?.invariant
    if (report.violation === undefined || report.violation.invariant !== wanted) return false
    this.#report = report
    // Events after the failure are not needed; those of the healing are not counted.
    this.#best = { ...candidate, events: Math.min(candidate.events, report.events) }
    return true
  }

  #run(candidate: Candidate): SimulationReport {
    const report = new Simulation({ ...this.#options, ...candidate, records: true }).finish()
    this.#runs++
    this.#eventsRun += report.events
    return report
  }
}

/** The text of a test that holds the code to it. */
export function asTest(run: ShrunkRun): string {
  const { seed, profile, events, without, set, script, violation } = run
  const lines = [
    `// ${violation.invariant}: ${violation.message}`,
    `it('…', () => {`,
    `  const { violation } = simulate({`,
    `    seed: ${seed},`,
    `    events: ${events},`,
    `    profile: '${profile}',`,
  ]
  if (without.length > 0) lines.push(`    without: [${without.map(quoted).join(', ')}],`)
  const knobs = Object.entries(set).map(([name, value]) => `${name}: ${literal(value)}`)
  if (knobs.length > 0) lines.push(`    set: { ${knobs.join(', ')} },`)
  lines.push('    script: [')
  for (const fault of script) {
    const fields = Object.entries(fault).map(([name, value]) => `${name}: ${literal(value)}`)
    lines.push(`      { ${fields.join(', ')} },`)
  }
  lines.push('    ],', '  })', '  expect(violation).toBeUndefined()', '})')
  return lines.join('\n')
}

function quoted(text: string): string {
  return `'${text}'`
}

function literal(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  return Array.isArray(value) ? `[${value.map(literal).join(', ')}]` : String(value)
}
