/** Who decides while changes of the membership wait in the log: kept between two looks, and true after each step all the same. */
import { expect, it } from 'vitest'
import { CoreHost } from '../../test/core-cluster.ts'
import { encodeMembershipChange } from '../codec/membership-change.ts'
import type { MemberChange, NodeId } from '../types.ts'
import { checkCoreConfig } from './config.ts'
import { decidedIndex, votersThatCount } from './decisions.ts'
import { membershipOf } from './membership.ts'
import { CoreState } from './state.ts'

function stateOf(members: readonly NodeId[]): CoreState {
  const { options, disk } = new CoreHost('n1', [...members])
  return new CoreState(checkCoreConfig(options), disk.restored(), 0)
}

const change = (index: number, ...changes: MemberChange[]) => ({
  index,
  data: encodeMembershipChange({ changes, transition: 'auto', context: new Uint8Array(0) }),
})

/** What n1, n2, n3 and n4 have. */
const has =
  (...indexes: readonly number[]) =>
  (id: NodeId) =>
    indexes[Number(id.slice(1)) - 1]

it('a removal counts from when it waits until it is cut off again, also with another one in its place', () => {
  const s = stateOf(['n1', 'n2', 'n3'])
  const acked = has(9, 1, 7)
  expect(decidedIndex(s, acked)).toBe(7)
  // Without n3: n1 and n2 both.
  s.unappliedConfigs.push(change(8, { type: 'remove', id: 'n3' }))
  expect([decidedIndex(s, acked), decidedIndex(s, acked)]).toEqual([1, 1])
  s.unappliedConfigs.pop()
  expect(decidedIndex(s, acked)).toBe(7)
  s.unappliedConfigs.push(change(8, { type: 'remove', id: 'n2' }))
  expect(decidedIndex(s, acked)).toBe(7)
  // As many as before, and another one.
  s.unappliedConfigs.splice(0, 1, change(8, { type: 'remove', id: 'n3' }))
  expect(decidedIndex(s, acked)).toBe(1)
})

it('another membership in force makes other ones of the changes behind it', () => {
  const s = stateOf(['n1', 'n2', 'n3', 'n4'])
  s.unappliedConfigs.push(change(8, { type: 'remove', id: 'n4' }))
  expect(votersThatCount(s)).toEqual(['n1', 'n2', 'n3', 'n4'])
  // All of n1, n2, n3 need two of three; with n4 gone for good and n3 too, it is both of n1 and n2.
  expect(decidedIndex(s, has(9, 8, 1, 9))).toBe(8)
  s.membership = membershipOf(['n1', 'n3', 'n4'])
  expect(decidedIndex(s, has(9, 8, 1, 9))).toBe(1)
})

it('as long as nothing changes, it is worked out once', () => {
  const s = stateOf(['n1', 'n2', 'n3'])
  s.unappliedConfigs.push(change(8, { type: 'remove', id: 'n3' }))
  decidedIndex(s, has(9, 1, 7))
  const known = s.pendingDecisions
  expect(known).toBeDefined()
  decidedIndex(s, has(9, 2, 7))
  expect(s.pendingDecisions).toBe(known)
})
