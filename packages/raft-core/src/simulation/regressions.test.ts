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
