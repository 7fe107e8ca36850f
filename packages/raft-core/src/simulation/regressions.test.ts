/** What the simulator found, with the options that it needs to find it again. */
import { expect, it } from 'vitest'
import type { Feature } from './features.ts'
import { simulate } from './simulation.ts'

it.each([471, 828, 1067])(
  'a snapshot of its own is not begun while another one takes the place of the log: seed %i',
  (seed) => {
    const without: readonly Feature[] = [
      'lateness',
      'heavyLoss',
      'rot',
      'syncErrors',
      'readErrors',
      'fullDisks',
      'writeErrors',
    ]
    const { violation } = simulate({
      seed,
      events: 6000,
      profile: 'snapshots+strikes+disk+network',
      without,
      set: {
        nodes: 3,
        snapshotEvery: 5,
        keepEntries: 1,
        syncMs: 15,
        thinkMs: 1,
        clients: 6,
        strikeShare: 0.4,
      },
    })
    expect(violation).toBeUndefined()
  },
)

it('who was removed, wiped and wiped again gives no committed entry up: two nodes that had lost the news of the removal counted it', () => {
  const { violation } = simulate({
    seed: 2124919076,
    events: 3360,
    profile: 'swarm',
    without: ['loss', 'repeats', 'lateness', 'slowLinks', 'forwarding', 'tinyBuffers'],
    set: { clients: 1 },
    script: [
      { stream: 'nemesis', nth: 1, kind: 'wipe', node: 'n3' },
      {
        stream: 'nemesis',
        nth: 2,
        kind: 'pause',
        node: 'n2',
        ms: 22.378710797056556,
        way: 'cutOff',
      },
      { stream: 'nemesis', nth: 4, kind: 'failSync', node: 'n3', way: 'ENOSPC', part: 0 },
      {
        stream: 'on vote persisted',
        nth: 1,
        kind: 'blackout',
        ms: 1899.1056026425213,
        noticed: true,
        afterMs: 0.04206330315209925,
      },
      { stream: 'operator', nth: 26, kind: 'changeMembers', way: 'auto', changes: ['remove n3'] },
      {
        stream: 'on config applied',
        nth: 1,
        kind: 'blackout',
        ms: 366.7482279241085,
        noticed: false,
        afterMs: 0.08011551217641683,
      },
      {
        stream: 'on config applied',
        nth: 2,
        kind: 'blackout',
        ms: 2961.044215830043,
        noticed: false,
        afterMs: 1.662306313868612,
      },
      {
        stream: 'on config applied',
        nth: 3,
        kind: 'failSync',
        node: 'n2',
        part: 1,
        afterMs: 1.6622904813848436,
      },
      { stream: 'nemesis', nth: 23, kind: 'staleRead', node: 'n1' },
      {
        stream: 'nemesis',
        nth: 29,
        kind: 'pause',
        node: 'n2',
        ms: 2338.274040259421,
        way: 'cutOff',
      },
      { stream: 'nemesis', nth: 33, kind: 'wipe', node: 'n3' },
      { stream: 'nemesis', nth: 36, kind: 'blackout', ms: 16.684825411066413, noticed: false },
      { stream: 'nemesis', nth: 38, kind: 'staleRead', node: 'n1' },
    ],
  })
  expect(violation).toBeUndefined()
})
