import type { Metrics, Stage } from '@quorail/raft-core'
import { Counter, Histogram, type Registry } from 'prom-client'

/** From an entry's wait in memory to a slow disk: 50 µs to 3 s. */
const stageSeconds = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 3,
]
/** Times that wait for Prometheus's library. */
const mostTimes = 512

/**
 * What raft-core measures and counts. Each command comes by here some twenty times: it costs an addition, and Prometheus's
 * library gets sums, and times in lots, when somebody asks or there are many.
 */
export function createRaftFigures(registry: Registry): Metrics {
  const registers = [registry]
  const times = new Map<Stage, number[]>()
  const entries = new Map<string, number>()
  const counted = new Map<string, number>()
  const seconds = new Histogram({
    name: 'quorail_raft_stage_seconds',
    help: 'How long batches spent in a stage: queue, append (until durable here), replicate, commit, apply',
    labelNames: ['stage'],
    buckets: stageSeconds,
    registers,
    collect() {
      for (const [stage, waiting] of times) hand(stage, waiting)
    },
  })
  const hand = (stage: Stage, waiting: number[]): void => {
    for (const ms of waiting.splice(0)) seconds.observe({ stage }, ms / 1000)
  }
  new Counter({
    name: 'quorail_raft_stage_entries_total',
    help: 'Entries that went through a stage',
    labelNames: ['stage'],
    registers,
    collect() {
      this.reset()
      for (const [stage, count] of entries) this.inc({ stage }, count)
    },
  })
  new Counter({
    name: 'quorail_raft_total',
    help: 'What raft-core counts, by its name for it',
    labelNames: ['what'],
    registers,
    collect() {
      this.reset()
      for (const [what, count] of counted) this.inc({ what }, count)
    },
  })
  return {
    stage(stage, durationMs, count) {
      const waiting = times.get(stage)
      if (waiting === undefined) times.set(stage, [durationMs])
      else if (waiting.push(durationMs) >= mostTimes) hand(stage, waiting)
      entries.set(stage, (entries.get(stage) ?? 0) + count)
    },
    count(what, by) {
      counted.set(what, (counted.get(what) ?? 0) + by)
    },
  }
}
