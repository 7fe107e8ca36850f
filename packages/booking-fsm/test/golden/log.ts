/**
 * Golden logs: what was written once, and must give the same answers and the same hashes for ever. One
 * line is one entry; a hash stands behind every few of them and behind the last.
 */
import { readdirSync, readFileSync } from 'node:fs'
import type { Command, Entry, Reply } from '../../src/index.ts'

export interface Line {
  readonly entry: Entry
  /** The reply's type, and of a refusal its code. */
  readonly answer: string
  /** The state's hash behind it; '' where it was not written down. */
  readonly hash: string
}

const folder = new URL('.', import.meta.url)

/** The names of all logs there are. */
export function goldenLogs(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
}

export function fileOf(name: string): URL {
  return new URL(name, folder)
}

export function readLog(name: string): Line[] {
  const lines = readFileSync(fileOf(name), 'utf8').trimEnd().split('\n')
  return lines.map((line) => {
    const [entry, answer, hash] = JSON.parse(line) as [Entry, string, string]
    return { entry: { ...entry, key: entry.key, command: asThen(name, entry) }, answer, hash }
  })
}

/**
 * A node does not read an entry that asks for a level above what its version knows: in a true log there
 * is none. Where a log has one all the same, it asks for a level that nobody knows.
 */
function asThen(name: string, { command }: Entry): Command {
  if (command.type !== 'raiseFeatureLevel') return command
  const level = Number(/\d+/.exec(name)?.[0])
  return command.level > level ? { ...command, level: UNKNOWN_LEVEL } : command
}
const UNKNOWN_LEVEL = 1_000

export function lineOf({ entry, answer, hash }: Line): string {
  return JSON.stringify([entry, answer, hash])
}

export function answerOf(reply: Reply): string {
  return reply.type === 'refused' ? `refused ${reply.code}` : reply.type
}
