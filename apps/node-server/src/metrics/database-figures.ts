import { Histogram, type Registry } from 'prom-client'
import type { RowStore } from '../host/row-store.ts'

/** From a small transaction in memory to a disk that hardly moves: 1 ms to 10 s. */
const batchSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

/** Gives the database as the host sees it, with a watch on how long its batches take. */
export type DatabaseFigures = (store: RowStore) => RowStore

export function createDatabaseFigures(registry: Registry): DatabaseFigures {
  const seconds = new Histogram({
    name: 'quorail_database_batch_seconds',
    help: 'How long batches of rows took in SQLite, waiting for its thread included; durable: until a power cut can not undo them',
    labelNames: ['durable'],
    buckets: batchSeconds,
    registers: [registry],
  })
  return (store) => ({
    commit(batch, done) {
      const beganAtMs = performance.now()
      store.commit(batch, (error) => {
        // A batch that failed says nothing of the disk's speed, and ends the node.
        if (error === undefined)
          seconds.observe(
            { durable: String(batch.durable) },
            (performance.now() - beganAtMs) / 1_000,
          )
        done(error)
      })
    },
    recordHash: () => store.recordHash?.(),
    capture: (appliedIndex, done) => store.capture(appliedIndex, done),
    restore: (index, bytes, done) => store.restore(index, bytes, done),
  })
}
