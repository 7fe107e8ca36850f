import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** How one process of the product is started. */
export interface ChildSpec {
  /** What a person calls it, and the name of its log file: "n1", "web". */
  readonly name: string
  /** The script and its arguments; the Node binary that runs this file runs it. */
  readonly script: string
  readonly arguments: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
}

/** The one line of JSON a process prints on stdout when it can be used. */
export interface ReadyLine {
  readonly ready: true
  readonly service: string
  readonly id?: string
  readonly address: string
  readonly peerAddress?: string
  readonly pid: number
}

export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly spec: ChildSpec
  readonly pid: number
  /** Fails when the process ends first. */
  readonly ready: Promise<ReadyLine>
  readonly exited: Promise<ChildExit>
  /** Undefined while it runs. */
  readonly exit: ChildExit | undefined
  /** The last lines it wrote, for a person who wants to know why it ended. */
  lastLines(): readonly string[]
  signal(signal: NodeJS.Signals): void
  /** SIGTERM, and SIGKILL for who has not ended by then. */
  stop(graceMilliseconds: number): Promise<ChildExit>
}

const remembered = 15

/**
 * Starts a process of the product. It is spawned directly, never through a package manager, so that its
 * pid is its own and a signal reaches it. It gets a channel to this process and ends when that
 * closes: so nothing stays behind even after `kill -9` of this process.
 */
export function startChild(spec: ChildSpec, logFile: string, folder: string): Child {
  mkdirSync(path.dirname(logFile), { recursive: true })
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const child = spawn(process.execPath, [spec.script, ...spec.arguments], {
    cwd: folder,
    env: { ...process.env, ...spec.environment, QUORAIL_PARENT_IPC: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own process group: Ctrl-C in the terminal is for the parent, which stops its children in order.
    detached: true,
  })
  return new RunningChild(spec, child, log)
}

class RunningChild implements Child {
  readonly spec: ChildSpec
  readonly pid: number
  readonly ready: Promise<ReadyLine>
  readonly exited: Promise<ChildExit>
  exit: ChildExit | undefined = undefined
  readonly #process: ChildProcess
  readonly #lines: string[] = []

  constructor(spec: ChildSpec, child: ChildProcess, log: WriteStream) {
    this.spec = spec
    this.#process = child
    this.pid = child.pid ?? -1
    this.exited = new Promise((resolve) => {
      // 'close' and not 'exit': by then its last words have arrived.
      child.once('close', (code, signal) => {
        this.exit = { code, signal }
        log.end()
        resolve(this.exit)
      })
      child.once('error', (error) => this.#remember(error.message, log))
    })
    this.ready = new Promise((resolve, reject) => {
      const read = (stream: NodeJS.ReadableStream | null, onLine?: (line: string) => void) => {
        if (stream === null) return
        createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on(
          'line',
          (line) => {
            this.#remember(line, log)
            onLine?.(line)
          },
        )
      }
      read(child.stdout, (line) => {
        const ready = parseReadyLine(line)
        if (ready !== undefined) resolve(ready)
      })
      read(child.stderr)
      void this.exited.then((exit) => {
        reject(new Error(`${spec.name} ${describeExit(exit)} before it was ready.`))
      })
    })
    // Whoever awaits `ready` hears of it; nobody has to.
    this.ready.catch(() => {})
  }

  lastLines(): readonly string[] {
    return this.#lines
  }

  signal(signal: NodeJS.Signals): void {
    if (this.exit === undefined) this.#process.kill(signal)
  }

  async stop(graceMilliseconds: number): Promise<ChildExit> {
    this.signal('SIGTERM')
    // A process that was paused hears SIGTERM only when it goes on.
    this.signal('SIGCONT')
    const deadline = setTimeout(() => this.signal('SIGKILL'), graceMilliseconds)
    const exit = await this.exited
    clearTimeout(deadline)
    return exit
  }

  #remember(line: string, log: WriteStream): void {
    log.write(`${line}\n`)
    this.#lines.push(line)
    if (this.#lines.length > remembered) this.#lines.shift()
  }
}

export function parseReadyLine(line: string): ReadyLine | undefined {
  if (!line.startsWith('{') || !line.includes('"ready":true')) return undefined
  try {
    const value = JSON.parse(line) as ReadyLine
    return value.ready === true && typeof value.address === 'string' ? value : undefined
  } catch {
    return undefined // a log line that happens to look like one
  }
}

export function describeExit(exit: ChildExit): string {
  return exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`
}
