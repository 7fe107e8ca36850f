/** How long a node's event loop stood still at most, as its `/metrics` say: since the last look each time. */
export class EventLoopWatch {
  readonly #url: string
  #longestMs = 0
  #stopped = false
  readonly #looking: Promise<void>

  static async start(url: string): Promise<EventLoopWatch> {
    // What was before is not counted.
    await longestSinceLast(url)
    return new EventLoopWatch(url)
  }

  private constructor(url: string) {
    this.#url = url
    this.#looking = this.#look()
  }

  async stop(): Promise<number> {
    this.#stopped = true
    await this.#looking
    return Math.max(this.#longestMs, await longestSinceLast(this.#url))
  }

  async #look(): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, 500))
      this.#longestMs = Math.max(this.#longestMs, await longestSinceLast(this.#url))
    }
  }
}

/** Asked again when the node has just closed the connection of the time before. */
async function longestSinceLast(url: string, triesLeft = 3): Promise<number> {
  try {
    return longestDelayMs(await (await fetch(url)).text())
  } catch (error) {
    if (triesLeft === 0) throw error
    return longestSinceLast(url, triesLeft - 1)
  }
}

/** Of Prometheus's text. The histogram's own resolution, 10 ms, is in it. */
export function longestDelayMs(text: string): number {
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]
  if (seconds === undefined) throw new Error('the node does not say how long its event loop stood')
  return Number(seconds) * 1_000
}
