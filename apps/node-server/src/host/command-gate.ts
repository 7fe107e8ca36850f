import { type Clock, OverloadedError } from '@quorail/raft-core'

/** Why a command is refused before it is proposed; metrics count by it. */
export type RefusedFor = 'rows' | 'commands' | 'wait' | 'share'

/** Refused at once and certainly not done; the same request may be sent again after a pause. */
export class BusyError extends OverloadedError {
  readonly reason: RefusedFor
  readonly retryAfterMs: number

  constructor(reason: RefusedFor, retryAfterMs: number, message: string) {
    super(message)
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

export interface GateLimits {
  /** Commands under way at once. */
  readonly commands: number
  /** When the oldest of them has waited for so long, what comes now would wait as well. */
  readonly waitMs: number
  /** Once half of all places are taken, one account may have this part of them. */
  readonly share: number
}

export const gateLimits: GateLimits = { commands: 16_384, waitMs: 1_500, share: 1 / 4 }

export interface CommandGateOptions {
  readonly clock: Pick<Clock, 'now'>
  readonly limits?: GateLimits
  readonly onRefused?: (reason: RefusedFor) => void
}

/**
 * Stands before Raft: what can not be done soon is refused at once, so that whoever asks learns it while it still
 * helps, and what is under way is answered in time.
 */
export class CommandGate {
  readonly #clock: Pick<Clock, 'now'>
  readonly #limits: GateLimits
  readonly #onRefused: (reason: RefusedFor) => void
  /** When each began, the oldest first. */
  readonly #begun = new Map<number, number>()
  readonly #ofActor = new Map<number, number>()
  #next = 0

  constructor({ clock, limits = gateLimits, onRefused = () => undefined }: CommandGateOptions) {
    this.#clock = clock
    this.#limits = limits
    this.#onRefused = onRefused
  }

  get underWay(): number {
    return this.#begun.size
  }

  /** `rows`: the database has fallen behind, as somebody else found out. */
  refusal(actor: number, rows: number | undefined): BusyError | undefined {
    const refused = this.#look(actor, rows)
    if (refused !== undefined) this.#onRefused(refused.reason)
    return refused
  }

  /** Takes a place; what it gives gives it back. */
  enter(actor: number): () => void {
    const id = this.#next
    this.#next += 1
    this.#begun.set(id, this.#clock.now())
    this.#ofActor.set(actor, (this.#ofActor.get(actor) ?? 0) + 1)
    return () => {
      this.#begun.delete(id)
      const left = (this.#ofActor.get(actor) ?? 1) - 1
      if (left === 0) this.#ofActor.delete(actor)
      else this.#ofActor.set(actor, left)
    }
  }

  #look(actor: number, rows: number | undefined): BusyError | undefined {
    const { commands, waitMs, share } = this.#limits
    if (rows !== undefined)
      return new BusyError('rows', 2_000, `${rows} rows wait for this node's database`)
    const underWay = this.#begun.size
    if (underWay >= commands) return new BusyError('commands', 250, `${underWay} commands wait`)
    const oldest = this.#begun.values().next().value
    if (oldest !== undefined && this.#clock.now() - oldest >= waitMs)
      return new BusyError('wait', 1_000, `a command has waited for ${waitMs} ms`)
    const own = this.#ofActor.get(actor) ?? 0
    // Nobody's are everybody's.
    if (actor !== 0 && underWay >= commands / 2 && own >= commands * share)
      return new BusyError('share', 500, `${own} commands of account ${actor} wait`)
    return undefined
  }
}
