/**
 * Exactly once: a wrapper round any state machine that recognises a command which it has applied
 * before, and gives the first answer again (dissertation §6.3).
 */
import { ConfigError, MachineFailedError } from '../errors.ts'
import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../ports.ts'
import type { Entry, LogIndex, SnapshotMark } from '../types.ts'
import { badLimit, SESSION_LIMITS, type SessionLimits, type SessionResult } from './results.ts'
import { SessionTable, type Step } from './session-table.ts'
import { readSessions, SessionCapture, sessionFrames } from './snapshot.ts'

/** Where the log is looked at for answers that take up too much: see `SessionLimits.maxBytes`. */
export const ROOM_INTERVAL = 64

export interface SessionMachineOptions<Result> {
  /** The bytes of an answer: what is kept of it, and part of snapshots. The same on every node. */
  encodeResult(result: Result): Uint8Array
  /** The answer in bytes that `encodeResult` made. */
  decodeResult(bytes: Uint8Array): Result
  /**
   * The limits with which a new log begins. They must be the same on every node and stay as they are
   * for the life of the log; `limitSessions` changes them, by an entry.
   */
  readonly limits?: Partial<SessionLimits>
}

/** A state machine whose commands are those of `openSession`, `withSession` and so on. */
export interface SessionMachine<Result> extends StateMachine<SessionResult<Result>> {
  readonly sessionStats: SessionStats
}

export interface SessionStats {
  readonly sessions: number
  /** What counts for `SessionLimits.maxBytes`. */
  readonly bytes: number
  readonly limits: SessionLimits
}

/**
 * Wraps `inner`, which sees its own commands only, each exactly once, and a `noop` at every other
 * index. Makes snapshots if `inner` does. Throws `ConfigError` for limits below 1, and for a machine
 * that keeps its state by itself: what it restored would be without the sessions of the commands in
 * it. Such a machine has to keep, with each command, who it was from.
 */
export function sessionMachine<Result>(
  inner: StateMachine<Result>,
  options: SessionMachineOptions<Result>,
): SessionMachine<Result> {
  const limits = { ...SESSION_LIMITS, ...options.limits }
  const bad = badLimit(limits)
  if (bad !== undefined) {
    throw new ConfigError(`${bad} must be a whole number from 1, not ${limits[bad]}`)
  }
  if (inner.appliedIndex !== 0 || inner.durableIndex !== undefined) {
    throw new ConfigError('a machine that keeps its state by itself can not be wrapped in sessions')
  }
  return new Machine(inner, options, limits)
}

const NOTHING = new Uint8Array(0)

class Machine<Result> implements SessionMachine<Result> {
  readonly capture?: (done: Callback<StateCapture>) => void
  readonly restore?: (mark: SnapshotMark, bytes: SnapshotReader, done: Done) => void
  readonly #inner: StateMachine<Result>
  readonly #options: SessionMachineOptions<Result>
  #table: SessionTable
  #appliedIndex: LogIndex = 0

  constructor(
    inner: StateMachine<Result>,
    options: SessionMachineOptions<Result>,
    limits: SessionLimits,
  ) {
    this.#inner = inner
    this.#options = options
    this.#table = new SessionTable(limits)
    if (inner.capture !== undefined) this.capture = (done) => this.#capture(done)
    if (inner.restore !== undefined) {
      this.restore = (mark, bytes, done) => this.#restore(mark, bytes, done)
    }
  }

  get appliedIndex(): LogIndex {
    return this.#appliedIndex
  }

  get sessionStats(): SessionStats {
    const { size, bytes, limits } = this.#table
    return { sessions: size, bytes, limits }
  }

  apply(entries: readonly Entry[], done: Callback<readonly SessionResult<Result>[]>): void {
    const results: SessionResult<Result>[] = []
    // A loop, not a recursion: a batch may be long, and the inner machine answer at once.
    let isLooping = false
    let isDue = true
    const goOn = (error: Error | undefined) => {
      isDue = error === undefined && results.length < entries.length
      if (error !== undefined) done(error, [])
      else if (!isDue) done(undefined, results)
      else if (!isLooping) loop()
    }
    const loop = () => {
      isLooping = true
      while (isDue) {
        isDue = false
        this.#applySome(upToRoom(entries, results.length), results, goOn)
      }
      isLooping = false
    }
    goOn(undefined)
  }

  /** Up to the next place where room may have to be made. */
  #applySome(some: readonly Entry[], results: SessionResult<Result>[], done: Done): void {
    const steps = some.map((entry) => this.#take(entry))
    const passed = some.map((entry, i) => innerEntry(entry, steps[i] as Step | undefined))
    this.#inner.apply(passed, (error, given) => {
      let failure = error
      try {
        if (failure === undefined) this.#settle(steps, given, results)
      } catch (problem) {
        failure = problem instanceof Error ? problem : new Error(String(problem))
      }
      if (failure === undefined) {
        this.#appliedIndex = (some.at(-1) as Entry).index
        if (this.#appliedIndex % ROOM_INTERVAL === 0) this.#table.makeRoom()
      }
      done(failure)
    })
  }

  #take(entry: Entry): Step | undefined {
    return entry.kind === 'command' ? this.#table.take(entry.data, entry.index) : undefined
  }

  #settle(
    steps: readonly (Step | undefined)[],
    given: readonly Result[],
    results: SessionResult<Result>[],
  ): void {
    if (given.length !== steps.length) {
      const counts = `${given.length} results for ${steps.length} entries`
      throw new MachineFailedError(new Error(counts))
    }
    for (const [i, step] of steps.entries()) {
      results.push(this.#resultOf(step, given[i] as Result))
    }
  }

  #resultOf(step: Step | undefined, result: Result): SessionResult<Result> {
    switch (step?.type) {
      case undefined:
      case 'pass':
        return { type: 'applied', result }
      case 'apply':
        // A copy, lest it be a view of an entry, whose memory is used again.
        this.#table.settle(step.reply, this.#options.encodeResult(result).slice())
        return { type: 'applied', result }
      case 'repeat':
        return {
          type: 'repeated',
          result: this.#options.decodeResult(step.reply.bytes ?? NOTHING),
        }
      case 'answer':
        return step.answer
    }
  }

  #capture(done: Callback<StateCapture>): void {
    const frames = sessionFrames(this.#table)
    this.#inner.capture?.((error, captured) => {
      if (error !== undefined) done(error, undefined as never)
      else done(undefined, new SessionCapture(frames, captured))
    })
  }

  #restore(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    readSessions(bytes, (error, sessions) => {
      if (error !== undefined) {
        done(error)
        return
      }
      this.#inner.restore?.(mark, sessions.rest, (problem) => {
        if (problem === undefined) {
          this.#table = sessions.table
          this.#appliedIndex = mark.index
        }
        done(problem)
      })
    })
  }
}

/** Entries from `start` on, as far as they are applied before room is made. */
function upToRoom(entries: readonly Entry[], start: number): readonly Entry[] {
  const { index } = entries[start] as Entry
  const count = ROOM_INTERVAL - ((index - 1) % ROOM_INTERVAL)
  return entries.slice(start, start + count)
}

/** What the inner machine is to apply at this index: its command, or nothing. */
function innerEntry(entry: Entry, step: Step | undefined): Entry {
  if (step === undefined) return entry
  const { index, term } = entry
  if (step.type === 'pass' || step.type === 'apply') {
    return { index, term, kind: 'command', data: step.command }
  }
  return { index, term, kind: 'noop', data: NOTHING }
}
