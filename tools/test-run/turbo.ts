import { spawn } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/** One task of a turbo run, as its summary tells. */
export interface TaskResult {
  readonly package: string
  readonly task: string
  /** Relative to the repository, and where its .reports are. */
  readonly folder: string
  readonly cached: boolean
  /** Undefined: it was not reached, because a task it needs failed. */
  readonly exitCode: number | undefined
}

interface Summary {
  readonly tasks: readonly {
    readonly task: string
    readonly package: string
    readonly directory?: string
    readonly command: string
    readonly cache: { readonly status: string }
    readonly execution?: { readonly exitCode: number | null }
  }[]
}

/** Runs tasks to their ends, goes on where others fail, and reads from turbo's summary what happened. */
export async function runTurbo(
  root: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly exitCode: number; readonly tasks: readonly TaskResult[] }> {
  forgetSummaries(root)
  const exitCode = await new Promise<number>((resolve, reject) => {
    const turbo = spawn(
      path.join(root, 'node_modules/.bin/turbo'),
      ['run', ...words, '--continue=dependencies-successful', '--summarize', '--log-order=grouped'],
      { cwd: root, stdio: 'inherit', env: { ...process.env, ...environment } },
    )
    turbo.once('error', reject)
    turbo.once('exit', (code) => resolve(code ?? 1))
  })
  return { exitCode, tasks: readSummary(root) }
}

const summaries = (root: string): string[] =>
  globSync('.turbo/runs/*.json', { cwd: root }).map((file) => path.join(root, file))

function forgetSummaries(root: string): void {
  for (const file of summaries(root)) rmSync(file, { force: true })
}

function readSummary(root: string): readonly TaskResult[] {
  const [file] = summaries(root)
  if (file === undefined) return []
  const { tasks } = JSON.parse(readFileSync(file, 'utf8')) as Summary
  return tasks
    .filter(({ command }) => command !== '<NONEXISTENT>')
    .map((task) => ({
      package: task.package,
      task: task.task.replace(/^\/\/#/, ''),
      folder: task.directory || 'tools',
      cached: task.cache.status === 'HIT',
      exitCode: task.execution?.exitCode ?? undefined,
    }))
}
