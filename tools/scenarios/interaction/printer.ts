/** The output of a command, with etcd's log levels: the last one silences everything but errors. */
import { CommandError } from '../arguments.ts'

export const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE'] as const

const INFO = LEVELS.indexOf('INFO')
const NONE = LEVELS.indexOf('NONE')

export class Printer {
  #lines: string[] = []
  #indent = ''
  #level = 0
  #toldInfo = true

  get lines(): readonly string[] {
    return this.#lines
  }

  /** Were lines of level INFO printed during the last command? */
  get tellsInfo(): boolean {
    return this.#toldInfo
  }

  /** A new command. */
  begin(): void {
    this.#lines = []
    this.#toldInfo = this.#level <= INFO
  }

  print(lines: readonly string[]): void {
    if (this.#level !== NONE) this.#lines.push(...lines.map((line) => this.#indent + line))
  }

  /** Errors are never silent. */
  printAlways(line: string): void {
    this.#lines.push(line)
  }

  indented(run: () => void): void {
    const before = this.#indent
    this.#indent += '  '
    try {
      run()
    } finally {
      this.#indent = before
    }
  }

  setLevel(name: string): void {
    const level = (LEVELS as readonly string[]).indexOf(name.toUpperCase())
    if (level === -1) {
      throw new CommandError(`log levels must be either of [${LEVELS.join(' ')}]`)
    }
    this.#level = level
    this.#toldInfo = level <= INFO
  }

  /** Runs at another level, if one is given. */
  atLevel(name: string | undefined, run: () => void): void {
    const before = this.#level
    if (name !== undefined) this.setLevel(name)
    try {
      run()
    } finally {
      this.#level = before
    }
  }
}
