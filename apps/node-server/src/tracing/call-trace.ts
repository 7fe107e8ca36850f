import { randomBytes } from 'node:crypto'
import { Code, ConnectError } from '@connectrpc/connect'
import { OutcomeUnknownError } from '@quorail/raft-core'
import { deadlineExceeded } from '../errors/door-errors.ts'
import type { CurrentCall } from './current-call.ts'

/** What a call has behind it when it reaches a point, in order. */
export type Mark = 'entered' | 'proposed' | 'applied'

/** One call on its way through this node: whose trace it belongs to, how long it may take, how far it has come. */
export class CallTrace implements CurrentCall {
  readonly traceId: string
  readonly startedAtMs = performance.now()
  #index = 0
  readonly #signal: AbortSignal
  readonly #marks = new Map<Mark, number>()

  constructor(traceId: string, signal: AbortSignal) {
    this.traceId = traceId
    this.#signal = signal
  }

  /** Of its last command; 0: none yet. */
  get index(): number {
    return this.#index
  }

  committedAt(index: number): void {
    this.#index = index
  }

  /** The first time counts, but of `applied` the last. */
  mark(mark: Mark): void {
    if (mark === 'applied' || !this.#marks.has(mark)) this.#marks.set(mark, performance.now())
  }

  markedAtMs(mark: Mark): number | undefined {
    return this.#marks.get(mark)
  }

  /** How long it took to be let in, to be made a command, to be applied, and to be answered. */
  stages(): Record<string, number> {
    const points = [
      ['door', this.markedAtMs('entered')],
      ['prepare', this.markedAtMs('proposed')],
      ['log', this.markedAtMs('applied')],
      ['answer', performance.now()],
    ] as const
    const stages: Record<string, number> = {}
    let from = this.startedAtMs
    for (const [name, at] of points) {
      if (at === undefined) continue
      stages[name] = tenthsOfMs(at - from)
      from = at
    }
    return stages
  }

  /** Throws when nobody waits for the answer any more: certainly not done. */
  mustBeInTime(): void {
    if (this.#isLate()) throw deadlineExceeded()
  }

  /** Proposes a command, and waits for it as long as the caller does. */
  async propose<T>(run: () => Promise<T>): Promise<T> {
    this.mustBeInTime()
    this.mark('proposed')
    try {
      return await this.#inTime(run())
    } finally {
      this.mark('applied')
    }
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const signal = this.#signal
      const onAbort = (): void => {
        // It is in the log's hands; when a caller has gone, or the node stops, it is waited for.
        if (this.#isLate()) reject(new OutcomeUnknownError('timeout', 0, 0))
      }
      signal.addEventListener('abort', onAbort)
      answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    })
  }

  #isLate(): boolean {
    const { aborted, reason } = this.#signal
    return aborted && ConnectError.from(reason).code === Code.DeadlineExceeded
  }
}

export const newTraceId = (): string => randomBytes(16).toString('hex')

export const tenthsOfMs = (ms: number): number => Math.round(ms * 10) / 10

/** W3C's trace context, version 00: the trace's id. */
export function traceIdOf(traceparent: string | null): string | undefined {
  const id = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-|$)/.exec(
    traceparent ?? '',
  )?.[1]
  return id === undefined || /^0+$/.test(id) ? undefined : id
}
