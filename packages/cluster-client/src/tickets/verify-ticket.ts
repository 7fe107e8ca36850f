import { readTicketFacts, readTicketText, type TicketFacts } from './ticket-text.ts'

/** As `TicketService.ListTicketKeys` gives them; a device keeps them for when it has no connection. */
export interface PublicTicketKey {
  readonly keyId: string
  /** Ed25519, 64 hexadecimal digits. */
  readonly publicKey: string
  /** Tickets that are signed with it count no more. */
  readonly withdrawn: boolean
}

export type TicketCheck =
  /** Genuine and good at this time; whether for this train and stretch, its facts say. */
  | { readonly verdict: 'valid'; readonly ticket: TicketFacts }
  /** Genuine, and too early or too late. */
  | { readonly verdict: 'notYetValid' | 'expired'; readonly ticket: TicketFacts }
  /** Signed with a key that counts no more. */
  | { readonly verdict: 'withdrawnKey'; readonly ticket: TicketFacts }
  /** Signed with a key that is not among those given: download them again. */
  | { readonly verdict: 'unknownKey'; readonly keyId: string }
  /** The signature is not that of this ticket. */
  | { readonly verdict: 'forged' }
  /** Genuine, of another railway that has the same key. */
  | { readonly verdict: 'otherRailway' }
  /** No ticket at all, or one of a later version. */
  | { readonly verdict: 'unreadable' }

/**
 * Checks a ticket without a connection, in a browser or in Node. What it can not know: that a newer ticket
 * has been made, that the passenger has left the booking, or that the ticket was seen before; for these the
 * scan is uploaded (`TicketService.UploadScans`).
 */
export async function verifyTicket(
  text: string,
  keys: readonly PublicTicketKey[],
  clusterId: string,
  nowMs: number,
): Promise<TicketCheck> {
  const read = readTicketText(text)
  if (read === undefined) return { verdict: 'unreadable' }
  const { keyId, payload, signature } = read
  const key = keys.find((it) => it.keyId === keyId)
  if (key === undefined) return { verdict: 'unknownKey', keyId }
  if (!(await isSigned(key, payload, signature))) return { verdict: 'forged' }
  const ticket = readTicketFacts(payload)
  if (ticket === undefined) return { verdict: 'unreadable' }
  if (ticket.clusterId !== clusterId) return { verdict: 'otherRailway' }
  if (key.withdrawn) return { verdict: 'withdrawnKey', ticket }
  if (nowMs < ticket.validFromMs) return { verdict: 'notYetValid', ticket }
  return { verdict: nowMs < ticket.validToMs ? 'valid' : 'expired', ticket }
}

async function isSigned(
  { publicKey }: PublicTicketKey,
  payload: string,
  signature: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const bytes = publicKey.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
  try {
    const { subtle } = crypto
    const key = await subtle.importKey('raw', Uint8Array.from(bytes), 'Ed25519', false, ['verify'])
    return await subtle.verify('Ed25519', key, signature, new TextEncoder().encode(payload))
  } catch {
    // No key at all.
    return false
  }
}
