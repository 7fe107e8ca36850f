import { mustBeOperator } from '../actors.ts'
import { firstInvalid, matches } from '../checks.ts'
import type { ForgetNode, RegisterNode } from '../commands.ts'
import type { NodeAddress } from '../nodes/node-address.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import { deleteRow, type Work, writeRow } from '../store.ts'

const MAX_NODES = 32
const namePattern = /^[A-Za-z0-9._-]{1,64}$/
/** A scheme, a host, perhaps a port, and nothing behind. */
const originPattern = /^https?:\/\/(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(:[0-9]{1,5})?$/

export function registerNode(work: Work, command: RegisterNode): Reply {
  const { name, clientUrl, peerUrl } = command
  const { nodes } = work.state
  const refusal =
    firstInvalid([
      [matches(name, namePattern), 'name'],
      [matches(clientUrl, originPattern), 'clientUrl'],
      [matches(peerUrl, originPattern) && peerUrl !== clientUrl, 'peerUrl'],
    ]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  work.subject = `node:${name}`
  const known = nodes.get(name)
  if (known !== undefined && work.cluster && known.byOperator === 1) return { type: 'done' }
  if (isTaken(work, name, clientUrl)) return refuse('nodeAddressTaken', { field: 'clientUrl' })
  if (isTaken(work, name, peerUrl)) return refuse('nodeAddressTaken', { field: 'peerUrl' })
  if (known === undefined && nodes.size >= MAX_NODES)
    return refuse('tooMany', { figure: MAX_NODES })
  const node: NodeAddress = known ?? {
    hashLow: 0,
    hashHigh: 0,
    name,
    clientUrl,
    peerUrl,
    byOperator: 0,
  }
  node.clientUrl = clientUrl
  node.peerUrl = peerUrl
  node.byOperator = work.cluster ? 0 : 1
  nodes.set(name, node)
  writeRow(work, 'nodes', node)
  return { type: 'done' }
}

/** Another node is reached there, by anybody. */
function isTaken({ state }: Work, name: string, url: string): boolean {
  for (const other of state.nodes.values())
    if (other.name !== name && (other.clientUrl === url || other.peerUrl === url)) return true
  return false
}

export function forgetNode(work: Work, { name }: ForgetNode): Reply {
  const refusal = firstInvalid([[matches(name, namePattern), 'name']]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const node = work.state.nodes.get(name)
  if (node === undefined) return refuse('nodeNotFound')
  work.subject = `node:${name}`
  work.state.nodes.delete(name)
  deleteRow(work, 'nodes', node, [name])
  return { type: 'done' }
}
