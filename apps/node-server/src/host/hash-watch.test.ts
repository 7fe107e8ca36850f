import { FakeClock } from '@quorail/raft-core/testing'
import { expect, test } from 'vitest'
import { HashWatch } from './hash-watch.ts'

test('knows how far the others were, half a second ago and no sooner', () => {
  const clock = new FakeClock()
  const own = [{ index: 5, stateHash: 'a' }]
  const watch = new HashWatch({
    clock,
    peers: () => ['n2', 'n3'].map((id) => ({ id, clientUrl: '', peerUrl: '' })),
    beginsAlone: false,
    own: () => own,
    ask: ({ id }, done) => done(id === 'n2' ? [...own, { index: 900, stateHash: 'b' }] : undefined),
    onJudged: () => undefined,
    onNotComparable: () => undefined,
  })
  watch.start()
  expect(watch.othersIndex).toBe(0)
  clock.advance(499)
  expect(watch.othersIndex).toBe(0)
  clock.advance(1)
  expect(watch.othersIndex).toBe(900)
  watch.stop()
})
