import { Worker } from 'node:worker_threads'
import type { PackedPortion, PackedTable } from '@quorail/booking-fsm'

const quickLoading = new URL('../quick-loading.ts', import.meta.url).href

/** Reads and packs a table on a thread of its own, which begins at once. */
export class PackingThread {
  readonly #worker: Worker
  /** What has come, for who has not asked yet. It is the memory in which the rows will be kept: no other is taken. */
  readonly #portions: PackedPortion[] = []
  #ended = false
  #failure: Error | undefined
  #wake = (): void => {}

  constructor(file: string, table: PackedTable) {
    this.#worker = new Worker(new URL('./packing-thread.ts', import.meta.url), {
      workerData: { file, table },
      name: `load ${table}`,
      execArgv: [...process.execArgv, '--import', quickLoading],
      // Nothing lives longer than 512 rows: a nursery as large as the main thread's is memory for nothing.
      resourceLimits: { maxYoungGenerationSizeMb: 12 },
    })
    this.#worker.on('message', (message: PackedPortion | 'end') => {
      if (message === 'end') this.#ended = true
      else this.#portions.push(message)
      this.#wake()
    })
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error(`the thread that loads ${table} has ended`)))
  }

  /** By the keys of their rows; throws what the thread has thrown. */
  async *portions(): AsyncGenerator<PackedPortion> {
    for (;;) {
      const next = this.#portions.shift()
      if (next !== undefined) yield next
      else if (this.#ended) return
      else if (this.#failure !== undefined) throw this.#failure
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wake()
  }
}
