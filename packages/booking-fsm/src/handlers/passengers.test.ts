import { expect, it } from 'vitest'
import { must, type Railway, railway, send } from '../../test/world.ts'
import type { SavePassenger } from '../commands.ts'
import { loadState } from '../load.ts'
import { passengersOf } from '../queries/accounts.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const child: SavePassenger = {
  type: 'savePassenger',
  passengerId: 0,
  name: 'Zoë',
  passengerType: 'child',
  birthDate: 20_150_228,
  document: 'P 123',
}
const save = (world: Railway, changed: Partial<SavePassenger> = {}, actor = world.ann) =>
  send(world, { ...child, ...changed }, { actor })
const refusal = (reply: ReturnType<typeof save>) => {
  const { code, field, figure } = must(reply, 'refused')
  return [code, field, figure]
}

it('passengers are saved, changed and forgotten, each by whose they are', () => {
  const world = railway()
  expect(save(world)).toEqual({ type: 'passengerSaved', passengerId: 1 })
  expect(save(world, { name: 'Ben' })).toEqual({ type: 'passengerSaved', passengerId: 2 })
  expect(save(world, { name: 'Bob' }, world.bob)).toMatchObject({ passengerId: 1 })
  expect(save(world, { passengerId: 1, name: 'Zoé' })).toMatchObject({ passengerId: 1 })
  const names = (accountId: number) => passengersOf(world.state, accountId).map((it) => it.name)
  expect([names(world.ann), names(world.bob)]).toEqual([['Zoé', 'Ben'], ['Bob']])
  const loaded = loadState(rowsOf(world.state).toReversed())
  expect(stateHash(loaded)).toBe(stateHash(world.state))
  expect(passengersOf(loaded, world.ann)).toEqual(passengersOf(world.state, world.ann))
  const forget = { type: 'forgetPassenger', passengerId: 2 } as const
  expect(refusal(send(world, forget, { actor: world.bob }))).toEqual(['passengerNotFound', '', 0])
  must(send(world, forget, { actor: world.ann }), 'done')
  expect(names(world.ann)).toEqual(['Zoé'])
})

it('what is no passenger is refused', () => {
  const world = railway()
  expect(refusal(save(world, { name: '' }))).toEqual(['invalidField', 'name', 0])
  expect(refusal(save(world, { birthDate: 20_150_229 }))).toEqual(['invalidField', 'birthDate', 0])
  expect(refusal(save(world, { passengerType: 'a b' }))).toEqual([
    'invalidField',
    'passengerType',
    0,
  ])
  expect(refusal(save(world, { passengerId: 7 }))).toEqual(['passengerNotFound', '', 0])
  expect(refusal(save(world, {}, 0))).toEqual(['notAllowed', '', 0])
  for (let i = 0; i < 20; i++) must(save(world), 'passengerSaved')
  expect(refusal(save(world))).toEqual(['tooMany', '', 20])
  must(save(world, { passengerId: 20 }), 'passengerSaved')
})

it('the passengers of an account that is deleted are forgotten with it', () => {
  const world = railway()
  must(save(world), 'passengerSaved')
  must(send(world, { type: 'deleteAccount', accountId: world.ann }), 'done')
  expect(passengersOf(world.state, world.ann)).toEqual([])
  expect(rowsOf(world.state).some(({ table }) => table === 'saved_passengers')).toBe(false)
})
