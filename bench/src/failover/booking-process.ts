/** Clients that book at random moments, answered or not, until they are told to end; and when they were answered. */
import { type Driver, openDriver, type Target } from '../cluster/drivers.ts'
import { Durations } from '../harness/sample.ts'
import { clockMs } from './clock.ts'

export interface BookingOrder {
  readonly target: Target
  /** Each with a stream of its own. */
  readonly clients: number
  /** All of them together. */
  readonly perSecond: number
}

export interface Booked {
  /** When each client had an answer, since the last time this was asked: `clockMs`. */
  readonly acknowledgedMs: readonly Float64Array[]
  /** From when it was due. */
  readonly latenciesMs: Float64Array
  readonly failures: Readonly<Record<string, number>>
}

class Clients {
  readonly #perSecond: number
  readonly #drivers: readonly Driver[]
  #acknowledged: Durations[]
  #latencies = new Durations()
  #failures: Record<string, number> = {}
  #next = 0

  static async open({ target, clients, perSecond }: BookingOrder): Promise<Clients> {
    const drivers = Array.from({ length: clients }, () => openDriver(target))
    return new Clients(await Promise.all(drivers), perSecond)
  }

  private constructor(drivers: readonly Driver[], perSecond: number) {
    this.#drivers = drivers
    this.#perSecond = perSecond
    this.#acknowledged = drivers.map(() => new Durations())
  }

  run(): void {
    let due = performance.now()
    const step = (): void => {
      const now = performance.now()
      for (; due <= now; due += (-Math.log(1 - Math.random()) * 1000) / this.#perSecond)
        this.#book(due)
      setTimeout(step, Math.min(1, due - now))
    }
    step()
  }

  take(): Booked {
    const acknowledgedMs = this.#acknowledged.map((times) => times.taken())
    const latenciesMs = this.#latencies.taken()
    const failures = this.#failures
    this.#acknowledged = this.#drivers.map(() => new Durations())
    this.#latencies = new Durations()
    this.#failures = {}
    return { acknowledgedMs, latenciesMs, failures }
  }

  #book(due: number): void {
    const client = this.#next++ % this.#drivers.length
    this.#drivers[client]?.start((error) => {
      if (error === undefined || error === null) {
        this.#acknowledged[client]?.add(clockMs())
        this.#latencies.add(performance.now() - due)
      } else this.#failures[String(error)] = (this.#failures[String(error)] ?? 0) + 1
    })
  }
}

let clients: Clients | undefined

process.on('message', (message: BookingOrder | 'take') => {
  if (message === 'take') {
    process.send?.({ booked: clients?.take() })
    return
  }
  Clients.open(message).then(
    (opened) => {
      clients = opened
      opened.run()
    },
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.on('disconnect', () => process.exit(0))
