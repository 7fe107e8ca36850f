// A durable key-value store in three processes: `node key-value-store.ts a`, and b, and c. The line
// `colour=red` puts, `colour` gets, `?` tells how the node is; on any of the three.
import { createInterface } from 'node:readline'
import { RaftNode } from '@quorail/raft-core'
import { openTcpTransport, systemClock } from '@quorail/raft-core/tcp'
import { nodeDisk, openSnapshotStore, openWriteAheadLog } from '@quorail/raft-core/wal'
import { put, Store } from './store.ts'

const id = process.argv[2] ?? 'a'
const host = '127.0.0.1'
const peers: Record<string, { host: string; port: number }> = {
  a: { host, port: 7101 },
  b: { host, port: 7102 },
  c: { host, port: 7103 },
}
const listen = peers[id]
if (listen === undefined) throw new Error(`${id} is none of ${Object.keys(peers)}`)
// The same for all members, and another one for each cluster that you make: `openssl rand -hex 16`.
const clusterId = '5f0c1d2e3b4a59687786a5b4c3d2e1f0'
const genesis = { clusterId, members: Object.keys(peers) }
const incarnation = crypto.randomUUID().replaceAll('-', '') // of a log that is made now
const store = new Store()
const disk = nodeDisk(`data-${id}`)
const transport = await openTcpTransport({ id, clusterId, listen, peers })
const node = await RaftNode.open({
  id,
  log: openWriteAheadLog({ disk, founding: { genesis, incarnation } }),
  snapshots: openSnapshotStore({ disk }),
  machine: store,
  transport,
  clock: systemClock,
  random: Math.random,
  config: { forwardProposals: true, snapshotEveryEntries: 10_000, retainEntries: 1_000 },
})

async function answer(line: string): Promise<string> {
  if (line === '?') {
    const { role, appliedIndex, log } = node.status()
    return `${role}, has applied ${appliedIndex}, log from ${log.firstIndex}`
  }
  const [key = '', value] = line.split('=')
  if (value === undefined) {
    await node.read() // from here on the store is as new as everything acknowledged anywhere
    return `${key} is ${store.get(key) || 'not there'}`
  }
  const { index, result } = await node.propose(put(key, value)) // durable on two of three
  return `${key} was ${result || 'not there'}; entry ${index}`
}

for await (const line of createInterface({ input: process.stdin })) {
  // An error says whether the command was certainly not applied, or may have been.
  await answer(line).then(console.log, ({ name, message }) => console.log(`${name}: ${message}`))
}
await node.close({ handOver: true })
await transport.close()
