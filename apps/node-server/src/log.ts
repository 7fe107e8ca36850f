import { type Logger, pino } from 'pino'

export type { Logger }

export interface LogOptions {
  readonly id: string
  /** A file; without it the log goes to stderr. stdout carries nothing but the ready line. */
  readonly file: string | undefined
  readonly level: string
}

export interface NodeLog {
  readonly logger: Logger
  /** Writes what is still in memory, at once: for the last words of a process. */
  flush(): void
}

/** JSON, a line each. Tokens, passwords and cookies never go in: no request is logged whole. */
export function openLog({ id, file, level }: LogOptions): NodeLog {
  const to = file === undefined ? { dest: 2 } : { dest: file, mkdir: true, mode: 0o600 }
  const destination = pino.destination({ ...to, sync: false })
  // A closed terminal must not end a node.
  destination.on('error', () => {})
  const logger = pino(
    {
      level,
      base: { node: id },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  )
  return {
    logger,
    flush() {
      try {
        destination.flushSync()
      } catch {
        // Nobody reads any more.
      }
    },
  }
}
