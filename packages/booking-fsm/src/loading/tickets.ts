/** Tickets and the keys that they are signed with. */
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { keepTicket, type Ticket, type TicketKey } from '../tickets/ticket.ts'
import { type Cursor, int, optionalInt, optionalText, text } from './cursor.ts'

export function loadTicket(state: BookingState, row: Cursor): Hashed {
  const ticket: Ticket = {
    hashLow: 0,
    hashHigh: 0,
    bookingId: int(row),
    position: int(row),
    version: int(row),
    issuedAtMs: int(row),
    voidedAtMs: int(row),
    scan: scanFrom(row),
  }
  keepTicket(state, ticket)
  return ticket
}

function scanFrom(row: Cursor): Ticket['scan'] {
  const atMs = optionalInt(row)
  const stop = optionalInt(row)
  const deviceId = optionalText(row)
  const scanId = optionalText(row)
  return deviceId === '' ? undefined : { atMs, stop, deviceId, scanId }
}

export function loadTicketKey(state: BookingState, row: Cursor): Hashed {
  const key: TicketKey = {
    hashLow: 0,
    hashHigh: 0,
    keyId: text(row),
    publicKey: text(row),
    registeredAtMs: int(row),
    withdrawnAtMs: int(row),
  }
  state.ticketKeys.set(key.keyId, key)
  return key
}
