import { describe, expect, it } from 'vitest'
import { append, heartbeat } from '../../test/message-defaults.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import type { AppendEntries, Entry, Message } from '../types.ts'
import { CommitNews } from './commit-news.ts'

const entry: Entry = { index: 6, term: 1, kind: 'command', data: new Uint8Array(0) }
const news = (fields: Partial<AppendEntries> = {}): AppendEntries =>
  append({ to: 'n2', prevLogIndex: 5, leaderCommit: 5, entries: [], ...fields })

/** A follower that was told of commits up to 4, in read round 0. */
function make() {
  const clock = new FakeClock()
  const late: Message[] = []
  const held = new CommitNews(clock, 2, (waiting) => late.push(...waiting.values()))
  const first = append({ to: 'n2', prevLogIndex: 4, leaderCommit: 4, entries: [entry] })
  expect(held.pass('n2', [first])).toEqual([first])
  return { clock, late, held }
}

describe('news of commits', () => {
  it('wait for company, and go by themselves when none comes', () => {
    const { clock, late, held } = make()
    expect(held.pass('n2', [news()])).toEqual([])
    clock.advance(1)
    expect(held.pass('n2', [news({ leaderCommit: 6, prevLogIndex: 6 })])).toEqual([])
    expect(late).toEqual([])
    clock.advance(1)
    expect(late).toEqual([news({ leaderCommit: 6, prevLogIndex: 6 })])
    clock.advance(10)
    expect(late).toHaveLength(1)
  })

  it('are not sent when what goes to that follower says the same', () => {
    const { clock, late, held } = make()
    held.pass('n2', [news()])
    const next = append({ to: 'n2', prevLogIndex: 5, leaderCommit: 5, entries: [entry] })
    expect(held.pass('n2', [next])).toEqual([next])
    clock.advance(10)
    expect(late).toEqual([])
  })

  it('go along with what does not say the same', () => {
    const { clock, late, held } = make()
    held.pass('n2', [news()])
    const beat = heartbeat({ to: 'n2', leaderCommit: 4 })
    expect(held.pass('n2', [beat])).toEqual([news(), beat])
    clock.advance(10)
    expect(late).toEqual([])
  })

  it('wait for each follower by itself', () => {
    const { clock, late, held } = make()
    held.pass('n3', [append({ to: 'n3', leaderCommit: 4, entries: [entry] })])
    held.pass('n2', [news()])
    held.pass('n3', [news({ to: 'n3' })])
    const next = append({ to: 'n3', prevLogIndex: 5, leaderCommit: 5, entries: [entry] })
    held.pass('n3', [next])
    clock.advance(2)
    expect(late).toEqual([news()])
  })

  it.each<[string, Partial<AppendEntries>]>([
    ['entries', { entries: [entry] }],
    ['a probe, which tells of no commit', { leaderCommit: 4 }],
    ['a round of reads that waits for it', { readSequence: 1 }],
    ['another term, of which it was told nothing', { term: 2 }],
    ['what founds a log', { genesis: { clusterId: 'c', members: ['n1'] } }],
  ])('never keep back %s', (_what, fields) => {
    const { held } = make()
    expect(held.pass('n2', [news(fields)])).toEqual([news(fields)])
  })

  it('never keep back what a follower hears first', () => {
    const { held } = make()
    expect(held.pass('n3', [news({ to: 'n3' })])).toEqual([news({ to: 'n3' })])
  })

  it('are dropped when the node ends', () => {
    const { clock, late, held } = make()
    held.pass('n2', [news()])
    held.stop()
    clock.advance(10)
    expect(late).toEqual([])
  })
})
