/** Where nodes are reached, as anybody would write it down. */
import type { Entry, ForgetNode, RegisterNode, Reply } from '../../src/index.ts'
import { roleOf } from './caller.ts'
import { refuse } from './refuse.ts'
import { checkPattern } from './shapes.ts'
import type { World } from './world.ts'

const name64 = /^[A-Za-z0-9._-]{1,64}$/
const address = /^https?:\/\/(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(:[0-9]{1,5})?$/

export function registerNode(world: World, entry: Entry, command: RegisterNode): Reply {
  const { name, clientUrl, peerUrl } = command
  checkPattern(name, name64, 'name')
  checkPattern(clientUrl, address, 'clientUrl')
  checkPattern(peerUrl, address, 'peerUrl')
  if (clientUrl === peerUrl) refuse('invalidField', { field: 'peerUrl' })
  needOperator(world, entry)
  const byOperator = roleOf(world, entry) === 'operator'
  const known = world.nodes.find((n) => n.name === name)
  if (known?.byOperator && !byOperator) return { type: 'done' }
  const taken = world.nodes.filter((n) => n !== known).flatMap((n) => [n.clientUrl, n.peerUrl])
  if (taken.includes(clientUrl)) refuse('nodeAddressTaken', { field: 'clientUrl' })
  if (taken.includes(peerUrl)) refuse('nodeAddressTaken', { field: 'peerUrl' })
  if (known === undefined && world.nodes.length === 32) refuse('tooMany', { figure: 32 })
  if (known === undefined) world.nodes.push({ name, clientUrl, peerUrl, byOperator })
  else Object.assign(known, { clientUrl, peerUrl, byOperator })
  return { type: 'done' }
}

export function forgetNode(world: World, entry: Entry, { name }: ForgetNode): Reply {
  checkPattern(name, name64, 'name')
  needOperator(world, entry)
  if (!world.nodes.some((n) => n.name === name)) refuse('nodeNotFound')
  world.nodes = world.nodes.filter((n) => n.name !== name)
  return { type: 'done' }
}

function needOperator(world: World, entry: Entry): void {
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
}
