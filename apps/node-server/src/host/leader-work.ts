import type { NodeHost } from './types.ts'

/** Something only the leader does. `signal` aborts when it stops leading or the node stops. */
export type LeaderJob = (signal: AbortSignal) => Promise<void>

export interface LeaderWork {
  stop(): Promise<void>
}

/**
 * Runs a job whenever this node begins to lead and serve; aborts it when it does not any more. A job
 * that fails while leading is started again after a pause: a new leader continues from the state.
 */
export function startLeaderWork(
  host: NodeHost,
  job: LeaderJob,
  onFailure: (error: unknown) => void,
  pauseMs = 2_000,
): LeaderWork {
  let running: { readonly abort: AbortController; readonly done: Promise<void> } | undefined
  let stopped = false

  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await job(signal)
        return
      } catch (error) {
        if (signal.aborted) return
        onFailure(error)
        await pause(pauseMs, signal)
      }
    }
  }

  const look = (): void => {
    const leads = !stopped && host.isServingLeader()
    if (leads && running === undefined) {
      const abort = new AbortController()
      running = { abort, done: run(abort.signal) }
    } else if (!leads && running !== undefined) {
      running.abort.abort()
      running = undefined
    }
  }

  const unsubscribe = host.onChange(look)
  look()
  return {
    async stop() {
      stopped = true
      unsubscribe()
      const last = running
      look()
      await last?.done
    },
  }
}

/** Waits, but not longer than the signal allows. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const finish = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish)
  })
}
