/** The failures that only a session has; all others are those of the node (`RaftError`). */
export type SessionErrorCode =
  /** The machine knows the session no longer: it was evicted for others, or closed. Open another one. */
  | 'sessionExpired'
  /** `close` was called. */
  | 'sessionClosed'
  /** More commands wait than `maxWaiting`. */
  | 'sessionOverloaded'
  /** It was tried until the time was up, and at least one attempt may have worked. */
  | 'sessionOutcomeUnknown'
  /** The state machine is not one of `sessionMachine`, or of another version. */
  | 'sessionRefused'

export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly code: SessionErrorCode
  /** `no`: the command is not applied and never will be. `perhaps`: it is, will be, or neither. */
  readonly applied: 'no' | 'perhaps'

  constructor(
    code: SessionErrorCode,
    applied: 'no' | 'perhaps',
    message: string,
    cause?: Error | undefined,
  ) {
    super(
      applied === 'no' ? message : `${message}; the command may be applied`,
      cause === undefined ? undefined : { cause },
    )
    this.code = code
    this.applied = applied
  }
}
