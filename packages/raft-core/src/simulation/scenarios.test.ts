/** Runs aimed at mistakes that others made. The planted bugs show that such runs find them. */
import { describe, expect, it } from 'vitest'
import type { Feature } from './features.ts'
import type { Profile } from './profile.ts'
import { simulate } from './simulation.ts'

function runSeeds(count: number, features: readonly Feature[], set: Partial<Profile>) {
  const marks: Record<string, number> = {}
  for (let seed = 1; seed <= count; seed++) {
    const report = simulate({ seed, events: 6000, profile: 'calm', set: { features, ...set } })
    expect(report.violation, `seed ${seed}`).toBeUndefined()
    for (const [name, met] of Object.entries(report.marks)) marks[name] = (marks[name] ?? 0) + met
  }
  return marks
}

describe('named scenarios', () => {
  it('Ongaro 2015: leaders that change the members and are struck before that is committed', () => {
    const marks = runSeeds(20, ['memberChanges', 'isolations', 'kills', 'transfers', 'strikes'], {
      nodes: 3,
      spares: 2,
      actEveryMs: 100,
      strikeShare: 0.3,
      faultEveryMs: 400,
      clients: 2,
    })
    expect(marks['struck: config appended']).toBeGreaterThan(20)
    expect(marks['membership change truncated']).toBeGreaterThan(0)
  })

  it('antflydb#599: requests for a read that arrive twice, the leader cut off in between', () => {
    const marks = runSeeds(20, ['isolations', 'repeats', 'lateness', 'patientFollowers'], {
      nodes: 3,
      clients: 6,
      thinkMs: 5,
      readShare: 0.6,
      repeatShare: 0.4,
      lateShare: 0.3,
      lateMs: 500,
      electionMinMs: 600,
      electionMaxMs: 750,
      faultEveryMs: 500,
    })
    expect(marks['read at a follower']).toBeGreaterThan(100)
    expect(marks['fault: isolate']).toBeGreaterThan(20)
  })
})
