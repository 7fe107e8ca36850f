/** The ticket of a passenger: the present one, valid or void. Earlier ones are told by their version. */
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'

export interface Ticket extends Hashed {
  readonly bookingId: number
  /** In the booking's passengers. */
  readonly position: number
  /** From 1; the tickets with lower ones are void. */
  version: number
  issuedAtMs: number
  /** 0: it is valid. */
  voidedAtMs: number
  /** The first scan that was in order. */
  scan: Scan | undefined
}

export interface Scan {
  readonly atMs: number
  readonly stop: number
  readonly deviceId: string
  readonly scanId: string
}

export interface TicketKey extends Hashed {
  readonly keyId: string
  readonly publicKey: string
  readonly registeredAtMs: number
  /** 0: it counts. */
  withdrawnAtMs: number
}

/** Puts a passenger's first ticket into memory: a new one, or one that is loaded. */
export function keepTicket({ tickets }: BookingState, ticket: Ticket): void {
  const others = tickets.get(ticket.bookingId) ?? []
  // By position, in whatever order they were made or loaded: what voids them writes their rows in order.
  const sorted = [...others, ticket].sort((a, b) => a.position - b.position)
  tickets.set(ticket.bookingId, sorted)
}
