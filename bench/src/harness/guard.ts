/** What is left of a benchmark that was killed (`kill -9`, out of memory), and could not clean up itself, goes too. */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import path from 'node:path'

/** Whatever this process starts from now on inherits it, and is known by it. */
const mark = 'QUORAIL_BENCH_RUN'

let guard: ChildProcess | undefined

/** Removed, when this process has ended without removing it; before that every process that it has started is ended. */
export function guardFolder(folder: string): void {
  guardProcesses().send(path.resolve(folder))
}

/** What is started from now on ends with this process, however it ends. */
export function guardProcesses(): ChildProcess {
  guard ??= startGuard()
  return guard
}

/** A process of its own that waits for the end of its channel, and lives no longer than a moment after it. */
function startGuard(): ChildProcess {
  const { [mark]: _above, ...environment } = process.env
  const run = randomUUID()
  process.env[mark] = run
  const child = fork(path.join(import.meta.dirname, 'guard-process.ts'), [`${mark}=${run}`], {
    env: environment,
    execArgv: [],
    // Ctrl-C in the terminal is not for it.
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}
