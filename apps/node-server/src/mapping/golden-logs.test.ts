/**
 * The golden logs of booking-fsm as the log has them: each field of each command is there in one that was done, and
 * their bytes are what they were, so that what writes them and what reads them can not change together unnoticed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { DescMessage } from '@bufbuild/protobuf'
import type { Entry } from '@quorail/booking-fsm'
import { LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import { expect, test } from 'vitest'
import { decodeLogEntry, encodeLogEntry } from './log-entry.ts'
import { logEntryRules } from './log-entry-rules.ts'

interface Line {
  readonly log: string
  readonly entry: Entry
  readonly answer: string
}
type Plain = Readonly<Record<string, unknown>>

const folder = new URL('../../../../packages/booking-fsm/test/golden/', import.meta.url)
const recorded = new URL('../../test/golden-bytes.txt', import.meta.url)
const lines: readonly Line[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .flatMap(linesOf)

test('every field of every command is filled in a golden log, in a command that was done', () => {
  const seen = new Set(
    lines
      .filter(({ answer }) => !answer.startsWith('refused'))
      .flatMap(({ entry: { command } }) =>
        filled(shapeOf(command.type), command as unknown as Plain, command.type),
      ),
  )
  const missing = cases.flatMap(({ localName, message }) =>
    fieldsOf(message as DescMessage, localName).filter((field) => !seen.has(field)),
  )
  expect(missing).toEqual([])
})

test('every word that a field may hold is in a golden log, in a command that was done', () => {
  const texts = lines
    .filter(({ answer }) => !answer.startsWith('refused'))
    .map(({ entry }) => JSON.stringify(entry.command))
    .join('\n')
  // Of the notices most can not be muted, and there is nothing else that names one.
  const fields = [...logEntryRules.words].filter(([field]) => !field.endsWith('.muted'))
  const words = new Set(fields.flatMap(([, possible]) => possible))
  expect([...words].filter((word) => !texts.includes(`"${word}"`))).toEqual([])
})

/** `UPDATE_GOLDEN_BYTES=1` adds an entry of each command that has none; what is recorded is never changed. */
test('entries have the bytes that were recorded, and these are read as what they were', () => {
  const known = new Map(readFileSync(recorded, 'utf8').trim().split('\n').map(pairOf))
  const byName = new Map(lines.map((line) => [nameOf(line), line]))
  const there = new Set([...known.keys()].map((name) => byName.get(name)?.entry.command.type))
  const missing = longestOfEach().filter(({ entry }) => !there.has(entry.command.type))
  if (process.env.UPDATE_GOLDEN_BYTES === '1') {
    for (const line of missing.splice(0)) known.set(nameOf(line), hexOf(line))
    writeFileSync(recorded, `${[...known].map((pair) => pair.join(' ')).join('\n')}\n`)
  }
  expect(missing.map(nameOf)).toEqual([])
  for (const [name, hex] of known) {
    const line = byName.get(name)
    if (line === undefined) throw new Error(`${name} is recorded, and in no golden log`)
    expect(hexOf(line), name).toBe(hex)
    const read = decodeLogEntry(line.entry.index, Buffer.from(hex, 'hex'))
    expect(JSON.parse(JSON.stringify(read)), name).toEqual(line.entry)
  }
})

function pairOf(line: string): readonly [string, string] {
  const [name = '', hex = ''] = line.split(' ')
  return [name, hex]
}

function linesOf(log: string): Line[] {
  const text = readFileSync(new URL(log, folder), 'utf8').trimEnd()
  return text.split('\n').map((line) => {
    const [entry, answer] = JSON.parse(line) as [Entry, string]
    return { log, entry, answer }
  })
}

/** Of each command one that was done, the longest of them: it says most. */
function longestOfEach(): Line[] {
  const longest = new Map<string, Line>()
  for (const line of lines) {
    const { type } = line.entry.command
    const other = longest.get(type)
    const length = JSON.stringify(line.entry).length
    const isMore = other === undefined || length > JSON.stringify(other.entry).length
    if (isMore && length < 1_500 && !line.answer.startsWith('refused')) longest.set(type, line)
  }
  return [...longest.values()]
}

function nameOf({ log, entry }: Line): string {
  return `${log}:${entry.index}`
}

function hexOf({ entry: { actor, key, command, timestampMs } }: Line): string {
  return Buffer.from(encodeLogEntry({ actor, key, command }, timestampMs)).toString('hex')
}

const cases = LogEntrySchema.oneofs.find(({ localName }) => localName === 'command')?.fields ?? []

function shapeOf(type: string): DescMessage {
  return cases.find(({ localName }) => localName === type)?.message as DescMessage
}

/** The names of all fields, with those of what stands in them; a message without fields is one itself. */
function fieldsOf(shape: DescMessage, place: string): string[] {
  if (shape.fields.length === 0) return [place]
  return shape.fields.flatMap(({ localName, message }) => {
    const name = `${place}.${localName}`
    return message === undefined ? [name] : fieldsOf(message, name)
  })
}

/** Those of them that say something here. */
function filled(shape: DescMessage, plain: Plain, place: string): string[] {
  if (shape.fields.length === 0) return [place]
  return shape.fields.flatMap(({ localName, message, oneof }) => {
    const name = `${place}.${localName}`
    // A message that is nothing but a choice is the chosen one, with its type.
    if (oneof !== undefined && plain.type !== localName) return []
    const value = oneof === undefined ? plain[localName] : plain
    if (message === undefined) return isSaid(value) ? [name] : []
    const all = Array.isArray(value) ? value : [value]
    return all.flatMap((one) => (one === undefined ? [] : filled(message, one as Plain, name)))
  })
}

function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== 0 && value !== '' && value !== false
}
