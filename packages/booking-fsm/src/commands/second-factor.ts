/** A second factor: what somebody has, beside the password that they know. */
import type { AccountRole } from './accounts.ts'

/**
 * From an instant on, accounts of these roles do nothing but look after their own login until they have a second
 * factor. For operators and the cluster.
 */
export interface SetSecondFactorRule {
  readonly type: 'setSecondFactorRule'
  readonly validFromMs: number
  /** Of staff and operator; none: nobody needs one. */
  readonly roles: readonly AccountRole[]
}

/** The actor's own: a secret that its device has been shown. It counts when a code has proved that. */
export interface BeginSecondFactor {
  readonly type: 'beginSecondFactor'
  /** Sealed at the door, with a key that is not in the log. */
  readonly sealedSecret: string
}

/** The door has checked a code of the secret that was begun with. Every session but one ends. */
export interface EnableSecondFactor {
  readonly type: 'enableSecondFactor'
  /** The time step that the code was of: no code of it or before counts again. */
  readonly step: number
  /** SHA-256 of codes for when the device is lost, hexadecimal; each counts once. */
  readonly recoveryHashes: readonly string[]
  /** The session that goes on, as in `OpenSession`; '' ends them all. */
  readonly keepTokenHash: string
}

/** What was shown at the door: a code, of which it says the step, or a recovery code. */
export interface Proof {
  /** 0: none, it was a recovery code. */
  readonly step: number
  /** SHA-256, hexadecimal; '': it was a code. */
  readonly recoveryHash: string
}

/** The actor's own. Every session but one ends. */
export interface DisableSecondFactor extends Proof {
  readonly type: 'disableSecondFactor'
  readonly keepTokenHash: string
}

/** `OpenSession` for an account that has a second factor. */
export interface OpenSecuredSession extends Proof {
  readonly type: 'openSecuredSession'
  readonly accountId: number
  readonly tokenHash: string
  readonly ttlMs: number
}

/** Somebody has lost both device and recovery codes: an operator, who is somebody else, says that it is they who ask. */
export interface AskSecondFactorReset {
  readonly type: 'askSecondFactorReset'
  readonly accountId: number
}

/** Another operator, who is neither of both, says so too: the second factor and all sessions are gone. */
export interface ApproveSecondFactorReset {
  readonly type: 'approveSecondFactorReset'
  readonly accountId: number
}

/** Ends all sessions of an account. For operators and the cluster. */
export interface EndSessions {
  readonly type: 'endSessions'
  readonly accountId: number
}
