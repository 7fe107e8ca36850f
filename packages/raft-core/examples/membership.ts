// A cluster grows, replaces a member, and shrinks, while it is used.
import type { RejectedError } from '@quorail/raft-core'
import { leaderOf, open, until } from './memory-cluster.ts'
import { put } from './store.ts'

const members = await Promise.all(['a', 'b', 'c'].map((id) => open(id)))
const leader = await leaderOf(members)
const { node } = leader
await node.propose(put('colour', 'red'))

// A new node opens an empty log without a genesis and waits. As a learner it gets the log and counts
// for no majority; with `promote` the leader makes it a voter as soon as it has caught up.
const d = await open('d')
members.push(d)
const { configIndex } = node.status()
await node.changeMembership({ promote: ['d'] })
await until(() => node.status().membership.voters.includes('d'))
console.log('voters:', node.status().membership.voters.join(' '), '- d has', d.store.get('colour'))

// Who decided by what it knew before that change is told so: nothing was appended.
const late = node.changeMembership({ remove: ['d'] }, { ifConfig: configIndex })
await late.catch((error: RejectedError) => console.log('refused:', error.reason))

// Replacing several at once goes by way of a joint configuration: every decision needs a majority of
// the old voters and one of the new, so there is no moment with less safety than before.
const [gone] = members.filter((member) => member !== leader)
members.push(await open('e'))
await node.changeMembership({ addLearners: ['e'] })
await node.changeMembership({ add: ['e'], remove: [gone?.id ?? ''] })
console.log(`${gone?.id} is replaced:`, node.status().membership.voters.includes('e'))

// A leader can remove itself: it hands over once the change is committed.
await node.changeMembership({ remove: [leader.id] })
console.log('the leader has gone:', node.status().role)
await Promise.all(members.map((member) => member.node.close()))
