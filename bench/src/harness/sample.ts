/** One stretch of measured work. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a case did between the two looks at the clock. */
export interface Work {
  readonly operations: number
  /** How long single operations took, where a latency is meant. Milliseconds, in any order. */
  readonly latenciesMs?: Float64Array
  /** Anything else that was counted, e.g. syncs. */
  readonly counts?: Readonly<Record<string, number>>
}

export interface Sample extends Work {
  readonly wallSeconds: number
  /** Of all threads of this process: what it cost, however busy the machine is. */
  readonly cpuSeconds: number
}

/** Measures `work`. What led up to it (opening, electing) belongs before, closing afterwards. */
export async function sampled(work: () => Work | Promise<Work>): Promise<Sample> {
  collectGarbage()
  const cpu = process.cpuUsage()
  const began = performance.now()
  const done = await work()
  const wallSeconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { ...done, wallSeconds, cpuSeconds: (user + system) / 1e6 }
}

/** Calls `step` until `seconds` have passed, looking at the clock after every `stride` calls. */
export function repeatFor(seconds: number, stride: number, step: () => void): number {
  const until = performance.now() + seconds * 1000
  let calls = 0
  do {
    for (let i = 0; i < stride; i++) step()
    calls += stride
  } while (performance.now() < until)
  return calls
}

/** A list of durations that grows without a heap object for each. */
export class Durations {
  #values = new Float64Array(1 << 12)
  #length = 0

  add(durationMs: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(this.#length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = durationMs
  }

  taken(): Float64Array {
    return this.#values.slice(0, this.#length)
  }
}

let collector: (() => void) | undefined

/** So that nobody pays for the garbage of the case before. */
export function collectGarbage(): void {
  if (collector === undefined) {
    setFlagsFromString('--expose-gc')
    collector = runInNewContext('gc') as () => void
  }
  collector()
}
