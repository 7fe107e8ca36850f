import { describe, expect, it } from 'vitest'
import { append, appendReply } from '../../test/message-defaults.ts'
import type { Entry } from '../types.ts'
import { Stages } from './stages.ts'

const entries = (count: number): Entry[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ index: i + 1, term: 1, kind: 'command' },
    data: new Uint8Array(0),
  })) as Entry[]

function make() {
  const measured: string[] = []
  const clock = { now: 0 }
  const metrics = {
    stage: (stage: string, ms: number, count: number) => measured.push(`${stage} ${ms} ${count}`),
    count: () => undefined,
  }
  const stages = new Stages(metrics, () => clock.now)
  return { stages, clock, take: () => measured.splice(0) }
}

describe('the stages of commands', () => {
  it('are measured in batches, each when an index has passed it', () => {
    const { stages, clock, take } = make()
    stages.queued()
    clock.now = 2
    stages.queued()
    clock.now = 5
    stages.offered(2)
    stages.accepted(2, 2)
    const written = stages.writing(2)
    stages.sent([append({ to: 'n2', entries: entries(2) }), append({ to: 'n3' })])
    clock.now = 9
    written()
    stages.received(appendReply({ from: 'n2', matchIndex: 2 }))
    stages.committed(1)
    stages.committed(2)
    clock.now = 12
    stages.applied(2)
    expect(take()).toEqual(['queue 5 2', 'append 4 2', 'replicate 4 2', 'commit 4 2', 'apply 3 2'])
  })

  it('say nothing of what was offered again, refused, acknowledged by others, or lost', () => {
    const { stages, take } = make()
    stages.offered(3)
    stages.received(appendReply({ from: 'n9', matchIndex: 9 }))
    stages.sent([append({ to: 'n2', entries: entries(1) })])
    stages.received(appendReply({ from: 'n2', success: false, matchIndex: 9 }))
    stages.accepted(1, 1)
    stages.clear()
    stages.received(appendReply({ from: 'n2', matchIndex: 9 }))
    stages.committed(9)
    stages.applied(9)
    expect(take()).toEqual([])
  })

  it('do not remember more than so many batches of a peer that does not answer', () => {
    const { stages, take } = make()
    const message = append({ to: 'n2', entries: entries(1) })
    for (let i = 1; i <= 5_000; i++) {
      stages.accepted(i, 1)
      stages.sent([message])
    }
    stages.received(appendReply({ from: 'n2', matchIndex: 1 }))
    expect(take()).toHaveLength(4_096)
    stages.committed(5_000)
    expect(take()).toHaveLength(4_096)
  })
})
