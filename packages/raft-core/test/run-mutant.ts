/** Plants a bug in a copy of the source and lets the simulator look for it. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Mutant } from './mutants.ts'

const source = path.join(import.meta.dirname, '../src')
const simulator = path.join(import.meta.dirname, '../../../tools/sim.mjs')
const EVENTS_PER_SEED = 10_000
const DEFAULT_MAX_EVENTS = 1_000_000

export interface Hunt {
  /** The invariant that noticed first; undefined if none did. */
  readonly caughtBy: string | undefined
  readonly message: string
  readonly events: number
  /** With which it was noticed. */
  readonly seed: number | undefined
}

/**
 * With which seed each was found last, by its name (`node test/record-mutants.ts`): it is tried first, so that all
 * of them take minutes and none depends on what a change elsewhere does to the seeds behind it.
 */
const recorded = new URL('mutant-seeds.json', import.meta.url)

export async function recordedSeeds(): Promise<Record<string, number>> {
  return JSON.parse(await readFile(recorded, 'utf8')) as Record<string, number>
}

export async function recordSeeds(seeds: Readonly<Record<string, number>>): Promise<void> {
  await writeFile(recorded, `${JSON.stringify(seeds, undefined, 2)}\n`)
}

/** Throws if the change does not fit the source exactly once, or the simulator does not run. */
export function hunt(mutant: Mutant, seed: number): Promise<Hunt> {
  return planted(mutant, async (source) => {
    const first = (await recordedSeeds())[mutant.name]
    const again = first === undefined ? undefined : await search(source, mutant, first, 1)
    if (again?.caughtBy !== undefined) return again
    const { maxEvents = DEFAULT_MAX_EVENTS } = mutant
    return search(source, mutant, seed, maxEvents / EVENTS_PER_SEED)
  })
}

async function planted<T>(mutant: Mutant, use: (source: string) => Promise<T>): Promise<T> {
  const { file, from, to } = mutant
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-mutant-'))
  try {
    const copy = path.join(folder, 'src')
    await cp(source, copy, { recursive: true, filter: (name) => !name.endsWith('.test.ts') })
    const target = path.join(copy, file)
    const parts = (await readFile(target, 'utf8')).split(from)
    if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`)
    await writeFile(target, parts.join(to))
    return await use(copy)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function search(
  source: string,
  { profile = 'swarm' }: Mutant,
  seed: number,
  seeds: number,
): Promise<Hunt> {
  const args = ['--source', source, '--seed', seed, '--seeds', seeds, '--events', EVENTS_PER_SEED]
  const reports = await run([...args, '--profile', profile, '--json'].map(String))
  const failed = reports.find(({ violation }) => violation !== undefined)
  return {
    caughtBy: failed?.violation?.invariant,
    message: failed?.violation?.message ?? '',
    events: reports.reduce((sum, report) => sum + report.events, 0),
    seed: failed?.seed,
  }
}

interface Report {
  readonly seed: number
  readonly events: number
  readonly violation?: { readonly invariant: string; readonly message: string }
}

function run(args: readonly string[]): Promise<readonly Report[]> {
  return new Promise((resolve, reject) => {
    const limit = { maxBuffer: 1 << 28 }
    execFile(process.execPath, [simulator, ...args], limit, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`the simulator did not run: ${stderr}`, { cause: error }))
      else resolve(JSON.parse(stdout) as readonly Report[])
    })
  })
}
