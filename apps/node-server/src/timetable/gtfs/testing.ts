import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AddRuns, AddTrain, Command, PutStations } from '@quorail/booking-fsm'
import { type GtfsPlan, type ReadGtfsOptions, readGtfs } from './read-gtfs.ts'
import { reconcile } from './reconcile.ts'

/** Help for the tests of the import: the synthetic feeds of the tree, and broken copies of them. */
const feeds = new URL('../../../testdata/gtfs/', import.meta.url).pathname

export const feedFolder = (name: string) => join(feeds, name)

/** A copy of a feed with some files rewritten; undefined removes a file. Gone when `use` is done. */
export function withFeed<T>(
  name: string,
  changes: Readonly<Record<string, (text: string) => string | Uint8Array | undefined>>,
  use: (folder: string) => T,
): T {
  const folder = mkdtempSync(join(tmpdir(), 'quorail-gtfs-'))
  try {
    cpSync(feedFolder(name), folder, { recursive: true })
    for (const [file, change] of Object.entries(changes)) {
      const path = join(folder, file)
      const content = change(readFileSync(path, 'utf8'))
      if (content === undefined) rmSync(path)
      else writeFileSync(path, content)
    }
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function planOf(options: ReadGtfsOptions): GtfsPlan {
  const { plan, fatal } = readGtfs(options)
  if (plan === undefined) throw new Error(JSON.stringify(fatal))
  return plan
}

/** What is sent to a cluster that has nothing on sale. */
export const commandsOf = (plan: GtfsPlan, importId = 1) =>
  plan.commands(importId, reconcile(plan.trains, []).trains)

export interface SentTimetable {
  readonly stations: PutStations['stations']
  /** Each train with all its runs. */
  readonly trains: readonly (AddTrain & { readonly runs: AddRuns['runs'] })[]
}

/** What the commands put together; throws where runs would land on another train than meant. */
export function collect(commands: Iterable<Command>): SentTimetable {
  const stations: PutStations['stations'][number][] = []
  const trains: (AddTrain & { runs: AddRuns['runs'] })[] = []
  for (const command of commands) {
    if (command.type === 'putStations') stations.push(...command.stations)
    else if (command.type === 'addTrain') trains.push({ ...command, runs: [] })
    else if (command.type === 'addRuns') {
      const train = trains.findLast((t) => t.number === command.trainNumber)
      if (train === undefined || command.trainId !== 0) throw new Error('runs without a train')
      train.runs = [...train.runs, ...command.runs]
    } else throw new Error(`unexpected ${command.type}`)
  }
  return { stations, trains }
}
