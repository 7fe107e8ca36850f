/** Where the options of `serve` come from: a flag counts before the environment, that before the file. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { UsageError } from '../cli/usage-error.ts'
import {
  isServeOption,
  type Option,
  type ServeOption,
  serveOptionNames,
  serveOptions,
} from './serve-options.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Given {
  readonly value: string | readonly string[] | boolean
  /** As a person would look for it: `--id`, `QUORAIL_NODE_ID`, `id in FILE`, or '' for a default. */
  readonly source: string
}

export interface GivenOptions {
  readonly options: ReadonlyMap<ServeOption, Given>
  readonly help: boolean
  /** Print what would count, and do not start. */
  readonly check: boolean
}

const prefix = 'QUORAIL_NODE_'

/** Throws a `UsageError` that names what is unknown, or of the wrong kind, and where it stands. */
export function readOptions(words: readonly string[], environment: Environment): GivenOptions {
  const flags = parseFlags(words)
  const fromEnvironment = readEnvironment(environment)
  const file = flags.config ?? environment[`${prefix}CONFIG`]
  const fromFile = typeof file === 'string' ? readFile(file) : new Map<ServeOption, Given>()
  const options = new Map<ServeOption, Given>()
  for (const name of serveOptionNames) {
    const flag = flags[name]
    const given =
      flag === undefined
        ? (fromEnvironment.get(name) ?? fromFile.get(name) ?? defaultOf(name))
        : { value: flag, source: `--${name}` }
    if (given !== undefined) options.set(name, given)
  }
  return { options, help: flags.help === true, check: flags.check === true }
}

/** What an option is called in the environment. */
export function variableOf(name: ServeOption): string {
  return prefix + name.replaceAll('-', '_').toUpperCase()
}

function parseFlags(
  words: readonly string[],
): Readonly<Record<string, Given['value'] | undefined>> {
  const flags = Object.fromEntries(
    serveOptionNames.map((name) => {
      const { kind } = serveOptions[name]
      return [
        name,
        kind === 'switch'
          ? ({ type: 'boolean' } as const)
          : { type: 'string' as const, multiple: kind === 'list' },
      ]
    }),
  )
  const others = {
    config: { type: 'string' },
    check: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const
  try {
    const { values } = parseArgs({ args: [...words], options: { ...flags, ...others } })
    return values as Readonly<Record<string, Given['value']>>
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function readEnvironment(environment: Environment): Map<ServeOption, Given> {
  const names = new Map(serveOptionNames.map((name) => [variableOf(name), name]))
  const found = new Map<ServeOption, Given>()
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || variable === `${prefix}CONFIG`) continue
    const name = names.get(variable)
    if (name === undefined) throw new UsageError(`${variable} is no option of serve.`)
    if (value !== undefined)
      found.set(name, { value: ofText(name, value, variable), source: variable })
  }
  return found
}

/** A list stands in one variable, with commas between. */
function ofText(name: ServeOption, value: string, source: string): Given['value'] {
  const { kind } = serveOptions[name]
  if (kind === 'list') return value.split(',').map((part) => part.trim())
  if (kind === 'text') return value
  if (value !== 'true' && value !== 'false')
    throw new UsageError(`${source} must be true or false, not "${value}".`)
  return value === 'true'
}

function readFile(file: string): Map<ServeOption, Given> {
  const found = new Map<ServeOption, Given>()
  for (const [name, value] of Object.entries(readObject(file))) {
    const source = `${name} in ${file}`
    if (!isServeOption(name)) throw new UsageError(`${source} is no option of serve.`)
    found.set(name, { value: ofJson(name, value, source), source })
  }
  return found
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  let read: unknown
  try {
    read = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new UsageError(`The configuration ${file} can not be read: ${String(error)}`)
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new UsageError(`The configuration ${file} must be one JSON object.`)
  return read as Readonly<Record<string, unknown>>
}

function ofJson(name: ServeOption, value: unknown, source: string): Given['value'] {
  const { kind } = serveOptions[name]
  const isText = typeof value === 'string' || typeof value === 'number'
  if (kind === 'text' && isText) return String(value)
  if (kind === 'switch' && typeof value === 'boolean') return value
  if (kind === 'list' && Array.isArray(value) && value.every((it) => typeof it === 'string'))
    return value
  const wanted = { text: 'a text or a number', switch: 'true or false', list: 'a list of texts' }
  throw new UsageError(`${source} must be ${wanted[kind]}.`)
}

function defaultOf(name: ServeOption): Given | undefined {
  const option: Option = serveOptions[name]
  return option.default === undefined ? undefined : { value: option.default, source: '' }
}
