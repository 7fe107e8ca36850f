/** Accounts and sessions. */

/** An agent sells to others. A guest has no password and is known for one purchase: see `OpenGuest`. */
export type AccountRole = 'passenger' | 'agent' | 'staff' | 'operator' | 'guest'

export interface RegisterAccount {
  readonly type: 'registerAccount'
  /** Normalised at the door (trimmed, lower case); unique. */
  readonly email: string
  readonly displayName: string
  /** A self-describing password hash, never a password. */
  readonly passwordHash: string
  /** Any other role than `passenger` needs an operator or the cluster as actor. */
  readonly role: AccountRole
}

export interface OpenSession {
  readonly type: 'openSession'
  readonly accountId: number
  /** SHA-256 of the token, hexadecimal. The token itself never reaches the log. */
  readonly tokenHash: string
  readonly ttlMs: number
}

export interface CloseSession {
  readonly type: 'closeSession'
  readonly tokenHash: string
}
