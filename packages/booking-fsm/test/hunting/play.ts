/** One generated history, machine against model. */
import fc from 'fast-check'
import { Duel } from '../model/duel.ts'
import { drawsOf } from '../model/guided.ts'
import { type Step, step } from '../model/history.ts'
import type { Event } from '../mutants/witnesses.ts'

export interface Story {
  /** The numbers its world is made of: its trains, its keys. */
  readonly world: readonly number[]
  readonly steps: readonly Step[]
}

export interface Played {
  readonly duel: Duel
  /** What differed first; '' if nothing did. */
  readonly found: string
}

export function storiesOf(minLength: number, maxLength: number): fc.Arbitrary<Story> {
  return fc.record({
    world: fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 }),
    steps: fc.array(step, { minLength, maxLength, size: 'max' }),
  })
}

/** The end is looked at as well: everything that is there then, loaded from its rows once more. */
export function play({ world, steps }: Story, duel = new Duel()): Played {
  let at = 0
  return played(duel, () => {
    duel.prelude(() => world[at++ % world.length] ?? 0)
    for (const next of steps) duel.step(next)
  })
}

/** The same of steps that are drawn against the world as it stands, from a seed. */
export function playGuided(seed: number, steps: number, duel = new Duel()): Played {
  const draw = drawsOf(seed)
  return played(duel, () => {
    duel.prelude(draw)
    for (let step = 0; step < steps; step++) duel.guidedStep(draw)
  })
}

function played(duel: Duel, act: () => void): Played {
  try {
    act()
    duel.reload()
    return { duel, found: '' }
  } catch (error) {
    return { duel, found: error instanceof Error ? error.message : String(error) }
  }
}

/** The log of it, as a witness keeps it. */
export function eventsOf({ entries, reloads }: Duel): Event[] {
  const events: Event[] = []
  for (let i = 0; i <= entries.length; i++) {
    events.push(...reloads.filter((at) => at === i).map(() => 'reload' as const))
    const entry = entries[i]
    if (entry !== undefined) events.push(entry)
  }
  return events
}
