/** Tickets, the keys that they are signed with, and their inspection. */

/**
 * Makes a ticket for each passenger of a confirmed booking. At most one ticket of a passenger is valid:
 * a new one voids the one before. For the booking's owner and for staff.
 */
export interface IssueTickets {
  readonly type: 'issueTickets'
  readonly bookingId: number
  /** Positions, ascending, of who gets a new ticket; empty: everybody who travels and has no valid one. */
  readonly passengers: readonly number[]
}

/**
 * A ticket was looked at on the train. May arrive hours later, from a device that had no connection;
 * the same scan again gives the same answer and changes nothing.
 */
export interface InspectTicket {
  readonly type: 'inspectTicket'
  readonly ticketNumber: string
  /** The run that the inspector is on. */
  readonly runId: number
  /** The stop behind which the train is: 0 to 119. */
  readonly stop: number
  /** By the device's clock. */
  readonly atMs: number
  readonly deviceId: string
  /** Unique on its device. */
  readonly scanId: string
}

/** Makes a key known by which a ticket's signature is checked. The secret half never reaches the log. */
export interface RegisterTicketKey {
  readonly type: 'registerTicketKey'
  /** 16 hexadecimal digits: the beginning of the SHA-256 of the public key. */
  readonly keyId: string
  /** Ed25519, 32 bytes as 64 hexadecimal digits. */
  readonly publicKey: string
}

/** What was signed with the key counts no more, from now on and for ever. */
export interface WithdrawTicketKey {
  readonly type: 'withdrawTicketKey'
  readonly keyId: string
}
