import type { Metrics, Stage } from '@quorail/raft-core'

const slotMs = 100
const slots = 100

/** The longest batch of each of Raft's stages in the last ten seconds, by when it ended. */
export class RecentStages {
  readonly #now: () => number
  readonly #slots: { at: number; longest: Map<Stage, number> }[] = []

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  note(stage: Stage, durationMs: number): void {
    const at = Math.floor(this.#now() / slotMs)
    const known = this.#slots[at % slots]
    const slot = known?.at === at ? known : { at, longest: new Map<Stage, number>() }
    this.#slots[at % slots] = slot
    if (durationMs > (slot.longest.get(stage) ?? -1)) slot.longest.set(stage, durationMs)
  }

  /** In milliseconds, of batches that ended since then. */
  longestSince(fromMs: number): Partial<Record<Stage, number>> {
    const from = Math.floor(fromMs / slotMs)
    const found: Partial<Record<Stage, number>> = {}
    for (const slot of this.#slots) {
      if (slot === undefined || slot.at < from) continue
      for (const [stage, ms] of slot.longest)
        found[stage] = Math.max(found[stage] ?? 0, Math.round(ms * 10) / 10)
    }
    return found
  }
}

/** Notes what goes to `metrics` as well. */
export const noting = (metrics: Metrics, recent: RecentStages): Metrics => ({
  ...metrics,
  stage(stage, durationMs, count) {
    recent.note(stage, durationMs)
    metrics.stage(stage, durationMs, count)
  },
})
