import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.ts'

/** The options and positionals of a command; throws a `UsageError` for what is none of them. */
export function parseWords<const Config extends ParseArgsConfig>(
  words: readonly string[],
  config: Config,
) {
  try {
    return parseArgs({ ...config, args: [...words] })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
