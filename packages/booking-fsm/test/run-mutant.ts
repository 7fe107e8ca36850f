/** Plants a bug and lets a recorded log, generated histories or unit tests look for it. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Change, Mutant } from './mutants/mutant.ts'
import { changed } from './mutants/plant.ts'

const home = path.join(import.meta.dirname, '..')

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

/** Whether the unit tests of a file fail; throws if they do not run. */
export function failsIn(changes: Mutant['changes'], test: string): Promise<boolean> {
  return planted(changes, async (folder) => {
    await writeFile(path.join(folder, 'vitest.config.ts'), 'export default {}')
    return runTests(folder, path.join('src', test))
  })
}

async function planted<T>(
  changes: Mutant['changes'],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-mutant-'))
  try {
    for (const part of ['src', 'test']) {
      await cp(path.join(home, part), path.join(folder, part), { recursive: true })
    }
    await symlink(path.join(home, 'node_modules'), path.join(folder, 'node_modules'))
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
    for (const change of changes) await plant(folder, change)
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function plant(folder: string, change: Change): Promise<void> {
  const target = path.join(folder, 'src', change.file)
  await writeFile(target, changed(await readFile(target, 'utf8'), change))
}

function run(
  changes: Mutant['changes'],
  program: string,
  words: readonly string[],
): Promise<string> {
  const plants = path.join(home, 'test/mutants/plant.ts')
  const all = ['--import', plants, path.join(home, 'test', program), ...words]
  const env = { ...process.env, PLANTED: JSON.stringify(changes) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, all, { env }, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`it did not run: ${stderr}`))
      else resolve(stdout)
    })
  })
}

function runTests(folder: string, test: string): Promise<boolean> {
  const vitest = path.join(home, 'node_modules/vitest/vitest.mjs')
  const report = path.join(folder, 'report.json')
  const words = [vitest, 'run', '--root', folder, '--reporter=json', `--outputFile=${report}`, test]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, (_error, stdout, stderr) => {
      readFile(report, 'utf8')
        .then((text) => {
          const { numFailedTests, numPassedTests } = JSON.parse(text) as Counts
          // Some must pass: a file that can not be loaded at all proves nothing.
          if (numPassedTests === 0) throw new Error('none passed')
          resolve(numFailedTests > 0)
        })
        .catch((error: unknown) => reject(new Error(`no tests: ${error} ${stdout} ${stderr}`)))
    })
  })
}

interface Counts {
  readonly numFailedTests: number
  readonly numPassedTests: number
}
