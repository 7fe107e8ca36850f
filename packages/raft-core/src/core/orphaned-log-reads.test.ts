/** Reads of old entries for a follower, under way while the progress they were for moves on. */
import { expect, it } from 'vitest'
import type { CoreHost } from '../../test/core-cluster.ts'
import { append, appendReply, entries, hostWith, receive, voteReply } from '../../test/messages.ts'
import type { LogRead } from './io.ts'

/** Does everything an output says except reading, which is returned. */
function run(host: CoreHost): LogRead[] {
  const reads: LogRead[] = []
  while (host.core.hasOutput) {
    const output = host.core.takeOutput()
    reads.push(...output.read)
    host.handle({ ...output, read: [] })
  }
  return reads
}

it('a read for a follower that ends after leadership and the entries are gone is not held against the log', () => {
  const host = hostWith([1, 1, 1, 1], 1)
  host.step({ type: 'campaign' })
  receive(host, voteReply({ preVote: true, term: 2 }), voteReply({ term: 2 }))
  expect(host.core.role).toBe('leader')
  // n2 has nothing: entries that are not in memory have to be read for it.
  const refusal = appendReply({ term: 2, success: false, matchIndex: 4 })
  host.core.step({ type: 'message', message: refusal })
  const [first] = run(host)
  const before = host.disk.entries.slice(0, 4)
  expect(first?.from).toBe(1)
  // It answers meanwhile: the read under way is waited for.
  host.core.step({ type: 'message', message: appendReply({ term: 2 }) })
  expect(run(host)).toEqual([])
  // Another leader takes over, with other entries.
  const message = append({
    ...{ from: 'n3', term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: entries(3, 3) },
  })
  host.core.step({ type: 'message', message })
  run(host)
  const { readId = 0 } = first ?? {}
  expect(host.core.wantsRead(readId)).toBe(false)
  host.core.step({ type: 'entriesRead', readId, entries: before })
  expect(host.core.status()).toMatchObject({ role: 'follower', term: 3, lastIndex: 3 })
})
