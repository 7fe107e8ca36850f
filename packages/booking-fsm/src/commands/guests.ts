/** Buying without an account: a guest is known by an address and a link, and for one purchase. */

/** Dated. Without one in force a guest may hold ten times, and is forgotten after 90 days. */
export interface SetGuestRule {
  readonly type: 'setGuestRule'
  readonly validFromMs: number
  /** So many bookings a guest may make until one is bought; 0: nobody buys without an account. */
  readonly maxHolds: number
  /** So long after the last journey, or hold, who the guest was is erased. */
  readonly retentionMs: number
}

/** Somebody without an account begins to buy. For everybody; the door opens a session for it. */
export interface OpenGuest {
  readonly type: 'openGuest'
  /** Normalised as in `RegisterAccount`; may be that of an account, or of other guests. */
  readonly email: string
  readonly displayName: string
}

/** A secret that the mail has, as in `GrantPasswordReset`; takes the place of an earlier one. */
export interface GrantGuestLink {
  readonly type: 'grantGuestLink'
  readonly accountId: number
  /** SHA-256 of the secret, hexadecimal. */
  readonly linkHash: string
  readonly ttlMs: number
}

/** Somebody has lost the mail: another one is queued, to the guest's address. For everybody. */
export interface RequestGuestLink {
  readonly type: 'requestGuestLink'
  readonly accountId: number
  readonly bookingId: number
}

/** Whoever has the secret sees, cancels and is refunded what the guest bought: a session for it. */
export interface OpenGuestLink {
  readonly type: 'openGuestLink'
  readonly accountId: number
  readonly linkHash: string
  /** As in `OpenSession`. */
  readonly tokenHash: string
  readonly ttlMs: number
}

/** The actor, who has the same address, takes over what the guest bought. The guest is no more. */
export interface ClaimGuest {
  readonly type: 'claimGuest'
  readonly accountId: number
  readonly linkHash: string
}
