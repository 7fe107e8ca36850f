/** A ready-made collector of a node's figures: counts, and durations with percentiles. */
import type { Metrics, Stage } from '../ports.ts'

/** Sixteen buckets for each doubling, so that a percentile is too large by 6 % at most. */
const PER_DOUBLING = 16
/** Whole microseconds in 32 bits, which last for more than an hour; what is longer counts as that. */
const MOST_MICROSECONDS = 0xffffffff
const BUCKETS = 29 * PER_DOUBLING

const STAGES: readonly Stage[] = ['queue', 'append', 'replicate', 'commit', 'apply']

/** Of all entries that passed a stage. Durations in milliseconds. */
export interface StageFigures {
  readonly count: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly maxMs: number
}

/** Plain data, at one moment. */
export interface Figures {
  readonly stages: Readonly<Record<Stage, StageFigures>>
  readonly counts: Readonly<Record<string, number>>
}

/** Give it to a node as `metrics`, and look at `figures()` when you like. Of fixed size. */
export class Histograms implements Metrics {
  #stages = newStages()
  #counts = new Map<string, number>()

  stage(stage: Stage, durationMs: number, count: number): void {
    this.#stages[stage].add(durationMs, count)
  }

  count(name: string, by: number): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + by)
  }

  /** Since it was made, or reset. */
  figures(): Figures {
    const stages = {} as Record<Stage, StageFigures>
    for (const stage of STAGES) stages[stage] = this.#stages[stage].figures()
    return { stages, counts: Object.fromEntries(this.#counts) }
  }

  /** How long at most `share` of the entries (0 to 1) spent in a stage, in milliseconds; 0 without any. */
  percentile(stage: Stage, share: number): number {
    return this.#stages[stage].percentile(share)
  }

  reset(): void {
    this.#stages = newStages()
    this.#counts = new Map()
  }
}

class Histogram {
  readonly #buckets = new Float64Array(BUCKETS)
  #count = 0
  #sumMs = 0
  #maxMs = 0

  add(durationMs: number, count: number): void {
    if (count <= 0) return
    const bucket = bucketOf(durationMs)
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + count
    this.#count += count
    this.#sumMs += Math.max(0, durationMs) * count
    this.#maxMs = Math.max(this.#maxMs, durationMs)
  }

  percentile(share: number): number {
    const target = Math.max(1, Math.ceil(Math.min(1, share) * this.#count))
    let seen = 0
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.#buckets[i] as number
      if (seen < target) continue
      return Math.min(longestOf(i), this.#maxMs)
    }
    return 0
  }

  figures(): StageFigures {
    return {
      count: this.#count,
      meanMs: this.#count === 0 ? 0 : this.#sumMs / this.#count,
      p50Ms: this.percentile(0.5),
      p90Ms: this.percentile(0.9),
      p99Ms: this.percentile(0.99),
      p999Ms: this.percentile(0.999),
      maxMs: this.#maxMs,
    }
  }
}

/** Up to 16 each microsecond has its own; then they grow with what they count. */
function bucketOf(durationMs: number): number {
  const micros = Math.min(MOST_MICROSECONDS, Math.ceil(Math.max(0, durationMs) * 1000)) >>> 0
  if (micros < PER_DOUBLING) return micros
  const exponent = 31 - Math.clz32(micros)
  return (exponent - 3) * PER_DOUBLING + ((micros >>> (exponent - 4)) & (PER_DOUBLING - 1))
}

/** The longest duration that a bucket counts, in milliseconds. */
function longestOf(bucket: number): number {
  if (bucket < PER_DOUBLING) return bucket / 1000
  const width = 1 << (Math.floor(bucket / PER_DOUBLING) - 1)
  return ((PER_DOUBLING + (bucket % PER_DOUBLING) + 1) * width - 1) / 1000
}

function newStages(): Record<Stage, Histogram> {
  return {
    queue: new Histogram(),
    append: new Histogram(),
    replicate: new Histogram(),
    commit: new Histogram(),
    apply: new Histogram(),
  }
}
