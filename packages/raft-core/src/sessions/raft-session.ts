/**
 * The client's half of a session: numbers commands, keeps several under way, repeats those whose
 * outcome is not known, and so has each applied once, in the order of the calls.
 */
import type { Timer } from '../ports.ts'
import type { LogIndex } from '../types.ts'
import { closeSession, keepAlive, openSession, withSession } from './commands.ts'
import {
  asError,
  failureOf,
  pauseMs,
  type RepeatOptions,
  repeat,
  type SessionProposer,
} from './repeating.ts'
import type { SessionId, SessionResult } from './results.ts'
import { SessionError } from './session-error.ts'

export interface RaftSessionOptions extends Pick<RepeatOptions, 'clock' | 'random'> {
  /** Commands under way at once; no more than the machine's `maxPending`. Default 16. */
  readonly maxInFlight?: number
  /** Commands that wait for their turn; more are refused. Default 1,024. */
  readonly maxWaiting?: number
  /** A call fails when it had no answer for so many milliseconds. Default 30,000. */
  readonly giveUpMs?: number
  /** The pause before the second attempt is up to so many milliseconds, then doubles. Default 20. */
  readonly retryMinMs?: number
  /** No pause between attempts is longer, in milliseconds. Default 1,000. */
  readonly retryMaxMs?: number
}

export interface SessionReply<Result> {
  readonly result: Result
  /** The entry that gave the answer; not the one that applied the command, when `repeated`. */
  readonly index: LogIndex
  /** An earlier attempt had been applied. */
  readonly repeated: boolean
}

type Settings = RepeatOptions & { readonly maxInFlight: number; readonly maxWaiting: number }

interface Call<Result> {
  readonly command: Uint8Array
  readonly deadline: number
  readonly resolve: (reply: SessionReply<Result>) => void
  readonly reject: (error: Error) => void
  /** Its place among the session's commands, once it is under way. */
  sequence: number
  attempts: number
  /** The lowest sequence under way when it was sent last, and `#changes` then. */
  sentBehind: number
  sentAt: number
  /** `sent`: an attempt is under way. `pausing`: until the next one. `blocked`: by one before it. */
  state: 'waiting' | 'sent' | 'pausing' | 'blocked'
  timer: Timer | undefined
  /** What the first attempt of unknown outcome said. */
  doubt: Error | undefined
}

export class RaftSession<Result> {
  /** The session's name in the log. */
  readonly id: SessionId
  readonly #proposer: SessionProposer<Result>
  readonly #settings: Settings
  /** In the order of their numbers. */
  readonly #inFlight = new Set<Call<Result>>()
  readonly #waiting: Call<Result>[] = []
  #nextSequence = 1
  /** How often a call was settled: what may let a blocked one through. */
  #changes = 0
  #end: 'sessionExpired' | 'sessionClosed' | undefined
  #closing: Promise<void> | undefined
  #idle: (() => void) | undefined

  private constructor(id: SessionId, proposer: SessionProposer<Result>, settings: Settings) {
    this.id = id
    this.#proposer = proposer
    this.#settings = settings
  }

  /**
   * Opens a session. Rejects with the node's error if that does not work within `giveUpMs`, and with
   * `SessionError` (`sessionRefused`) when the machine knows no sessions.
   */
  static async open<Result>(
    proposer: SessionProposer<Result>,
    options: RaftSessionOptions,
  ): Promise<RaftSession<Result>> {
    const settings: Settings = {
      maxInFlight: 16,
      maxWaiting: 1024,
      giveUpMs: 30_000,
      retryMinMs: 20,
      retryMaxMs: 1000,
      ...options,
    }
    const answer = await repeat(proposer, openSession(), settings)
    if (answer.type === 'opened') return new RaftSession(answer.sessionId, proposer, settings)
    throw refused(answer, 'no')
  }

