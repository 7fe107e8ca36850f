// The suites that a port of one's own is held to, in any test runner: here the store, and a network.
import { systemClock } from '@quorail/raft-core/tcp'
import { MemoryNetwork, stateMachineSuite, transportSuite } from '@quorail/raft-core/testing'
import { put, Store } from './store.ts'

const commands = Array.from({ length: 40 }, (_, i) => put(`key ${i % 7}`, `value ${i}`))
const machineCases = stateMachineSuite({ create: () => new Store(), commands })

const networkCases = transportSuite(() => {
  const network = new MemoryNetwork(systemClock.defer)
  return {
    open: async (id) => network.transport(id),
    close: async (id) => network.disconnect(id),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    dispose: async () => {},
  }
})

for (const { name, run } of [...machineCases, ...networkCases]) {
  await run() // throws, and says what the port did wrong
  console.log('ok', name)
}
