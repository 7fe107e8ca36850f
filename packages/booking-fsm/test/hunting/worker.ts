/** A thread that plays the histories it is given the numbers of. */
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import fc from 'fast-check'
import type { Entry, Reply } from '../../src/index.ts'
import { Duel } from '../model/duel.ts'
import { shorten } from '../mutants/shorten.ts'
import { asRead, replay, writeWitness } from '../mutants/witnesses.ts'
import { eventsOf, type Played, play, playGuided, storiesOf } from './play.ts'
import { type Counts, count, noCounts } from './report.ts'

const SHORTEN_MS = 60_000

/** Most commands are those of long histories; most histories are short, and begin anew. */
const lengths = [2_000, 400, 150, 400, 1_000, 400, 40, 600] as const
/** Of so many one is drawn without a look at the world: more of it is odd, and most is refused. */
const plainEvery = 16

export interface Work {
  readonly seed: number
  readonly file: string
}
export interface Done {
  readonly history: number
  readonly found: string
  readonly log: string
  readonly counts: Counts
}

/** Counts what it is sent, too: those of a difference were answered once by the machine alone. */
class CountingDuel extends Duel {
  readonly counts = noCounts()

  override compare(entry: Entry, expected: Reply, audited: number, isRetry: boolean): Reply {
    const reply = super.compare(entry, expected, audited, isRetry)
    const kind = String(entry.command?.type)
    const isKnown = /^[a-zA-Z]{1,40}$/.test(kind)
    count(this.counts, isKnown ? kind : '?', reply.type === 'refused' ? reply.code : undefined)
    return reply
  }
}

const { seed, file } = workerData as Work

parentPort?.on('message', (history: number) => {
  const duel = new CountingDuel()
  const { found } = playOne(history, duel)
  const log = found === '' ? '' : keep(duel, history)
  parentPort?.postMessage({ history, found, log, counts: duel.counts } satisfies Done)
})

function playOne(history: number, duel: Duel): Played {
  const length = lengths[history % lengths.length] as number
  if (history % plainEvery !== plainEvery - 1) return playGuided(seed + history, length, duel)
  const [story] = fc.sample(storiesOf(length, length), { seed: seed + history, numRuns: 1 })
  return story === undefined ? { duel, found: 'no story' } : play(story, duel)
}

/** The log that shows it, made short; whole where that shows something else. */
function keep(duel: Duel, history: number): string {
  const log = `${file}.difference-${history}.jsonl`
  const events = asRead(eventsOf(duel))
  const shown = replay(events)
  const kept = shown === '' ? events : shorten(events, shown, Date.now() + SHORTEN_MS)
  writeWitness(pathToFileURL(log), kept)
  return log
}
