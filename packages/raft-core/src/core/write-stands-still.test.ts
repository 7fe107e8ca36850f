import { expect, it } from 'vitest'
import { append, entries, hostWith, receive, requestVote } from '../../test/messages.ts'

// Found by the simulator (a full disk, then a log that called itself corrupt): peers met later were
// added to the list of a write that was already on its way, and came into the next checkpoint alone.
it('a log write stays as it was handed over, whatever the core learns afterwards', () => {
  const host = hostWith([1], 1)
  host.manualDisk = true
  receive(host, append({ term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: entries(2, 2) }))
  const before = structuredClone(host.writes)
  expect(before).toHaveLength(1)
  const message = requestVote({ term: 3, from: 'n3', lastLogIndex: 9, lastLogTerm: 2 })
  host.step({ type: 'message', message, incarnation: 'ab'.repeat(16) })
  expect(host.writes.slice(0, 1)).toEqual(before)
})
