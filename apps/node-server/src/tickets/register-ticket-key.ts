import { ticketKeys } from '@quorail/booking-fsm'
import type { NodeHost } from '../host/types.ts'
import type { TicketSigner } from './ticket-signer.ts'

/**
 * Sees to it that the log knows this node's key, before anything is signed with it: when the node begins to
 * lead, and again when its key was withdrawn meanwhile. False: the cluster has no tickets yet.
 */
export async function registerTicketKey(host: NodeHost, signer: TicketSigner): Promise<boolean> {
  const known = ticketKeys(host.state).find(({ keyId }) => keyId === signer.keyId)
  if (known !== undefined && known.withdrawnAtMs === 0) return true
  if (known !== undefined) signer.rotate()
  const { keyId, publicKey } = signer
  const { reply } = await host.submit({
    actor: 0,
    key: undefined,
    command: { type: 'registerTicketKey', keyId, publicKey },
  })
  if (reply.type !== 'refused') return true
  if (reply.code === 'featureNotActive' || reply.code === 'notFounded') return false
  throw new Error(`the key for tickets was refused: ${reply.code} ${reply.field}`)
}
