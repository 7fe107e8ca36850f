import path from 'node:path'
import type { ChildSpec } from '../product/child.ts'
import { Supervisor, type SupervisorEvent } from './supervisor.ts'

/** What differs between the real product and the small one of the launcher's own test. */
export interface LaunchPlan {
  readonly folder: string
  readonly logFolder: string
  readonly children: readonly ChildSpec[]
  readonly restartAfterMilliseconds?: number
  /** Whether what came up is enough to go on with, by the names that did not. */
  readonly canRunWithout: (missing: readonly string[]) => boolean
  /** Prints what a person needs; called once, as soon as everything that comes up is up. */
  readonly onRunning: () => Promise<void>
  /** After a process died and the others had time to take over. */
  readonly onChildEnded: (name: string) => Promise<void>
  readonly onStopped: () => void
}

/** The whole stop must be over in 5 s, the printing and the exit of this process included. */
const stopGraceMilliseconds = 4000

/** Starts the children, keeps them running, and stops them with this process. Resolves to the exit code. */
export async function launch(plan: LaunchPlan): Promise<number> {
  // A closed terminal: nobody reads on, and that must not keep the children from being stopped.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const stopWanted = whenStopIsWanted()
  const start = new StartProgress(plan.children.map(({ name }) => name))
  const supervisor = new Supervisor({
    folder: plan.folder,
    logFolder: plan.logFolder,
    ...(plan.restartAfterMilliseconds === undefined
      ? {}
      : { restartAfterMilliseconds: plan.restartAfterMilliseconds }),
    onEvent: (event) => {
      start.see(event)
      tell(event, plan, supervisor)
    },
  })
  supervisor.start(plan.children)
  const up = await Promise.race([start.settled, stopWanted])
  const missing = start.missing()
  let code = 0
  if (up === 'settled' && plan.canRunWithout(missing)) {
    // Stopping must not wait for what is being printed.
    await Promise.race([plan.onRunning(), stopWanted])
    await stopWanted
    console.log('\nStopping; the data is kept.')
  } else if (up === 'settled') {
    console.error(
      `\nQuorail can not run without ${missing.join(', ')}. Everything is being stopped.`,
    )
    for (const name of missing) console.error(`  what ${name} said: ${supervisor.logFile(name)}`)
    code = 1
  }
  await supervisor.stop(stopGraceMilliseconds)
  plan.onStopped()
  return code
}

/** When every child has either become ready or been given up. */
class StartProgress {
  readonly settled: Promise<'settled'>
  readonly #waitingFor: Set<string>
  readonly #givenUp = new Set<string>()
  #settle: (value: 'settled') => void = () => {}

  constructor(names: readonly string[]) {
    this.#waitingFor = new Set(names)
    this.settled = new Promise((resolve) => {
      this.#settle = resolve
    })
  }

  see(event: SupervisorEvent): void {
    if (event.kind === 'ended') return
    this.#waitingFor.delete(event.name)
    if (event.kind === 'given up') this.#givenUp.add(event.name)
    if (this.#waitingFor.size === 0) this.#settle('settled')
  }

  missing(): readonly string[] {
    return [...this.#givenUp]
  }
}

function tell(event: SupervisorEvent, plan: LaunchPlan, supervisor: Supervisor): void {
  const seconds = (plan.restartAfterMilliseconds ?? 3000) / 1000
  const log = path.relative(process.cwd(), supervisor.logFile(event.name))
  if (event.kind === 'ready' && event.again)
    console.log(`  ${event.name} is back (pid ${event.ready.pid}).`)
  if (event.kind === 'removed')
    console.log(`  ${event.name} was removed from the cluster and is not started again.`)
  if (event.kind === 'given up')
    console.log(
      `  ${event.name} did not start in ${event.attempts} attempts and is left out: ${log}`,
    )
  if (event.kind !== 'ended') return
  const next = event.removed ? '' : ` It starts again in ${seconds} s.`
  console.log(`\n  ${event.name} (pid ${event.pid}) ${event.how}.${next}`)
  if (event.wasReady) void plan.onChildEnded(event.name)
  else for (const line of event.lastLines.slice(-5)) console.log(`    ${line}`)
}

function whenStopIsWanted(): Promise<'stop'> {
  return new Promise((resolve) => {
    // Stay subscribed: a second Ctrl-C, or the copy that npm passes on, must not cut the stop short.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => resolve('stop'))
    // The bootstrap (tools/run.mjs) killed the hard way sends nothing.
    const parent = process.ppid
    setInterval(() => process.ppid !== parent && resolve('stop'), 500).unref()
  })
}