  /**
   * Has a command applied once. Commands are applied in the order of the calls. Rejects with a
   * `RaftError` that says that it is not applied, or with `SessionError`, whose `applied` says what
   * is known. What was rejected with `perhaps` can not be applied any more once a later command of
   * the session was. `command` must not be changed before it is answered.
   */
  propose(command: Uint8Array): Promise<SessionReply<Result>> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) {
        reject(ended(this.#end, 'no'))
        return
      }
      if (this.#waiting.length >= this.#settings.maxWaiting) {
        const limit = `${this.#settings.maxWaiting} commands of this session wait already`
        reject(new SessionError('sessionOverloaded', 'no', limit))
        return
      }
      const deadline = this.#settings.clock.now() + this.#settings.giveUpMs
      const unsent = {
        sequence: 0,
        attempts: 0,
        sentBehind: 0,
        sentAt: 0,
        state: 'waiting',
      } as const
      const none = { timer: undefined, doubt: undefined }
      this.#waiting.push({ command, deadline, resolve, reject, ...unsent, ...none })
      this.#sendMore()
    })
  }

  /**
   * Makes the session the most recently used one, so that it is the last to be evicted. Rejects as
   * `propose` does.
   */
  async keepAlive(): Promise<void> {
    if (this.#end !== undefined) throw ended(this.#end, 'no')
    const answer = await repeat(this.#proposer, keepAlive(this.id), this.#settings)
    if (answer.type === 'alive') return
    if (answer.type !== 'sessionExpired') throw refused(answer, 'no')
    this.#expire()
    throw ended('sessionExpired', 'no')
  }

  /**
   * Takes no more commands, waits for those there are, and removes the session. If that fails, it
   * rejects with the node's error; the session is then evicted in time. Calling it again gives the
   * same promise.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#end ??= 'sessionClosed'
    if (this.#inFlight.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    if (this.#hasExpired()) return
    const answer = await repeat(this.#proposer, closeSession(this.id), this.#settings)
    if (answer.type !== 'closed') throw refused(answer, 'no')
  }

  #hasExpired(): boolean {
    return this.#end === 'sessionExpired'
  }

  #sendMore(): void {
    while (!this.#hasExpired() && this.#inFlight.size < this.#settings.maxInFlight) {
      const call = this.#waiting.shift()
      if (call === undefined) return
      call.sequence = this.#nextSequence++
      this.#inFlight.add(call)
      this.#send(call)
    }
  }

  #send(call: Call<Result>): void {
    const timeoutMs = Math.max(1, call.deadline - this.#settings.clock.now())
    const [first = call] = this.#inFlight
    const data = withSession(this.id, call.sequence, call.command, first.sequence)
    call.state = 'sent'
    call.attempts += 1
    call.sentBehind = first.sequence
    call.sentAt = this.#changes
    this.#attempt(data, timeoutMs).then(
      ({ index, result }) => this.#answered(call, index, result),
      (error: unknown) => this.#failed(call, asError(error)),
    )
  }

  /** What is thrown at once is a rejection like any other. */
  async #attempt(data: Uint8Array, timeoutMs: number) {
    return await this.#proposer.propose(data, { timeoutMs })
  }

  #answered(call: Call<Result>, index: LogIndex, answer: SessionResult<Result>): void {
    switch (answer.type) {
      case 'applied':
      case 'repeated': {
        const repeated = answer.type === 'repeated'
        this.#settle(call, () => call.resolve({ result: answer.result, index, repeated }))
        return
      }
      case 'outOfOrder':
      case 'windowFull':
        this.#block(call, answer)
        return
      case 'sessionExpired':
        call.state = 'blocked'
        this.#expire()
        return
      case 'tooOld':
      case 'opened':
      case 'alive':
      case 'closed':
      case 'limited':
      case 'malformed':
        this.#settle(call, () => call.reject(refused(answer, inDoubt(call))))
        return
    }
  }

  #failed(call: Call<Result>, error: Error): void {
    const failure = failureOf(error)
    if (failure === 'unknown') call.doubt ??= error
    const pause = pauseMs(this.#settings, call.attempts)
    if (failure === 'never' || this.#settings.clock.now() + pause >= call.deadline) {
      this.#settle(call, () => call.reject(call.doubt === undefined ? error : unknown(call.doubt)))
      return
    }
    call.state = 'pausing'
    call.timer = this.#settings.clock.setTimer(pause, () => {
      this.#send(call)
      this.#wake()
    })
  }

  /** One before it was not applied yet: it is sent again when something has changed there. */
  #block(call: Call<Result>, answer: SessionResult<Result>): void {
    if (call.sentBehind === call.sequence) {
      // It was the first one: a session machine has no reason to answer so.
      this.#settle(call, () => call.reject(refused(answer, inDoubt(call))))
      return
    }
    call.state = 'blocked'
    this.#wake()
  }

  /** It is over, in one way or another. What it blocked may have its turn. */
  #settle(call: Call<Result>, tell: () => void): void {
    call.timer?.cancel()
    this.#inFlight.delete(call)
    this.#changes += 1
    tell()
    this.#wake()
    this.#sendMore()
    if (this.#inFlight.size === 0) this.#idle?.()
  }

  /**
   * Sends again what was blocked, up to the first one that is pausing. The deadline of whatever
   * blocks a call is before its own: nothing is blocked for ever.
   */
  #wake(): void {
    if (this.#hasExpired()) return
    for (const call of [...this.#inFlight]) {
      if (call.state === 'pausing') return
      if (call.state === 'blocked' && call.sentAt !== this.#changes) this.#send(call)
    }
  }

  /** Later commands of this session can not be applied; those on their way get their own answers. */
  #expire(): void {
    this.#end = 'sessionExpired'
    for (const call of [...this.#inFlight, ...this.#waiting.splice(0)]) {
      if (call.state === 'sent') continue
      this.#settle(call, () => call.reject(ended('sessionExpired', inDoubt(call), call.doubt)))
    }
  }
}

function inDoubt(call: { readonly doubt: Error | undefined }): 'no' | 'perhaps' {
  return call.doubt === undefined ? 'no' : 'perhaps'
}

function unknown(cause: Error): SessionError {
  const message = 'the time is up'
  return new SessionError('sessionOutcomeUnknown', 'perhaps', message, cause)
}

function ended(
  code: 'sessionExpired' | 'sessionClosed',
  applied: 'no' | 'perhaps',
  cause?: Error,
): SessionError {
  const message = code === 'sessionClosed' ? 'the session is closed' : 'the session has expired'
  return new SessionError(code, applied, message, cause)
}

function refused(answer: SessionResult<unknown>, applied: 'no' | 'perhaps'): SessionError {
  const reason = answer.type === 'malformed' ? `malformed: ${answer.reason}` : answer.type
  return new SessionError('sessionRefused', applied, `the state machine answered ${reason}`)
}
