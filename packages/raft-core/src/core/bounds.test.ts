/** Nothing grows without an end, whatever stands still. */
import { describe, expect, it } from 'vitest'
import { CoreHost } from '../../test/core-cluster.ts'
import { append, entries, MEMBERS, receive } from '../../test/messages.ts'

describe('bounds', () => {
  it('acknowledgements that wait for a disk that stands still are few, and the last says all', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 1, 1) }))
    for (let round = 1; round <= 1000; round++) {
      receive(host, append({ prevLogIndex: 2, prevLogTerm: 1, readSequence: round }))
    }
    expect(host.core.status().heldMessages).toBeLessThan(300)
    host.takeSent()
    host.completeWrites()
    const last = host.takeSent().at(-1)
    expect(last).toMatchObject({ success: true, matchIndex: 2, readSequence: 1000 })
  })

  it('what waits for another write, or is for another node, or says something else, is not joined', () => {
    const host = new CoreHost('n1', MEMBERS)
    host.manualDisk = true
    receive(host, append({ entries: entries(1, 1) }))
    for (let round = 0; round < 300; round++)
      receive(host, append({ prevLogIndex: 1, prevLogTerm: 1 }))
    const { heldMessages } = host.core.status()
    receive(host, append({ prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 1) }))
    expect(host.core.status().heldMessages).toBe(heldMessages + 1)
    receive(host, append({ from: 'n3', term: 2, prevLogIndex: 2, prevLogTerm: 1 }))
    expect(host.core.status().heldMessages).toBe(heldMessages + 2)
    host.takeSent()
    host.completeWrites()
    expect(host.takeSent().slice(-3)).toMatchObject([
      { to: 'n2', term: 1, matchIndex: 1 },
      { to: 'n2', term: 1, matchIndex: 2 },
      { to: 'n3', term: 2, matchIndex: 2 },
    ])
  })
})
