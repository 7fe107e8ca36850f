/** Raft's liveness when links are cut one by one (Cloudflare 2020, openraft#2080). */
import { describe, expect, it } from 'vitest'
import { Simulation } from './simulation.ts'
import { tryTopologies } from './topologies.ts'

it('every way to cut the links between three nodes, and some between five', () => {
  const verdicts = tryTopologies({ seed: 1, samples: 20 })
  const three = verdicts.slice(0, 128)
  expect(new Set(three.map(({ links }) => links)).size).toBe(64)
  // A pair that reaches each other both ways is a majority: 64 - 3^3 of the 64.
  expect(three.filter(({ mustServe }) => mustServe)).toHaveLength(2 * 37)
  expect(verdicts.filter(({ problem }) => problem !== undefined)).toEqual([])
})

describe('a bridge', () => {
  it.each([1, 2, 3])(
    'to a leader without a majority does not keep it in office: seed %i',
    (seed) => {
      const run = new Simulation({
        seed,
        profile: 'calm',
        events: Number.POSITIVE_INFINITY,
        set: { nodes: 5, clients: 3, thinkMs: 30, patienceMs: 300 },
      })
      const until = (ms: number): void => {
        while (run.now < ms && !run.isOver) run.advance(1)
      }
      until(2000)
      const statuses = run.statuses()
      const leader = statuses.findIndex(({ role }) => role === 'leader')
      const bridge = (leader + 1) % 5
      // The leader reaches one of four, who all reach each other.
      run.cutLinks(
        (from, to) => (from === leader || to === leader) && from !== bridge && to !== bridge,
      )
      const before = run.report()
      until(run.now + 3000)
      const after = run.report()
      expect(after.violation).toBeUndefined()
      expect(after.acknowledged).toBeGreaterThan(before.acknowledged + 20)
      const leaders = run.statuses().filter(({ role }) => role === 'leader')
      expect(leaders.map(({ id }) => id)).not.toContain(statuses[leader]?.id)
      // Nobody stands again and again.
      expect(after.terms - before.terms).toBeLessThanOrEqual(3)
    },
  )
})
