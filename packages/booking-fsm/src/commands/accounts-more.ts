/** What becomes of an account after it was registered. */
import type { AccountRole } from './accounts.ts'

/** Makes somebody staff, or no longer. For operators; one operator must be left. */
export interface SetRole {
  readonly type: 'setRole'
  readonly accountId: number
  readonly role: AccountRole
}

/** The actor's own. Every session but one ends. */
export interface ChangePassword {
  readonly type: 'changePassword'
  readonly passwordHash: string
  /** The session that goes on, as in `OpenSession`; '' ends them all. */
  readonly keepTokenHash: string
}

/** Somebody who has forgotten the password, says so: a notice is queued. For everybody. */
export interface RequestPasswordReset {
  readonly type: 'requestPasswordReset'
  readonly accountId: number
}

/** A secret that the mail has: it is made when the mail is written, and its hash is known from here on. */
export interface GrantPasswordReset {
  readonly type: 'grantPasswordReset'
  readonly accountId: number
  /** SHA-256 of the secret, hexadecimal; takes the place of an earlier one. */
  readonly tokenHash: string
  readonly ttlMs: number
}

/** Whoever has the secret sets a password, once. All sessions end. */
export interface ResetPassword {
  readonly type: 'resetPassword'
  readonly accountId: number
  readonly tokenHash: string
  readonly passwordHash: string
}

/** Closes an account, or opens it again. Nobody acts with a closed one; its bookings stay. For operators. */
export interface SetAccountOpen {
  readonly type: 'setAccountOpen'
  readonly accountId: number
  readonly open: boolean
}

/**
 * Erases who somebody is: email, name, password, sessions, and the names on their bookings, a portion with each
 * entry. What was bought and paid stays. For the account itself and for operators; not while there is a
 * booking that is not over.
 */
export interface DeleteAccount {
  readonly type: 'deleteAccount'
  readonly accountId: number
}
