import { type DescField, type DescMessage, type DescOneof, ScalarType } from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import type { MappingRules } from '../mapping/message-codec.ts'
import { fullName, isUnion, tagOf } from './wire-shape.ts'
import { unfit, type WireWriter } from './wire-writer.ts'

type Plain = Readonly<Record<string, unknown>>
export type PlainWriter = (writer: WireWriter, plain: Plain) => void
type ValueWriter = (writer: WireWriter, value: unknown) => void

/** Compiles what writes plain data as this message, its fields by number. */
export function plainWriter(
  desc: DescMessage,
  rules: MappingRules,
  known: Map<string, PlainWriter> = new Map(),
): PlainWriter {
  const cached = known.get(desc.typeName)
  if (cached !== undefined) return cached
  const steps: PlainWriter[] = []
  const names = new Set(['type'])
  const write: PlainWriter = (writer, plain) => {
    for (const name in plain) if (!names.has(name)) throw unfit
    for (const step of steps) step(writer, plain)
  }
  const union = isUnion(desc)
  const writeUnion: PlainWriter = (writer, plain) => {
    for (const step of steps) step(writer, { [(union as DescOneof).localName]: plain })
  }
  const compiled = union === undefined ? write : writeUnion
  known.set(desc.typeName, compiled)
  const seen = new Set<DescOneof>()
  for (const field of desc.fields.toSorted((a, b) => a.number - b.number)) {
    names.add(field.oneof?.localName ?? field.localName)
    if (field.oneof === undefined) steps.push(fieldWriter(field, rules, known))
    else if (!seen.has(field.oneof)) {
      // All cases where the first of them stands; only one of them is written, so they stand in the order of numbers
      // as long as no other field has a number between theirs.
      seen.add(field.oneof)
      steps.push(oneofWriter(field.oneof, rules, known))
    }
  }
  return compiled
}

function oneofWriter(
  oneof: DescOneof,
  rules: MappingRules,
  known: Map<string, PlainWriter>,
): PlainWriter {
  const numbers = oneof.fields.map(({ number }) => number)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const between = oneof.parent.fields.some(
    (field) => field.oneof !== oneof && field.number > least && field.number < most,
  )
  const cases = new Map<unknown, PlainWriter>()
  for (const field of oneof.fields) {
    const { message } = field
    if (message === undefined || between) continue
    const tag = tagOf(field)
    const write = plainWriter(message, rules, known)
    cases.set(field.localName, (writer, value) => {
      writer.varint(tag)
      const start = writer.begin()
      write(writer, value)
      writer.end(start)
    })
  }
  return (writer, plain) => {
    const value = objectOf(plain[oneof.localName])
    const write = cases.get(value.type)
    if (write === undefined) throw unfit
    write(writer, value)
  }
}

function fieldWriter(
  field: DescField,
  rules: MappingRules,
  known: Map<string, PlainWriter>,
): PlainWriter {
  const name = field.localName
  const tag = tagOf(field)
  const write = valueWriter(field, rules, known)
  if (field.fieldKind === 'list') return listWriter(field, tag, write)
  const isExplicit = field.presence === FeatureSet_FieldPresence.EXPLICIT
  const mayBeAbsent = isExplicit && !rules.required.has(fullName(field))
  return (writer, plain) => {
    const value = plain[name]
    if (value === undefined) {
      if (!mayBeAbsent) throw unfit
    } else if (isExplicit || (value !== 0 && value !== '' && value !== false)) {
      writer.varint(tag)
      write(writer, value)
    } else if (!rightZero(field, value) || Object.is(value, -0)) throw unfit
  }
}

function listWriter(
  field: DescField & { readonly fieldKind: 'list' },
  tag: number,
  write: ValueWriter,
): PlainWriter {
  const name = field.localName
  return (writer, plain) => {
    const list = plain[name]
    if (!Array.isArray(list)) throw unfit
    if (list.length === 0) return
    if (field.packed) {
      writer.varint(tag)
      const start = writer.begin()
      for (const value of list) write(writer, value)
      writer.end(start)
      return
    }
    for (const value of list) {
      writer.varint(tag)
      write(writer, value)
    }
  }
}

/** A zero of another kind is a mistake, which the general way explains. A word is never ''. */
function rightZero(field: DescField, value: unknown): boolean {
  if (field.scalar === ScalarType.STRING) return value === ''
  if (field.scalar === ScalarType.BOOL) return value === false
  return value === 0
}

function valueWriter(
  field: DescField,
  rules: MappingRules,
  known: Map<string, PlainWriter>,
): ValueWriter {
  if (field.message !== undefined && field.fieldKind !== 'map') {
    const write = plainWriter(field.message, rules, known)
    return (writer, value) => {
      const start = writer.begin()
      write(writer, objectOf(value))
      writer.end(start)
    }
  }
  const words = rules.words.get(fullName(field))
  switch (field.scalar) {
    case ScalarType.STRING:
      return (writer, value) => {
        if (typeof value !== 'string') throw unfit
        if (words !== undefined && !words.includes(value)) throw unfit
        writer.text(value)
      }
    case ScalarType.BOOL:
      return (writer, value) => {
        if (typeof value !== 'boolean') throw unfit
        writer.varint(value ? 1 : 0)
      }
    case ScalarType.UINT32:
      return whole(0, 2 ** 32 - 1)
    case ScalarType.INT32:
      return whole(-(2 ** 31), 2 ** 31 - 1)
    case ScalarType.UINT64:
      return whole(0, Number.MAX_SAFE_INTEGER)
    case ScalarType.INT64:
      return whole(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    case ScalarType.SINT32:
      return zigzag(2 ** 31 - 1)
    case ScalarType.SINT64:
      return zigzag((Number.MAX_SAFE_INTEGER - 1) / 2)
    default:
      return () => {
        throw unfit
      }
  }
}

function whole(least: number, most: number): ValueWriter {
  return (writer, value) => {
    if (!Number.isInteger(value) || Object.is(value, -0)) throw unfit
    const number = value as number
    if (number < least || number > most) throw unfit
    if (number < 0) writer.bigVarint(BigInt(number))
    else writer.varint(number)
  }
}

function zigzag(most: number): ValueWriter {
  return (writer, value) => {
    if (!Number.isInteger(value) || Object.is(value, -0)) throw unfit
    const number = value as number
    if (number < -most || number > most) throw unfit
    writer.varint(number < 0 ? -2 * number - 1 : 2 * number)
  }
}

function objectOf(value: unknown): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unfit
  return value as Plain
}
