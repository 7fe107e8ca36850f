// Exactly once: a client repeats a command whose outcome it does not know, and is answered as at first.
import { OutcomeUnknownError } from '@quorail/raft-core'
import { RaftSession, type SessionProposer, sessionMachine } from '@quorail/raft-core/sessions'
import { systemClock } from '@quorail/raft-core/tcp'
import { openNode } from './memory-cluster.ts'
import { put, Store } from './store.ts'

const codec = {
  encodeResult: (text: string) => new TextEncoder().encode(text),
  decodeResult: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
}
const stores = { a: new Store(), b: new Store(), c: new Store() }
const nodes = await Promise.all(
  Object.entries(stores).map(([id, store]) => openNode(id, sessionMachine(store, codec))),
)

// Asks one node after the other, and loses the first answer to every command.
let asked = 0
const client: SessionProposer<string> = {
  propose: async (data, options) => {
    const answer = await nodes[asked++ % 3]?.propose(data, options)
    const isFirst = answer?.result.type === 'applied'
    if (answer === undefined || isFirst) throw new OutcomeUnknownError('timeout', 0, 0)
    return answer
  },
}
const session = await RaftSession.open(client, { clock: systemClock, random: Math.random })
for (const colour of ['red', 'blue']) {
  const { result, repeated } = await session.propose(put('colour', colour))
  console.log(`${colour} in place of "${result}"; asked again: ${repeated}`)
}
await session.close()
await Promise.all(nodes.map((node) => node.close()))
