/** Messages made from the schema alone: mostly sensible, with a field or two that nobody in their senses would send. */
import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'

/** A whole number from 0 to below `bound`, of a generator that is seeded. */
export type Draw = (bound: number) => number

/** Mulberry32. */
export function drawFrom(start: number): Draw {
  let state = start >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

const MAX_DEPTH = 4

/** What there is to name, by the field's name: it is chosen mostly. */
export type Known = Readonly<Record<string, readonly (string | number)[]>>

/** What a message is made of: `hostility` of a hundred fields are anything at all. */
export interface Making {
  readonly draw: Draw
  readonly hostility: number
  readonly known: Known
}

export function messageFor(desc: DescMessage, making: Making): Message {
  return filled(desc, making, 0).message
}

/** Most people leave them out, and who makes them up is mostly refused: what comes after them would never be met. */
const seldomSaid = new Set([
  'birth_date',
  'document',
  'expected_price_minor',
  'pool',
  'preferences',
  'product',
  'seats',
])

function filled(desc: DescMessage, making: Making, depth: number): ReflectMessage {
  const { draw, hostility } = making
  const message = reflect(desc, create(desc))
  for (const member of desc.members) {
    const field = member.kind === 'field' ? member : member.fields[draw(member.fields.length)]
    if (field === undefined || draw(hostility === 0 ? 50 : 12) === 0) continue
    if (seldomSaid.has(field.name) && draw(3) > 0) continue
    fill(message, field, making, depth)
  }
  return message
}

function fill(to: ReflectMessage, field: DescField, making: Making, depth: number): void {
  const { draw, hostility } = making
  const isHostile = draw(100) < hostility
  if (field.fieldKind === 'scalar') {
    to.set(field, scalar(field.scalar, field.name, making, isHostile))
  } else if (field.fieldKind === 'enum') {
    to.set(field, enumValue(field.enum, draw, isHostile))
  } else if (field.fieldKind === 'message') {
    if (depth < MAX_DEPTH) to.set(field, filled(field.message, making, depth + 1))
  } else if (field.fieldKind === 'list') {
    const count = isHostile ? pick([0, 1, 7, 300], draw) : 1 + draw(2)
    for (let i = 0; i < count; i++) addTo(to, field, making, depth)
  } else {
    // No request of ours has one; whoever adds the first is told here.
    throw new Error(`${field.toString()} is a map: say here what a hostile one looks like`)
  }
}

function addTo(to: ReflectMessage, field: DescField, making: Making, depth: number): void {
  const { draw, hostility } = making
  if (field.fieldKind !== 'list') return
  const list = to.get(field)
  const isHostile = draw(100) < hostility
  if (field.listKind === 'scalar') list.add(scalar(field.scalar, field.name, making, isHostile))
  else if (field.listKind === 'enum') list.add(enumValue(field.enum, draw, isHostile))
  else if (depth < MAX_DEPTH) list.add(filled(field.message, making, depth + 1))
}

function enumValue({ values }: DescEnum, draw: Draw, isHostile: boolean): number {
  if (isHostile) return [-1, 0, 99, 2 ** 31 - 1][draw(4)] ?? 0
  return values[Math.min(1 + draw(values.length), values.length - 1)]?.number ?? 0
}

function scalar(type: ScalarType, name: string, making: Making, isHostile: boolean) {
  const { draw } = making
  switch (type) {
    case ScalarType.STRING:
      return isHostile ? pick(hostileTexts, draw) : textFor(name, making)
    case ScalarType.BOOL:
      return draw(2) === 0
    case ScalarType.BYTES:
      return new Uint8Array(isHostile ? draw(100_000) : 32).fill(draw(256))
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return isHostile
        ? pick([Number.NaN, Number.POSITIVE_INFINITY, -1e308, -0], draw)
        : draw(100) / 2
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return isHostile ? pick(hostileLongs, draw) : BigInt(intFor(name, making))
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return isHostile ? pick([0n, 2n ** 53n, 2n ** 64n - 1n], draw) : BigInt(intFor(name, making))
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return isHostile ? pick([0, 2 ** 31, 2 ** 32 - 1], draw) : intFor(name, making)
    default:
      return isHostile ? pick([0, -1, -(2 ** 31), 2 ** 31 - 1], draw) : intFor(name, making)
  }
}

const hostileLongs = [0n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)]

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  '\u202e\u0301\u{1f9ff}',
  "'; DROP TABLE bookings; --",
  '../../etc/passwd',
  '__proto__',
  '{{7*7}}',
  '\n'.repeat(50),
  'x'.repeat(100_000),
  '9'.repeat(400),
  '2026-02-31',
  '-1',
  'NaN',
  'a@b',
]

function textFor(name: string, making: Making): string {
  const { draw } = making
  const there = knownAs(name, making)
  if (there !== undefined) return String(there)
  if (name.endsWith('request_id')) return `request-${draw(2 ** 31)}`
  if (/date/.test(name)) return `2026-12-0${1 + draw(9)}`
  if (/(arrival|departure|time)$/.test(name)) return pick(['08:30', '23:59'], draw)
  if (/email/.test(name)) return `person${draw(9)}@example.org`
  if (/currency/.test(name)) return 'EUR'
  if (/zone/.test(name)) return 'Europe/Lisbon'
  return pick(['Anna Berg', 'reason', 'abc', '12', 'adult', 'tok_visa'], draw)
}

function intFor(name: string, making: Making): number {
  const { draw } = making
  const there = knownAs(name, making)
  if (there !== undefined) return Number(there)
  return /_ms$|_at$|minor/.test(name) ? draw(1_000_000) : draw(12)
}

function knownAs(name: string, { draw, hostility, known }: Making): string | number | undefined {
  const there = known[name]
  if (there === undefined || draw(hostility === 0 ? 30 : 5) === 0) return undefined
  return pick(there, draw)
}

function pick<T>(from: readonly T[], draw: Draw): T {
  return from[draw(from.length)] as T
}
