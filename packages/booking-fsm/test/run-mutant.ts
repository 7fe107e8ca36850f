/** Plants a bug and lets a recorded log, generated histories or unit tests look for it. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Mutant } from './mutants/mutant.ts'

const home = path.join(import.meta.dirname, '..')
/** Of all but what is changed: to read and to compile the sources is most of what a short program does. */
const compiled = path.join(home, 'node_modules/.cache/compiled')

export interface Hunt {
  /** What differed first; '' if nothing did. */
  readonly found: string
  readonly histories: number
  readonly entries: number
}

/**
 * Throws if a change does not fit the source exactly once, or the histories do not run. With `witness` the log that
 * shows what was found is written there.
 */
export async function hunt(
  changes: Mutant['changes'],
  seed: number,
  histories: number,
  witness?: string,
): Promise<Hunt> {
  const words = [String(seed), String(histories), ...(witness === undefined ? [] : [witness])]
  return JSON.parse(await run(changes, 'hunt.ts', words)) as Hunt
}

/** What differs first between machine and model in the log of a file; '' if nothing does. */
export async function replayed(changes: Mutant['changes'], file: string): Promise<string> {
  const [found] = await replayedAll(changes, [file])
  return found?.[0] ?? ''
}

/** The same of each, and what is found when everything is looked at after every entry. */
export async function replayedAll(
  changes: Mutant['changes'],
  files: readonly string[],
): Promise<[string, string][]> {
  return JSON.parse(await run(changes, 'replay.ts', files)) as [string, string][]
}

/** Of each bug whether the unit tests of a file fail with it; throws if they do not run. */
export async function failuresIn(
  test: string,
  planted: readonly Mutant['changes'][],
): Promise<boolean[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-mutants-'))
  const file = path.join(folder, 'failures.json')
  const env = { PLANTED: JSON.stringify(planted), UNIT_TESTS: test, FAILURES: file }
  try {
    const said = await runTests({ ...process.env, ...env })
    const counts = JSON.parse(await readFile(file, 'utf8')) as Counts[]
    return planted.map((_, at) => {
      const { ran = 0, failed = 0 } = counts.find((of) => of.at === at) ?? {}
      // Some must pass: a file that can not be loaded at all proves nothing.
      if (failed === ran) throw new Error(`none passed of ${test}: ${said}`)
      return failed > 0
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}

function run(
  changes: Mutant['changes'],
  program: string,
  words: readonly string[],
): Promise<string> {
  const plants = path.join(home, 'test/mutants/plant.ts')
  const all = ['--import', plants, path.join(home, 'test', program), ...words]
  const planted = { PLANTED: JSON.stringify(changes), NODE_COMPILE_CACHE: compiled }
  const env = { ...process.env, ...planted }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { env }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`it did not run: ${stderr}`))
      else resolve(stdout)
    })
  })
}

function runTests(env: NodeJS.ProcessEnv): Promise<string> {
  const vitest = path.join(home, 'node_modules/vitest/vitest.mjs')
  const words = [vitest, 'run', '--config', path.join(home, 'test/mutants/unit-tests.config.ts')]
  return new Promise((resolve) => {
    execFile(process.execPath, words, { env }, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
}

interface Counts {
  readonly at: number
  readonly ran: number
  readonly failed: number
}
