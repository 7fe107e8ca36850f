/** What a subject has started and made goes when the subject goes, also when somebody stops it half way. */

export interface Cleanup {
  /** Called once, the last one added first. May be called while what it stops is still starting. */
  add(stop: () => void | Promise<void>): void
}

class Stops implements Cleanup {
  readonly #stops: (() => void | Promise<void>)[] = []
  #running: Promise<void> | undefined

  add(stop: () => void | Promise<void>): void {
    this.#stops.push(stop)
  }

  run(): Promise<void> {
    this.#running ??= this.#run()
    return this.#running
  }

  /** All of them, whatever one of them throws. */
  async #run(): Promise<void> {
    const errors: unknown[] = []
    for (let stop = this.#stops.pop(); stop !== undefined; stop = this.#stops.pop()) {
      try {
        await stop()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'not everything could be stopped')
  }
}

const open = new Set<Stops>()

export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const stops = new Stops()
  open.add(stops)
  try {
    return await work(stops)
  } finally {
    await stops.run()
    open.delete(stops)
  }
}

/** 128 and the signal's number, as a shell says it. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/** From now on a signal, or an error that nobody catches, ends the process after everything was stopped. */
export function cleanUpWhenEnded(): void {
  for (const [signal, code] of Object.entries(signals)) process.on(signal, () => end(code))
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => {
      console.error(error)
      end(1)
    })
}

let ending = false

/** A second signal finds it under way, and changes nothing. */
function end(code: number): void {
  if (ending) return
  ending = true
  void Promise.allSettled([...open].map((stops) => stops.run())).then((ended) => {
    for (const one of ended) if (one.status === 'rejected') console.error(one.reason)
    process.exit(code)
  })
}
