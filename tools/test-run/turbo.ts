import { spawn, spawnSync } from 'node:child_process'
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
  const program = path.join(root, 'node_modules/.bin/turbo')
  const env = { ...process.env, ...environment }
  const planned = plannedTasks(root, program, words, env)
  forgetSummaries(root)
  const exitCode = await new Promise<number>((resolve, reject) => {
    const turbo = spawn(
      program,
      ['run', ...words, '--continue=dependencies-successful', '--summarize', '--log-order=grouped'],
      { cwd: root, stdio: 'inherit', env },
    )
    turbo.once('error', reject)
    turbo.once('exit', (code) => resolve(code ?? 1))
  })
  const done = readSummary(root)
  // The summary leaves out what was not reached; nobody would miss it in the table.
  const unreached = planned.filter(
    (task) => !done.some((other) => other.package === task.package && other.task === task.task),
  )
  return { exitCode, tasks: [...done, ...unreached] }
}

function plannedTasks(
  root: string,
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): readonly TaskResult[] {
  const dry = spawnSync(program, ['run', ...words, '--dry=json'], {
    ...{ cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  })
  if (dry.status !== 0) return []
  const { tasks } = JSON.parse(dry.stdout.slice(dry.stdout.indexOf('{'))) as Summary
  return resultsOf(tasks).map((task) => ({ ...task, cached: false, exitCode: undefined }))
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
  return resultsOf(tasks)
}

function resultsOf(tasks: Summary['tasks']): readonly TaskResult[] {
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
