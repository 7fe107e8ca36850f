/** Plants a bug in a copy of the package and lets the histories look for it. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { Change, Mutant } from './mutants/mutant.ts'

const home = path.join(import.meta.dirname, '..')

export interface Hunt {
  /** What differed first; '' if nothing did. */
  readonly found: string
  readonly histories: number
  readonly entries: number
}

/** Throws if a change does not fit the source exactly once, or the histories do not run. */
export function hunt(changes: Mutant['changes'], seed: number, histories: number): Promise<Hunt> {
  return planted(changes, (folder) => run(path.join(folder, 'test/hunt.ts'), seed, histories))
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

async function plant(folder: string, { file, from, to }: Change): Promise<void> {
  const target = path.join(folder, 'src', file)
  const parts = (await readFile(target, 'utf8')).split(from)
  if (parts.length !== 2) throw new Error(`${file} has "${from}" ${parts.length - 1} times`)
  await writeFile(target, parts.join(to))
}

function run(program: string, seed: number, histories: number): Promise<Hunt> {
  return new Promise((resolve, reject) => {
    const words = [program, String(seed), String(histories)]
    execFile(process.execPath, words, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`the histories did not run: ${stderr}`))
      else resolve(JSON.parse(stdout) as Hunt)
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
