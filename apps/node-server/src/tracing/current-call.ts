import { AsyncLocalStorage } from 'node:async_hooks'

/** What everybody may know of the call that this code runs for. */
export interface CurrentCall {
  readonly traceId: string
  /** Proposes a command for it, and waits as long as its caller does. */
  propose<T>(run: () => Promise<T>): Promise<T>
  /** Where in the log its command is. */
  readonly index: number
  committedAt(index: number): void
}

const calls = new AsyncLocalStorage<CurrentCall>()

/** Undefined for what the node does by itself. */
export const currentCall = (): CurrentCall | undefined => calls.getStore()

export const withCall = <T>(call: CurrentCall, run: () => T): T => calls.run(call, run)
