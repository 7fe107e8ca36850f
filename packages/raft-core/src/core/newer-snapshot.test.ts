import { expect, it } from 'vitest'
import { hostWith, receive } from '../../test/messages.ts'
import { membershipOf } from './membership.ts'

// Found by the simulator: the leader of term 1 had offered a snapshot, a newer one was fetched from
// another member, and the log refused a write with an entry of term 2 in term 1.
it('a snapshot of a later term than its offer takes this node into that term', () => {
  const host = hostWith([1], 1)
  host.manualDisk = true
  const membership = membershipOf(['n1', 'n2', 'n3'])
  receive(host, {
    type: 'installSnapshot',
    from: 'n2',
    to: 'n1',
    term: 1,
    mark: { index: 9, term: 2, membership, configIndex: 0 },
    genesis: undefined,
  })
  expect(host.writes).toMatchObject([
    { base: { reset: true, mark: { index: 9, term: 2 } }, hardState: { term: 2, commitIndex: 9 } },
  ])
  expect(host.core.status()).toMatchObject({ term: 2, role: 'follower', leader: undefined })
})
