// Snapshots: made as the log grows, given to whoever is too far behind, and made when asked for.
import { leaderOf, open, until } from './memory-cluster.ts'
import { put } from './store.ts'

const config = { snapshotEveryEntries: 100, retainEntries: 20 }
const members = await Promise.all(['a', 'b', 'c'].map((id) => open(id, config)))
const { node } = await leaderOf(members)

// Every member makes its own after so many entries, without holding up what is applied meanwhile, and
// then forgets what of the log nobody will need; some of it stays for who was away for a moment.
for (let i = 0; i < 250; i++) await node.propose(put(`key ${i % 10}`, `value ${i}`))
await until(() => node.status().log.firstIndex > 100)
const { snapshot, log } = node.status()
console.log(`a snapshot of entry ${snapshot?.mark.index}, a log from entry ${log.firstIndex} on`)

// To a new member the first entries can not be given any more. It fetches the snapshot in pieces, from
// the leader or (`snapshotSource`) from any member; then the log goes on as usual.
const d = await open('d', config)
members.push(d)
await node.changeMembership({ addLearners: ['d'] })
await until(() => d.store.appliedIndex >= node.status().appliedIndex)
console.log(`d has "${d.store.get('key 9')}", its log begins at ${d.node.status().log.firstIndex}`)

// Of everything that is applied now, e.g. to copy it elsewhere.
const { mark, sizeBytes } = await node.takeSnapshot()
console.log(`asked for: entry ${mark.index}, ${sizeBytes} bytes`)

await Promise.all(members.map((member) => member.node.close()))
