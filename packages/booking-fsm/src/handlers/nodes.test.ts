import { expect, it } from 'vitest'
import { must, railway, register, send } from '../../test/world.ts'
import { loadState } from '../load.ts'
import { nodeAddresses } from '../queries/nodes.ts'
import { moveToCluster } from '../restoring.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

type World = ReturnType<typeof railway>
const at = (name: string, host = name) =>
  ({
    type: 'registerNode',
    name,
    clientUrl: `http://${host}:3001`,
    peerUrl: `http://${host}:3011`,
  }) as const
const shown = ({ state }: World) =>
  nodeAddresses(state).map((it) => `${it.name} ${it.clientUrl} ${it.byOperator}`)

it('what an operator says of a node counts for more than what the cluster was started with', () => {
  const world = railway()
  const operator = register(world, 'operator@example.org', 'operator')
  must(send(world, at('n1')), 'done')
  must(send(world, at('n1', 'other')), 'done')
  expect(shown(world)).toEqual(['n1 http://other:3001 false'])
  must(send(world, at('n1', 'moved'), { actor: operator }), 'done')
  must(send(world, at('n1')), 'done')
  expect(shown(world)).toEqual(['n1 http://moved:3001 true'])
  expect(nodeAddresses(loadState(rowsOf(world.state)))).toEqual(nodeAddresses(world.state))
  expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
  must(send(world, { type: 'forgetNode', name: 'n1' }, { actor: operator }), 'done')
  expect(shown(world)).toEqual([])
  expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
  expect(send(world, { type: 'forgetNode', name: 'n1' })).toMatchObject({ code: 'nodeNotFound' })
})

it('no two nodes are reached at one address, and nobody but operators moves them', () => {
  const world = railway()
  const staff = register(world, 'staff@example.org', 'staff')
  must(send(world, at('n1')), 'done')
  expect(send(world, at('n2', 'n1'))).toMatchObject({ code: 'nodeAddressTaken' })
  const besides = { ...at('n2'), peerUrl: 'http://n1:3011' }
  expect(send(world, besides)).toMatchObject({ code: 'nodeAddressTaken', field: 'peerUrl' })
  const crossed = { ...at('n2'), peerUrl: 'http://n1:3001' }
  expect(send(world, crossed)).toMatchObject({ code: 'nodeAddressTaken', field: 'peerUrl' })
  expect(send(world, at('n2'), { actor: staff })).toMatchObject({ code: 'notAllowed' })
  for (const clientUrl of ['http://n2:3001/path', 'ftp://n2', 'n2:3001', 'http://N2', 'http://a b'])
    expect(send(world, { ...at('n2'), clientUrl })).toMatchObject({ field: 'clientUrl' })
  expect(send(world, { ...at('n2'), name: 'n 2' })).toMatchObject({ field: 'name' })
})

it("a backup's nodes are not the nodes of the cluster that is made of it", () => {
  const world = railway()
  must(send(world, at('n1')), 'done')
  const changes = moveToCluster(world.state, '12'.repeat(16))
  expect(changes).toContainEqual({ type: 'delete', table: 'nodes', key: ['n1'] })
  expect(shown(world)).toEqual([])
  expect(stateHash(loadState(rowsOf(world.state)))).toBe(stateHash(world.state))
})
