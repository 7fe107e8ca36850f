import { pause } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'

/** Whether the host has changed since one last looked. */
export class HostChanges {
  readonly #unsubscribe: () => void
  #changed = false
  #wake: (() => void) | undefined

  constructor(host: Pick<NodeHost, 'onChange'>) {
    this.#unsubscribe = host.onChange(() => {
      this.#changed = true
      this.#wake?.()
    })
  }

  async next(withinMs: number, signal: AbortSignal): Promise<void> {
    if (!this.#changed) {
      const woken = new AbortController()
      this.#wake = () => woken.abort()
      await pause(withinMs, AbortSignal.any([signal, woken.signal]))
      this.#wake = undefined
    }
    this.#changed = false
  }

  close(): void {
    this.#unsubscribe()
  }
}
