// Four ways to read, from what costs most to what promises least.
import { leaderOf, type Member, open } from './memory-cluster.ts'
import { put } from './store.ts'

const members = await Promise.all(['a', 'b', 'c'].map((id) => open(id, { leaseReads: true })))
const leader = await leaderOf(members)
const follower = members.find((member) => member !== leader) as Member
const { index } = await leader.node.propose(put('colour', 'red'))

// Linearizable, on any node: as new as everything that anybody was told before. One round of messages.
await follower.node.read()
console.log('linearizable:', follower.store.get('colour'))

// By lease: the same without a round while the leader's lease holds. `look` reads the state.
const byLease = await leader.node.read({ consistency: 'lease' }, () => leader.store.get('colour'))
console.log('lease:', byLease)

// At least an index: one's own writes, on a node that waits until it has applied them. No message.
await follower.node.read({ consistency: { atLeast: index }, timeoutMs: 1_000 })
console.log('at least', index, 'is applied:', follower.store.get('colour'))

// Stale: what is here, however old. It does not even ask whether there is a leader.
const appliedHere = await follower.node.read({ consistency: 'stale' })
console.log('stale, as of', appliedHere, 'or newer:', follower.store.get('colour'))

await Promise.all(members.map(({ node }) => node.close()))
