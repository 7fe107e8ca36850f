import { configOf } from './node-config.ts'
import type { GivenOptions } from './option-sources.ts'
import { serveOptionNames } from './serve-options.ts'

/**
 * What would count and where it is from, a line each. Secrets stand in files, of which only the name is shown; a
 * password in an address is left out. Throws the `UsageError` that a start would.
 */
export function checkLines(given: GivenOptions): string[] {
  configOf(given)
  const longest = Math.max(...serveOptionNames.map((name) => name.length))
  return serveOptionNames.map((name) => {
    const option = given.options.get(name)
    const shown = option === undefined ? 'not given' : redacted(String(option.value))
    const from = option === undefined ? '' : `  (${option.source || 'default'})`
    return `${name.padEnd(longest)}  ${shown}${from}`
  })
}

function redacted(text: string): string {
  return text.replaceAll(/(\/\/[^\s/:@]*):[^\s/@]*@/g, '$1:…@')
}
