import { mustBeCluster, mustBeOperator } from '../actors.ts'
import { firstInvalid, matches } from '../checks.ts'
import type { RegisterTicketKey, WithdrawTicketKey } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { TicketKey } from '../tickets/ticket.ts'

const MAX_KEYS = 64

export function registerTicketKey(work: Work, { keyId, publicKey }: RegisterTicketKey): Reply {
  const { ticketKeys, meta } = work.state
  const refusal =
    firstInvalid([
      [matches(keyId, /^[0-9a-f]{16}$/), 'keyId'],
      [matches(publicKey, /^[0-9a-f]{64}$/), 'publicKey'],
    ]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const known = ticketKeys.get(keyId)
  if (known !== undefined) {
    // Registering again what is there is no mistake: each new leader does it.
    const same = known.publicKey === publicKey && known.withdrawnAtMs === 0
    return same ? { type: 'done' } : refuse('ticketKeyTaken', { field: 'keyId' })
  }
  if (ticketKeys.size >= MAX_KEYS) return refuse('tooMany', { figure: MAX_KEYS })
  const key: TicketKey = {
    hashLow: 0,
    hashHigh: 0,
    keyId,
    publicKey,
    registeredAtMs: meta.nowMs,
    withdrawnAtMs: 0,
  }
  ticketKeys.set(keyId, key)
  writeRow(work, 'ticket_keys', key)
  return { type: 'done' }
}

export function withdrawTicketKey(work: Work, { keyId }: WithdrawTicketKey): Reply {
  const { ticketKeys, meta } = work.state
  const refusal =
    firstInvalid([[matches(keyId, /^[0-9a-f]{16}$/), 'keyId']]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const key = ticketKeys.get(keyId)
  if (key === undefined || key.withdrawnAtMs > 0) return refuse('ticketKeyNotFound')
  key.withdrawnAtMs = meta.nowMs
  writeRow(work, 'ticket_keys', key)
  return { type: 'done' }
}
