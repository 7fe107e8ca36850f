import type { NodeConfig } from './config/node-config.ts'
import type { Logger } from './log.ts'
import { type RehashWatch, watchDatabase } from './storage/rehash-watch.ts'

/** A damaged database ends the node: what it answered in lists and reports could be a lie. */
export function rehashDatabases(
  { rehashMs }: Pick<NodeConfig, 'rehashMs'>,
  rows: { readonly file: string },
  log: Logger,
  onFailure: (error: Error) => void,
): RehashWatch {
  if (rehashMs === 0) return { close: async () => undefined }
  return watchDatabase({
    file: () => rows.file,
    everyMs: rehashMs,
    onResult({ damage, ...facts }) {
      if (damage === undefined) log.info(facts, 'the database holds what was written to it')
      else
        onFailure(
          new Error(`the database ${facts.file} does not hold what was written to it: ${damage}`),
        )
    },
    onError: (error) =>
      log.error({ error: error.message }, 'the database could not be looked at; tried again'),
  })
}
