/**
 * How long this node is certain to be the only leader (dissertation §6.4.1, by time).
 *
 * Every follower that confirmed a round stands by the leader for an election timeout from when it
 * heard of it, so nobody else can lead before that has passed since the round was *sent*. A transfer of
 * leadership breaks that promise: its target campaigns although the others stand by their leader. Its
 * `timeoutNow` may still be under way long after the transfer was given up, so the term gets no lease
 * any more, unless the transfer was refused before any was sent. A target that refuses may have been
 * told several times, and follow another of them.
 */
import type { CoreEvent, TransferResult } from '../core/io.ts'
import type { Term } from '../types.ts'

/** After these no `timeoutNow` is under way. */
const HARMLESS: ReadonlySet<TransferResult> = new Set(['notLeader', 'badTarget', 'busy'])

export class Leases {
  readonly #leaseMs: number
  readonly #renewMs: number
  #term: Term = 0
  #until = Number.NEGATIVE_INFINITY
  #renewedAt = Number.NEGATIVE_INFINITY
  /** When each round that is not confirmed yet was sent. */
  readonly #rounds = new Map<number, number>()
  #transfers = 0
  #brokenTerm: Term = 0

  /** A lease of 0 ms is none: lease reads are off. */
  constructor(leaseMs: number, renewMs: number) {
    this.#leaseMs = leaseMs
    this.#renewMs = renewMs
  }

  holds(now: number): boolean {
    return now < this.#until && this.#transfers === 0 && this.#brokenTerm !== this.#term
  }

  /** Whether it is time for a round that renews the lease. Says yes once for each. */
  wantsRound(now: number): boolean {
    if (this.#leaseMs <= 0 || this.#term === 0 || now < this.#renewedAt + this.#renewMs)
      return false
    this.#renewedAt = now
    return this.#transfers === 0 && this.#brokenTerm !== this.#term
  }

  roundStarted(sequence: number, now: number): void {
    if (this.#leaseMs > 0 && this.#term > 0) this.#rounds.set(sequence, now)
  }

  roundConfirmed(sequence: number): void {
    for (const [round, sentAt] of this.#rounds) {
      if (round > sequence) break
      this.#rounds.delete(round)
      this.#until = Math.max(this.#until, sentAt + this.#leaseMs)
    }
  }

  /** It leads now in `term`. */
  begin(term: Term): void {
    this.end()
    this.#term = term
  }

  /** It does not lead (any more). */
  end(): void {
    this.#term = 0
    this.#until = Number.NEGATIVE_INFINITY
    this.#rounds.clear()
  }

  /** A transfer of leadership is about to be put before the core. */
  transferAsked(): void {
    this.#transfers++
  }

  transferEnded({ result }: Extract<CoreEvent, { type: 'transferEnded' }>): void {
    this.#transfers--
    if (!HARMLESS.has(result)) this.#brokenTerm = this.#term
  }
}
