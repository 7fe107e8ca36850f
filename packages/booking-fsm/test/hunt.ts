/**
 * A program: plays histories against the model until they differ, and prints what was found as JSON:
 * `node test/hunt.ts SEED HISTORIES [FILE]`. With a FILE the log that shows it is made short and written there: a
 * witness (mutants/witnesses.ts).
 */
import { pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { Duel } from './model/duel.ts'
import { type Step, step } from './model/history.ts'
import { shorten } from './mutants/shorten.ts'
import { asRead, type Event, replay, writeWitness } from './mutants/witnesses.ts'

const SHORTEN_MS = 15_000

const [seed = 1, histories = 1] = process.argv.slice(2, 4).map(Number)
const file = process.argv[4]
const worlds = fc.array(fc.nat(0xffff), { minLength: 40, maxLength: 40 })
const stories = fc.array(step, { minLength: 100, maxLength: 600, size: 'max' })

let entries = 0
let played = 0
let found = ''

for (const [world, steps] of fc.sample(fc.tuple(worlds, stories), { seed, numRuns: histories })) {
  played++
  const duel = new Duel()
  found = play(duel, world, steps)
  entries += duel.entries.length
  if (found !== '' && (file === undefined || write(eventsOf(duel), file))) break
}
console.log(JSON.stringify({ found, histories: played, entries }))

function play(duel: Duel, world: readonly number[], steps: readonly Step[]): string {
  let at = 0
  try {
    duel.prelude(() => world[at++ % world.length] ?? 0)
    for (const next of steps) duel.step(next)
    duel.reload()
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function eventsOf(duel: Duel): Event[] {
  const events: Event[] = []
  for (let i = 0; i <= duel.entries.length; i++) {
    events.push(...duel.reloads.filter((at) => at === i).map(() => 'reload' as const))
    const entry = duel.entries[i]
    if (entry !== undefined) events.push(entry)
  }
  return events
}

/** False if what was found can not be told as JSON. */
function write(events: readonly Event[], to: string): boolean {
  const read = asRead(events)
  const shown = replay(read)
  if (shown === '') return false
  writeWitness(pathToFileURL(to), shorten(read, shown, Date.now() + SHORTEN_MS))
  return true
}
