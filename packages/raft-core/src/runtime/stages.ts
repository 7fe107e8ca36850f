/**
 * Measures how long commands spend in each stage, in batches: what is in the log up to an index has
 * passed a stage when that index has. Made only when somebody wants the figures.
 */
import type { Metrics, Stage } from '../ports.ts'
import type { LogIndex, Message, NodeId } from '../types.ts'

/** Batches of one stage that are remembered; what is beyond is not measured. */
const MOST_BATCHES = 4096

interface Batch {
  readonly lastIndex: LogIndex
  readonly count: number
  readonly since: number
}

export class Stages {
  readonly #metrics: Metrics
  readonly #now: () => number
  #queuedSince: number | undefined = undefined
  #committing: Batch[] = []
  #applying: Batch[] = []
  readonly #replicating = new Map<NodeId, Batch[]>()

  constructor(metrics: Metrics, now: () => number) {
    this.#metrics = metrics
    this.#now = now
  }

  count(name: string, by: number): void {
    this.#metrics.count(name, by)
  }

  /** A command waits to be offered to the core. */
  queued(): void {
    this.#queuedSince ??= this.#now()
  }

  /** The core was offered `count` commands; as long as the oldest has waited, all are taken to have. */
  offered(count: number): void {
    if (this.#queuedSince !== undefined) this.#done('queue', this.#queuedSince, count)
    this.#queuedSince = undefined
  }

  /** They are in this leader's log, up to `lastIndex`. */
  accepted(lastIndex: LogIndex, count: number): void {
    if (this.#committing.length >= MOST_BATCHES) return
    this.#committing.push({ lastIndex, count, since: this.#now() })
  }

  /** A write of `count` entries begins; what is returned is called when it is durable. */
  writing(count: number): () => void {
    const since = this.#now()
    return () => this.#done('append', since, count)
  }

  sent(messages: readonly Message[]): void {
    for (const message of messages) {
      if (message.type !== 'appendEntries' || message.entries.length === 0) continue
      let batches = this.#replicating.get(message.to)
      if (batches === undefined) {
        batches = []
        this.#replicating.set(message.to, batches)
      }
      if (batches.length >= MOST_BATCHES) continue
      const count = message.entries.length
      batches.push({ lastIndex: message.prevLogIndex + count, count, since: this.#now() })
    }
  }

  received(message: Message): void {
    if (message.type !== 'appendEntriesReply' || !message.success) return
    const batches = this.#replicating.get(message.from)
    if (batches !== undefined) this.#pass('replicate', batches, message.matchIndex)
  }

  committed(index: LogIndex): void {
    const passed = this.#pass('commit', this.#committing, index)
    const since = this.#now()
    for (const batch of passed) this.#applying.push({ ...batch, since })
  }

  applied(index: LogIndex): void {
    this.#pass('apply', this.#applying, index)
  }

  /** This node does not lead any more: what it had under way, it will not see the end of. */
  clear(): void {
    this.#committing = []
    this.#applying = []
    this.#replicating.clear()
  }

  #pass(stage: Stage, batches: Batch[], index: LogIndex): readonly Batch[] {
    let count = 0
    while (count < batches.length && (batches[count] as Batch).lastIndex <= index) count++
    if (count === 0) return []
    const passed = batches.splice(0, count)
    for (const batch of passed) this.#done(stage, batch.since, batch.count)
    return passed
  }

  #done(stage: Stage, since: number, count: number): void {
    this.#metrics.stage(stage, this.#now() - since, count)
  }
}
