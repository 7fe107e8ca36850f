/**
 * The file format of cockroachdb/datadriven, in which etcd's Raft scenarios are written:
 *
 *     # comment
 *     command arg key=value key=(a,b)
 *     input lines
 *     ----
 *     expected output, up to an empty line
 *
 * Output that has empty lines itself stands between two pairs of `----` lines.
 */

/** `key`, `key=value` or `key=(a,b)`; the first has no values. */
export interface Argument {
  readonly key: string
  readonly values: readonly string[]
}

export interface Command {
  readonly name: string
  readonly args: readonly Argument[]
}

export interface Step extends Command {
  /** The command as it is written. */
  readonly text: string
  readonly input: readonly string[]
  readonly expected: readonly string[]
  /** Lines of the file, from 1: where the command is, and where the output begins. */
  readonly line: number
  readonly expectedLine: number
}

/** The file is not of this format. */
export class FormatError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.name = 'FormatError'
    this.line = line
  }
}

const SEPARATOR = '----'

/** Throws `FormatError`. */
export function parseSteps(text: string): readonly Step[] {
  const lines = text.replace(/\r\n/g, '\n').split('\n')
  const steps: Step[] = []
  let at = 0
  while (at < lines.length) {
    const line = (lines[at] as string).trim()
    if (line === '' || line.startsWith('#') || /^subtest(\s|$)/.test(line)) {
      at++
      continue
    }
    const read = readStep(lines, at)
    steps.push(read.step)
    at = read.next
  }
  return steps
}

/** Throws `FormatError`. */
export function parseCommand(text: string, line: number): Command {
  const words = wordsOf(text, line)
  const [name = '', ...args] = words
  if (name === '') throw new FormatError(line, 'a command was expected')
  return { name, args: args.map((word) => argumentOf(word, line)) }
}

interface Read {
  readonly step: Step
  readonly next: number
}

function readStep(lines: readonly string[], begin: number): Read {
  let at = begin
  let text = (lines[at++] as string).trim()
  while (text.endsWith('\\') && at < lines.length) {
    text = `${text.slice(0, -1).trimEnd()} ${(lines[at++] as string).trim()}`
  }
  const input: string[] = []
  while (at < lines.length && lines[at] !== SEPARATOR) input.push(lines[at++] as string)
  if (at === lines.length) {
    throw new FormatError(begin + 1, `no ${SEPARATOR} follows the command "${text}"`)
  }
  at++
  const isFramed = lines[at] === SEPARATOR
  if (isFramed) at++
  const expectedLine = at + 1
  const { expected, next } = isFramed ? framedOutput(lines, at) : plainOutput(lines, at)
  const command = parseCommand(text, begin + 1)
  return { step: { ...command, text, input, expected, line: begin + 1, expectedLine }, next }
}

interface ReadOutput {
  readonly expected: readonly string[]
  readonly next: number
}

function plainOutput(lines: readonly string[], begin: number): ReadOutput {
  let at = begin
  while (at < lines.length && (lines[at] as string).trim() !== '') at++
  return { expected: lines.slice(begin, at), next: at }
}

function framedOutput(lines: readonly string[], begin: number): ReadOutput {
  for (let at = begin; at + 1 < lines.length; at++) {
    if (lines[at] === SEPARATOR && lines[at + 1] === SEPARATOR) {
      return { expected: lines.slice(begin, at), next: at + 2 }
    }
  }
  throw new FormatError(begin, `output that begins with two ${SEPARATOR} ends with two`)
}

/** Splits at blanks that are in no parentheses. Quotation marks mean nothing: they belong to the word. */
function wordsOf(text: string, line: number): readonly string[] {
  const words: string[] = []
  let word = ''
  let depth = 0
  for (const character of text) {
    if (/\s/.test(character) && depth === 0) {
      if (word !== '') words.push(word)
      word = ''
    } else {
      if (character === '(') depth++
      if (character === ')') depth--
      word += character
    }
  }
  if (depth !== 0) throw new FormatError(line, `a parenthesis is left open in "${text}"`)
  if (word !== '') words.push(word)
  return words
}

function argumentOf(word: string, line: number): Argument {
  const sign = word.indexOf('=')
  if (sign === -1) return { key: word, values: [] }
  const key = word.slice(0, sign)
  const value = word.slice(sign + 1)
  if (key === '') throw new FormatError(line, `"${word}" has no name`)
  if (!value.startsWith('(')) return { key, values: [value] }
  if (!value.endsWith(')')) throw new FormatError(line, `"${word}" has no closing parenthesis`)
  const inside = value.slice(1, -1).trim()
  return { key, values: inside === '' ? [] : inside.split(/[,\s]+/).filter((one) => one !== '') }
}
