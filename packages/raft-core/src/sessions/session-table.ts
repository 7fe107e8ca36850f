/**
 * The sessions there are (dissertation §6.3): for each the sequence number that comes next, and the
 * answers that its client may still ask for.
 *
 * All of it follows from the log alone. There is no clock in it, not even one carried by commands: a
 * stamp made by a client would let one wrong clock expire the sessions of everybody. What bounds the
 * table is eviction of the least recently used session, in the order of the log.
 */
import { DecodeError } from '../errors.ts'
import type { LogIndex } from '../types.ts'
import { decodeSessionCommand, type SessionCommand } from './commands.ts'
import type { SessionAnswer, SessionId, SessionLimits } from './results.ts'

/** What a session, and what an answer, counts for besides the answer's bytes. */
const SESSION_BYTES = 96
const REPLY_BYTES = 32

/** What to do for one entry. */
export type Step =
  | { readonly type: 'answer'; readonly answer: SessionAnswer }
  /** To be applied, in no session. */
  | { readonly type: 'pass'; readonly command: Uint8Array }
  /** To be applied, and its answer kept by `settle`. */
  | { readonly type: 'apply'; readonly command: Uint8Array; readonly reply: Reply }
  /** Was applied before; the answer may come with an entry that is being applied just now. */
  | { readonly type: 'repeat'; readonly reply: Reply }

/** An answer that is kept, or will be as soon as it is known. */
export interface Reply {
  bytes: Uint8Array | undefined
  /** Whether its bytes count: no longer, when it was forgotten. */
  kept: boolean
}

/** A session as it stands in a snapshot. */
export interface SessionRecord {
  readonly id: SessionId
  /** The lowest sequence number that is not forgotten. */
  readonly first: number
  /** Of `first` and the ones behind it. */
  readonly replies: readonly Uint8Array[]
}

interface Session {
  readonly id: SessionId
  first: number
  /** Answers of `first`, `first + 1`, ...; what comes next has the number behind them. */
  readonly replies: Reply[]
}

export class SessionTable {
  /** The least recently used one comes first. */
  readonly #sessions = new Map<SessionId, Session>()
  #limits: SessionLimits
  #bytes = 0

  constructor(limits: SessionLimits, records: readonly SessionRecord[] = []) {
    this.#limits = limits
    for (const { id, first, replies } of records) {
      const session: Session = { id, first, replies: [] }
      this.#sessions.set(id, session)
      this.#bytes += SESSION_BYTES
      for (const bytes of replies) {
        const reply = { bytes: undefined, kept: true }
        session.replies.push(reply)
        this.settle(reply, bytes)
      }
    }
  }

  get limits(): SessionLimits {
    return this.#limits
  }

  get size(): number {
    return this.#sessions.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes the next command of the log. Everything that later entries depend on is done at once, so
   * that a batch can be looked through before its first answer is known.
   */
  take(data: Uint8Array, index: LogIndex): Step {
    let command: SessionCommand
    try {
      command = decodeSessionCommand(data)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      return answer({ type: 'malformed', reason: error.message })
    }
    switch (command.type) {
      case 'openSession':
        return this.#open(index)
      case 'withSession':
        return this.#use(command)
      case 'keepAlive':
        return answer({ type: this.#touch(command.sessionId) ? 'alive' : 'sessionExpired' })
      case 'closeSession':
        this.#remove(command.sessionId)
        return answer({ type: 'closed' })
      case 'withoutSession':
        return { type: 'pass', command: command.command }
      case 'limitSessions':
        this.#limits = command.limits
        this.#evict(command.limits.maxSessions)
        return answer({ type: 'limited' })
    }
  }

  /** The answer of a step `apply`, once the machine has given it. */
  settle(reply: Reply, bytes: Uint8Array): void {
    reply.bytes = bytes
    if (reply.kept) this.#bytes += REPLY_BYTES + bytes.length
  }

  /**
   * Makes room when answers take up too much. Their size is known only once a batch is applied, and
   * batches are not cut alike on all nodes: so it is done at fixed places of the log.
   */
  makeRoom(): void {
    while (this.#bytes > this.#limits.maxBytes && this.#sessions.size > 1) this.#removeOldest()
  }

  /** As it is now, between two batches, the least recently used one first. */
  records(): SessionRecord[] {
    const records: SessionRecord[] = []
    for (const { id, first, replies } of this.#sessions.values()) {
      records.push({ id, first, replies: replies.map(({ bytes }) => bytes ?? new Uint8Array(0)) })
    }
    return records
  }

  #open(index: LogIndex): Step {
    this.#evict(this.#limits.maxSessions - 1)
    this.#sessions.set(index, { id: index, first: 1, replies: [] })
    this.#bytes += SESSION_BYTES
    return answer({ type: 'opened', sessionId: index })
  }

  #use(command: Extract<SessionCommand, { readonly type: 'withSession' }>): Step {
    const { sequence } = command
    const session = this.#touch(command.sessionId)
    if (session === undefined) return answer({ type: 'sessionExpired' })
    this.#forget(session, command.firstPending)
    if (sequence < session.first) return answer({ type: 'tooOld' })
    const known = session.replies[sequence - session.first]
    if (known !== undefined) return { type: 'repeat', reply: known }
    const expected = session.first + session.replies.length
    if (sequence > expected) return answer({ type: 'outOfOrder', expected })
    if (session.replies.length >= this.#limits.maxPending) return answer({ type: 'windowFull' })
    const reply = { bytes: undefined, kept: true }
    session.replies.push(reply)
    return { type: 'apply', command: command.command, reply }
  }

  /** The client wants nothing below `first`: neither the answers nor, if it was not yet, the effect. */
  #forget(session: Session, first: number): void {
    if (first <= session.first) return
    for (const reply of session.replies.splice(0, first - session.first)) this.#drop(reply)
    session.first = first
  }

  #touch(id: SessionId): Session | undefined {
    const session = this.#sessions.get(id)
    if (session === undefined) return undefined
    this.#sessions.delete(id)
    this.#sessions.set(id, session)
    return session
  }

  #evict(most: number): void {
    while (this.#sessions.size > most) this.#removeOldest()
  }

  #removeOldest(): void {
    for (const id of this.#sessions.keys()) {
      this.#remove(id)
      return
    }
  }

  #remove(id: SessionId): void {
    const session = this.#sessions.get(id)
    if (session === undefined) return
    this.#sessions.delete(id)
    this.#bytes -= SESSION_BYTES
    for (const reply of session.replies) this.#drop(reply)
  }

  #drop(reply: Reply): void {
    reply.kept = false
    if (reply.bytes !== undefined) this.#bytes -= REPLY_BYTES + reply.bytes.length
  }
}

function answer(given: SessionAnswer): Step {
  return { type: 'answer', answer: given }
}
