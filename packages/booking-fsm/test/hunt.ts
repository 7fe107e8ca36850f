/**
 * A program: plays histories against the model until they differ.
 *
 * `node test/hunt.ts SEED HISTORIES [FILE]` prints what was found as JSON. With a FILE the log that shows it is made
 * short and written there: a witness (mutants/witnesses.ts).
 *
 * `node test/hunt.ts --report FILE [--commands N] [--workers N] [--seed N] [--resume]` goes on for hours, says every
 * minute how far it is, and keeps what it has done in the file. Ctrl-C stops it, `--resume` goes on.
 */
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { runLong } from './hunting/long-run.ts'
import { eventsOf, play, storiesOf } from './hunting/play.ts'
import { shorten } from './mutants/shorten.ts'
import { asRead, type Event, replay, writeWitness } from './mutants/witnesses.ts'

const SHORTEN_MS = 15_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    report: { type: 'string' },
    commands: { type: 'string', default: '1000000' },
    workers: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    resume: { type: 'boolean', default: false },
  },
})
const { report, commands, workers, seed, resume } = values

if (report === undefined) {
  const [first = 1, histories = 1] = positionals.map(Number)
  console.log(JSON.stringify(hunt(first, histories, positionals[2])))
} else {
  const numbers = { seed: Number(seed), workers: Number(workers), commands: Number(commands) }
  const isClean = await runLong({ ...numbers, file: report, isContinued: resume })
  process.exitCode = isClean ? 0 : 1
}

function hunt(first: number, histories: number, file: string | undefined) {
  let [played, entries, found] = [0, 0, '']
  for (const story of fc.sample(storiesOf(100, 600), { seed: first, numRuns: histories })) {
    played++
    const { duel, found: different } = play(story)
    found = different
    entries += duel.entries.length
    if (found !== '' && (file === undefined || write(eventsOf(duel), file))) break
  }
  return { found, histories: played, entries }
}

/** False if what was found can not be told as JSON. */
function write(events: readonly Event[], to: string): boolean {
  const read = asRead(events)
  const shown = replay(read)
  if (shown === '') return false
  writeWitness(pathToFileURL(to), shorten(read, shown, Date.now() + SHORTEN_MS))
  return true
}
