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
export async function hunt(
  changes: Mutant['changes'],
  seed: number,
  histories: number,
): Promise<Hunt> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-mutant-'))
  try {
    for (const part of ['src', 'test']) {
      await cp(path.join(home, part), path.join(folder, part), { recursive: true })
    }
    await symlink(path.join(home, 'node_modules'), path.join(folder, 'node_modules'))
    await writeFile(path.join(folder, 'package.json'), '{"type":"module"}')
    for (const change of changes) await plant(folder, change)
    return await run(path.join(folder, 'test/hunt.ts'), seed, histories)
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
