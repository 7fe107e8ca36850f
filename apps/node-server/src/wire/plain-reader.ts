import { type DescField, type DescMessage, type DescOneof, ScalarType } from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import type { MappingRules } from '../mapping/message-codec.ts'
import type { WireReader } from './wire-reader.ts'
import { fullName, isUnion, tagOf } from './wire-shape.ts'
import { unfit } from './wire-writer.ts'

type Plain = Record<string, unknown>
export type MessageReader = (reader: WireReader, end: number) => Plain
type ValueReader = (reader: WireReader) => unknown
type FieldReader = (reader: WireReader, into: Plain) => void

/** Compiles what reads this message as plain data; `type` names the case of a choice that it stands for. */
export function messageReader(
  desc: DescMessage,
  rules: MappingRules,
  type?: string,
  known: Map<string, MessageReader> = new Map(),
): MessageReader {
  const name = `${desc.typeName} ${type ?? ''}`
  const cached = known.get(name)
  if (cached !== undefined) return cached
  const union = isUnion(desc)
  const empty: Plain = type === undefined ? {} : { type }
  const lists: string[] = []
  const musts: string[] = []
  const fields: FieldReader[] = []
  const read: MessageReader = (reader, end) => {
    // All have the same fields in the same order, whatever was written.
    const into = { ...empty }
    for (const list of lists) into[list] = []
    while (reader.at < end) {
      const field = fields[reader.varint()]
      if (field === undefined) throw unfit
      field(reader, into)
    }
    if (reader.at !== end) throw unfit
    for (const must of musts) if (into[must] === undefined) throw unfit
    return into
  }
  const readUnion: MessageReader = (reader, end) =>
    read(reader, end)[(union as DescOneof).localName] as Plain
  const compiled = union === undefined ? read : readUnion
  known.set(name, compiled)
  for (const field of desc.fields) {
    if (field.oneof !== undefined) continue
    const { localName } = field
    empty[localName] = emptyOf(field, rules)
    if (field.fieldKind === 'list') lists.push(localName)
    if (mustBeThere(field, rules)) musts.push(localName)
    fields[tagOf(field)] = fieldReader(field, rules, known)
  }
  for (const oneof of desc.oneofs) {
    if (oneof.fields.length === 0) continue
    empty[oneof.localName] = undefined
    musts.push(oneof.localName)
    for (const field of oneof.fields) fields[tagOf(field)] = caseReader(oneof, field, rules, known)
  }
  return compiled
}

/** A word has no empty value, and a message that is required none at all. */
function mustBeThere(field: DescField, rules: MappingRules): boolean {
  if (field.fieldKind === 'list') return false
  if (rules.required.has(fullName(field))) return true
  return field.presence !== FeatureSet_FieldPresence.EXPLICIT && rules.words.has(fullName(field))
}

function emptyOf(field: DescField, rules: MappingRules): unknown {
  if (field.fieldKind === 'list') return undefined
  if (field.presence === FeatureSet_FieldPresence.EXPLICIT) return undefined
  if (mustBeThere(field, rules)) return undefined
  if (field.scalar === ScalarType.STRING) return ''
  return field.scalar === ScalarType.BOOL ? false : 0
}

function caseReader(
  oneof: DescOneof,
  field: DescField,
  rules: MappingRules,
  known: Map<string, MessageReader>,
): FieldReader {
  const { localName } = oneof
  if (field.message === undefined) return notHere
  const read = messageReader(field.message, rules, field.localName, known)
  return (reader, into) => {
    if (into[localName] !== undefined) throw unfit
    into[localName] = read(reader, reader.end())
  }
}

function fieldReader(
  field: DescField,
  rules: MappingRules,
  known: Map<string, MessageReader>,
): FieldReader {
  const { localName } = field
  const read = valueReader(field, rules, known)
  if (field.fieldKind !== 'list')
    return (reader, into) => {
      if (field.message !== undefined && into[localName] !== undefined) throw unfit
      into[localName] = read(reader)
    }
  if (!field.packed)
    return (reader, into) => {
      ;(into[localName] as unknown[]).push(read(reader))
    }
  return (reader, into) => {
    const list = into[localName] as unknown[]
    const end = reader.end()
    while (reader.at < end) list.push(read(reader))
    if (reader.at !== end) throw unfit
  }
}

function valueReader(
  field: DescField,
  rules: MappingRules,
  known: Map<string, MessageReader>,
): ValueReader {
  if (field.message !== undefined && field.fieldKind !== 'map') {
    const read = messageReader(field.message, rules, undefined, known)
    return (reader) => read(reader, reader.end())
  }
  const words = rules.words.get(fullName(field))
  switch (field.scalar) {
    case ScalarType.STRING:
      if (words === undefined) return (reader) => reader.text()
      return (reader) => {
        const text = reader.text()
        if (!words.includes(text)) throw unfit
        return text
      }
    case ScalarType.BOOL:
      return (reader) => upTo(reader.varint(), 1) === 1
    case ScalarType.UINT32:
      return (reader) => upTo(reader.varint(), 2 ** 32 - 1)
    case ScalarType.INT32:
      return (reader) => {
        const value = reader.signed()
        if (value < -(2 ** 31)) throw unfit
        return upTo(value, 2 ** 31 - 1)
      }
    case ScalarType.UINT64:
      return (reader) => reader.varint()
    case ScalarType.INT64:
      return (reader) => reader.signed()
    case ScalarType.SINT32:
      return (reader) => zigzag(upTo(reader.varint(), 2 ** 32 - 1))
    case ScalarType.SINT64:
      return (reader) => zigzag(reader.varint())
    default:
      return notHere
  }
}

/** Larger ones are errors, or another way to write a smaller one. */
function upTo(value: number, most: number): number {
  if (value > most) throw unfit
  return value
}

/** 0, −1, 1, −2, … */
function zigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function notHere(): never {
  throw unfit
}
