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
  /** Resolves when all that was said is written, or when nobody reads it: for a process that ends in good order. */
  drained(): Promise<void>
  /** Writes what is still in memory, at once: for the last words of a process that must not go on. */
  flush(): void
}

/** So long a process that ends tries to say its last words. */
const lastWordsMs = 1_000

/** JSON, a line each. Tokens, passwords and cookies never go in: no request is logged whole. */
export function openLog({ id, file, level }: LogOptions): NodeLog {
  const to = file === undefined ? { dest: 2 } : { dest: file, mkdir: true, mode: 0o600 }
  let giveUpAt = Number.POSITIVE_INFINITY
  const destination = pino.destination({
    ...to,
    sync: false,
    // A pipe that is full, and nobody reads: what is written last waits for it, and not for ever.
    retryEAGAIN: () => performance.now() < giveUpAt,
  })
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
  function flush(): void {
    giveUpAt = performance.now() + lastWordsMs
    try {
      destination.flushSync()
    } catch {
      // Nobody reads any more.
    }
  }
  return {
    logger,
    async drained() {
      // What is being written at this moment is in nobody's hands but the file system's: it has to be waited for.
      await new Promise<void>((resolve) => {
        const late = setTimeout(resolve, lastWordsMs)
        destination.once('drain', () => {
          clearTimeout(late)
          resolve()
        })
        // Nothing more; so that there is an end of writing to wait for.
        destination.write('')
      })
      flush()
    },
    flush,
  }
}
