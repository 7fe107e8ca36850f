import { describe, expect, it } from 'vitest'
import { Compaction } from './compaction.ts'
import { LogSizes } from './log-sizes.ts'
import { RAFT_DEFAULTS } from './raft-config.ts'

const NOTHING = { durableIndex: undefined, newestSnapshot: undefined, inFlight: [] }
const keep = (retainEntries: number, retainBytes = 1 << 30) =>
  new Compaction({ ...RAFT_DEFAULTS, retainEntries, retainBytes }, 0, 1000, 100_000)

describe('the log may be compacted', () => {
  it('behind a snapshot, less what is kept', () => {
    expect(keep(50).wanted({ ...NOTHING, newestSnapshot: 400 })).toBe(350)
    expect(keep(500).wanted({ ...NOTHING, newestSnapshot: 400 })).toBeUndefined()
    expect(keep(0).wanted(NOTHING)).toBeUndefined()
  })

  it('by what the machine keeps itself, whatever snapshots there are', () => {
    const bounds = { ...NOTHING, durableIndex: 300, newestSnapshot: 400 }
    expect(keep(50).wanted(bounds)).toBe(250)
  })

  it('not beyond a snapshot that is being made or fetched', () => {
    const bounds = { ...NOTHING, newestSnapshot: 400, inFlight: [undefined, 120, 200] }
    expect(keep(0).wanted(bounds)).toBe(120)
  })

  it('so that no more than so many bytes are kept, even of few entries', () => {
    // A hundred bytes each.
    expect(keep(1000, 5000).wanted({ ...NOTHING, newestSnapshot: 400 })).toBe(350)
    expect(keep(20, 5000).wanted({ ...NOTHING, newestSnapshot: 400 })).toBe(380)
  })

  it('only when that is further than it was', () => {
    const compaction = keep(0)
    compaction.compacted(400)
    expect(compaction.wanted({ ...NOTHING, newestSnapshot: 400 })).toBeUndefined()
    compaction.replaced(900)
    expect(compaction.wanted({ ...NOTHING, newestSnapshot: 800 })).toBeUndefined()
    expect(compaction.wanted({ ...NOTHING, newestSnapshot: 950 })).toBe(950)
  })

  it('counts what comes', () => {
    const compaction = new Compaction(
      { ...RAFT_DEFAULTS, retainEntries: 1000, retainBytes: 100_000 },
      ...([0, 0, 0] as const),
    )
    for (let index = 1; index <= 100; index++) {
      compaction.applied([{ index, term: 1, kind: 'command', data: new Uint8Array(9960) }])
    }
    expect(compaction.wanted({ ...NOTHING, newestSnapshot: 100 })).toBe(90)
  })
})

describe('the sizes of a log', () => {
  it('are known between samples about, and exactly at them', () => {
    const sizes = new LogSizes(0, 0, 0, 1000)
    for (let index = 1; index <= 100; index++) sizes.added(index, index <= 50 ? 100 : 10)
    expect(sizes.indexBefore(50, 1000)).toBe(40)
    expect(sizes.indexBefore(50, 50_000)).toBe(0)
    expect(sizes.indexBefore(100, 0)).toBe(100)
    const near = sizes.indexBefore(100, 250)
    expect(Math.abs(near - 75)).toBeLessThan(26)
    sizes.removed(45)
    expect(sizes.indexBefore(50, 50_000)).toBeGreaterThanOrEqual(40)
  })
})
