/** A process of callers: it is told whom to call and how long, and says how long each call took. */
import { Durations } from '../harness/sample.ts'
import { type Driver, openDriver, type Target } from './drivers.ts'

export interface RunOrder {
  readonly target: Target
  readonly callers: number
  readonly seconds: number
  /** Operations a second, at times that do not depend on the answers; undefined: each caller asks again when answered. */
  readonly perSecond?: number | undefined
}

export interface RunReport {
  readonly operations: number
  readonly failures: Readonly<Record<string, number>>
  readonly wallSeconds: number
  readonly cpuSeconds: number
  readonly latenciesMs: Float64Array
}

const drivers = new Map<string, Promise<Driver>>()

process.on('message', (order: RunOrder) => {
  run(order).then(
    (report) => process.send?.({ report }),
    (error: unknown) => process.send?.({ error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))

async function run(order: RunOrder): Promise<RunReport> {
  const name = JSON.stringify(order.target)
  const known = drivers.get(name) ?? openDriver(order.target)
  drivers.set(name, known)
  const driver = await known
  const latencies = new Durations()
  const failures: Record<string, number> = {}
  const cpu = process.cpuUsage()
  const began = performance.now()
  const note = (from: number, error: unknown): void => {
    if (error === undefined || error === null) latencies.add(performance.now() - from)
    else failures[String(error)] = (failures[String(error)] ?? 0) + 1
  }
  const until = began + order.seconds * 1000
  if (order.perSecond === undefined) await closedLoop(driver, order.callers, until, note)
  else await openLoop(driver, order.perSecond, until, note)
  const { user, system } = process.cpuUsage(cpu)
  const latenciesMs = latencies.taken()
  return {
    operations: latenciesMs.length,
    failures,
    wallSeconds: (performance.now() - began) / 1000,
    cpuSeconds: (user + system) / 1e6,
    latenciesMs,
  }
}

type Note = (from: number, error: unknown) => void

/** Each caller asks again as soon as it is answered. */
function closedLoop(driver: Driver, callers: number, until: number, note: Note): Promise<void> {
  return new Promise((resolve) => {
    let busy = callers
    const next = (): void => {
      const from = performance.now()
      if (from >= until) {
        busy -= 1
        if (busy === 0) resolve()
        return
      }
      driver.start((error) => {
        note(from, error)
        next()
      })
    }
    for (let caller = 0; caller < callers; caller++) next()
  })
}

/**
 * Operations fall due at random moments, answered or not; each is measured from when it was due, so that what a
 * server that stands still keeps waiting is counted as waiting.
 */
function openLoop(driver: Driver, perSecond: number, until: number, note: Note): Promise<void> {
  return new Promise((resolve) => {
    let due = performance.now()
    let open = 0
    let allStarted = false
    const end = (): void => {
      if (allStarted && open === 0) resolve()
    }
    const step = (): void => {
      const now = performance.now()
      for (; due <= now && due < until; due += (-Math.log(1 - Math.random()) * 1000) / perSecond) {
        const from = due
        open += 1
        driver.start((error) => {
          note(from, error)
          open -= 1
          end()
        })
      }
      allStarted = due >= until
      if (allStarted) end()
      else setTimeout(step, Math.min(1, Math.max(0, due - now)))
    }
    step()
  })
}
