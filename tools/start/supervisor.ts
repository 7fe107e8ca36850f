import path from 'node:path'
import {
  type Child,
  type ChildExit,
  type ChildSpec,
  describeExit,
  type ReadyLine,
  startChild,
} from '../product/child.ts'

export type SupervisorEvent =
  | {
      readonly kind: 'ready'
      readonly name: string
      readonly ready: ReadyLine
      readonly again: boolean
    }
  | {
      readonly kind: 'ended'
      readonly name: string
      readonly pid: number
      readonly how: string
      readonly lastLines: readonly string[]
      readonly wasReady: boolean
      /** It ended because it was removed from the cluster. */
      readonly removed: boolean
    }
  | { readonly kind: 'removed'; readonly name: string }
  | { readonly kind: 'given up'; readonly name: string; readonly attempts: number }

export interface SupervisorOptions {
  readonly folder: string
  readonly logFolder: string
  readonly onEvent: (event: SupervisorEvent) => void
  /** Long enough for a person to see the others take over. */
  readonly restartAfterMilliseconds?: number
}

/** A node that was removed from its cluster ends with it: it is not started again (quorail serve --help). */
const removedFromCluster = 6

/** A process that can not even become ready is not tried for ever: its log says why. */
const attemptsBeforeReady = 3

/** Keeps a set of processes running until it is told to stop. */
export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #children = new Map<string, Child>()
  readonly #restarts = new Set<NodeJS.Timeout>()
  readonly #failures = new Map<string, number>()
  readonly #wasReady = new Set<string>()
  #stopping = false

  constructor(options: SupervisorOptions) {
    this.#options = options
  }

  /** Starts all of them at once; each reports through `onEvent`. */
  start(specs: readonly ChildSpec[]): void {
    for (const spec of specs) this.#start(spec)
  }

  logFile(name: string): string {
    return path.join(this.#options.logFolder, `${name}.log`)
  }

  /** Ends everything; who has not ended by itself in time is killed. */
  async stop(graceMilliseconds: number): Promise<void> {
    this.#stopping = true
    for (const restart of this.#restarts) clearTimeout(restart)
    await Promise.all([...this.#children.values()].map((child) => child.stop(graceMilliseconds)))
  }

  #start(spec: ChildSpec): void {
    const child = startChild(spec, this.logFile(spec.name), this.#options.folder)
    this.#children.set(spec.name, child)
    let wasReady = false
    child.ready.then(
      (ready) => {
        wasReady = true
        this.#failures.delete(spec.name)
        const again = this.#wasReady.has(spec.name)
        this.#wasReady.add(spec.name)
        this.#options.onEvent({ kind: 'ready', name: spec.name, ready, again })
      },
      () => {}, // it ended: told below
    )
    void child.exited.then((exit) => this.#ended(child, exit, wasReady))
  }

  #ended(child: Child, exit: ChildExit, wasReady: boolean): void {
    const { name } = child.spec
    this.#children.delete(name)
    if (this.#stopping) return
    const how = describeExit(exit)
    const lastLines = child.lastLines()
    const removed = exit.code === removedFromCluster
    const { pid } = child
    this.#options.onEvent({ kind: 'ended', name, pid, how, lastLines, wasReady, removed })
    if (removed) {
      this.#options.onEvent({ kind: 'removed', name })
      return
    }
    const failures = wasReady ? 0 : (this.#failures.get(name) ?? 0) + 1
    this.#failures.set(name, failures)
    if (failures >= attemptsBeforeReady) {
      this.#options.onEvent({ kind: 'given up', name, attempts: failures })
      return
    }
    const restart = setTimeout(() => {
      this.#restarts.delete(restart)
      this.#start(child.spec)
    }, this.#options.restartAfterMilliseconds ?? 3000)
    this.#restarts.add(restart)
  }
}
