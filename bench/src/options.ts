/** The command line of `pnpm bench`. Every mistake is a sentence. */
import { parseArgs } from 'node:util'
import type { Pace } from './harness/measure.ts'
import type { Subject } from './harness/subject.ts'

export class UsageError extends Error {}

export interface Options {
  readonly pace: Pace
  /** File for the figures; undefined: none. */
  readonly json: string | undefined
  readonly only: string
  /** The subject's own. */
  readonly own: Readonly<Record<string, string>>
}

const common: Readonly<Record<string, string>> = {
  json: 'FILE: write every figure there',
  seconds: 'N: measure each case so long, all rounds together',
  rounds: 'N: in how many rounds',
  only: 'TEXT: only the cases whose name contains it',
}

/** Throws `UsageError`. `words` are those behind the subject's name. */
export function parseOptions(name: string, subject: Subject, words: readonly string[]): Options {
  const known = { ...common, ...subject.options }
  const { seconds, rounds, json, only, ...own } = read(name, known, words)
  return {
    pace: {
      seconds: positive('seconds', seconds, subject.pace.seconds),
      rounds: whole('rounds', rounds, subject.pace.rounds),
    },
    json,
    only: only ?? '',
    own,
  }
}

export function describeOptions(subject: Subject): string {
  return Object.entries({ ...common, ...subject.options })
    .map(([name, meaning]) => `  --${name} ${meaning}`)
    .join('\n')
}

function read(
  subject: string,
  known: Readonly<Record<string, string>>,
  words: readonly string[],
): Record<string, string> {
  const options = Object.fromEntries(
    Object.keys(known).map((name) => [name, { type: 'string' as const }]),
  )
  const { tokens } = parseArgs({
    args: words.filter((word) => word !== '--'),
    options,
    tokens: true,
    strict: false,
    allowPositionals: true,
  })
  const values: Record<string, string> = {}
  for (const token of tokens) {
    if (token.kind === 'positional') {
      throw new UsageError(`"${token.value}" is too much: one subject at a time.`)
    }
    if (token.kind !== 'option') continue
    if (!Object.hasOwn(known, token.name)) {
      throw new UsageError(`bench ${subject} has no option ${token.rawName}.`)
    }
    if (token.value === undefined) throw new UsageError(`${token.rawName} needs a value.`)
    if (values[token.name] !== undefined) {
      throw new UsageError(`${token.rawName} was given twice.`)
    }
    values[token.name] = token.value
  }
  return values
}

function positive(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (text?.trim() === '' || !(value > 0 && value <= 3600)) {
    throw new UsageError(`--${name} is a number above 0, of at most 3600, not "${text}".`)
  }
  return value
}

function whole(name: string, text: string | undefined, otherwise: number): number {
  const value = positive(name, text, otherwise)
  if (!Number.isInteger(value)) {
    throw new UsageError(`--${name} is a whole number, not "${text}".`)
  }
  return value
}
