import {
  create,
  type DescField,
  type DescMessage,
  type MessageInitShape,
  ScalarType,
  toBinary,
} from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import { tagOf } from './wire-shape.ts'
import { UnfitError, unfit, WireWriter } from './wire-writer.ts'

type Fields = Readonly<Record<string, unknown>>
type Step = (writer: WireWriter, message: Fields) => void
type ValueWriter = (writer: WireWriter, value: unknown) => void

const writer = new WireWriter()
const compiled = new WeakMap<DescMessage, Step>()

/**
 * The bytes of a message, made or only described (`MessageInitShape`): what `toBinary(desc, create(desc, init))` gives,
 * without making it. What this way does not take (maps, unknown fields, a number out of its range) takes that one.
 */
export function bytesOf<Desc extends DescMessage>(
  desc: Desc,
  init: MessageInitShape<Desc>,
): Uint8Array {
  try {
    writer.restart()
    stepsOf(desc)(writer, init as Fields)
    return writer.finish()
  } catch (error) {
    if (error instanceof UnfitError) return toBinary(desc, create(desc, init))
    throw error
  }
}

/** The same into what is being written, with its length before it. Throws with nothing written. */
export function writeMessage<Desc extends DescMessage>(
  to: WireWriter,
  desc: Desc,
  init: MessageInitShape<Desc>,
): void {
  const before = to.length
  try {
    const start = to.begin()
    stepsOf(desc)(to, init as Fields)
    to.end(start)
  } catch (error) {
    to.cut(before)
    if (!(error instanceof UnfitError)) throw error
    to.raw(toBinary(desc, create(desc, init)))
  }
}

function stepsOf(desc: DescMessage): Step {
  const known = compiled.get(desc)
  if (known !== undefined) return known
  const steps: Step[] = []
  const write: Step = (to, message) => {
    const { $unknown } = message as { readonly $unknown?: readonly unknown[] }
    if ($unknown !== undefined && $unknown.length > 0) throw unfit
    for (const step of steps) step(to, message)
  }
  compiled.set(desc, write)
  for (const field of desc.fields.toSorted((a, b) => a.number - b.number)) steps.push(stepOf(field))
  return write
}

function stepOf(field: DescField): Step {
  const { localName } = field
  const tag = tagOf(field)
  const write = valueWriter(field)
  if (field.oneof !== undefined) {
    const choice = field.oneof.localName
    return (to, message) => {
      const chosen = message[choice] as { case?: string; value?: unknown } | undefined
      if (chosen?.case !== localName) return
      to.varint(tag)
      write(to, chosen.value)
    }
  }
  if (field.fieldKind === 'list') return listStep(localName, tag, field.packed, write)
  if (field.message !== undefined)
    return (to, message) => {
      const value = message[localName]
      if (value === undefined) return
      to.varint(tag)
      write(to, value)
    }
  const isExplicit = field.presence === FeatureSet_FieldPresence.EXPLICIT
  return (to, message) => {
    const value = message[localName]
    if (value === undefined) return
    // With presence, what was never set shows the default of its prototype.
    if (isExplicit ? !Object.hasOwn(message, localName) : isZero(value)) return
    to.varint(tag)
    write(to, value)
  }
}

function listStep(name: string, tag: number, packed: boolean, write: ValueWriter): Step {
  return (to, message) => {
    const list = message[name] as readonly unknown[] | undefined
    if (list === undefined || list.length === 0) return
    if (!packed) {
      for (const value of list) {
        to.varint(tag)
        write(to, value)
      }
      return
    }
    to.varint(tag)
    const start = to.begin()
    for (const value of list) write(to, value)
    to.end(start)
  }
}

function isZero(value: unknown): boolean {
  if (value === 0) return !Object.is(value, -0)
  if (value instanceof Uint8Array) return value.length === 0
  return value === '' || value === false || value === 0n
}

function valueWriter(field: DescField): ValueWriter {
  if (field.fieldKind === 'map') return notHere
  if (field.message !== undefined) {
    const { message } = field
    // Some of the others may be described by other values than objects with their fields.
    const isOwn = !message.typeName.startsWith('google.protobuf.') || isTimestamp(message)
    if (!isOwn) return notHere
    return (to, value) => {
      if (typeof value !== 'object' || value === null) throw unfit
      const start = to.begin()
      stepsOf(message)(to, value as Fields)
      to.end(start)
    }
  }
  if (field.enum !== undefined) return whole(0, 2 ** 31 - 1)
  switch (field.scalar) {
    case ScalarType.STRING:
      return (to, value) => {
        if (typeof value !== 'string') throw unfit
        to.text(value)
      }
    case ScalarType.BYTES:
      return (to, value) => {
        if (!(value instanceof Uint8Array)) throw unfit
        to.raw(value)
      }
    case ScalarType.BOOL:
      return (to, value) => {
        if (typeof value !== 'boolean') throw unfit
        to.varint(value ? 1 : 0)
      }
    case ScalarType.DOUBLE:
      return (to, value) => {
        if (typeof value !== 'number') throw unfit
        to.double(value)
      }
    case ScalarType.UINT32:
      return whole(0, 2 ** 32 - 1)
    case ScalarType.INT32:
      return whole(-(2 ** 31), 2 ** 31 - 1)
    case ScalarType.UINT64:
      return big(0n, 2n ** 64n - 1n)
    case ScalarType.INT64:
      return big(-(2n ** 63n), 2n ** 63n - 1n)
    default:
      return notHere
  }
}

const isTimestamp = ({ typeName }: DescMessage): boolean => typeName === 'google.protobuf.Timestamp'

function whole(least: number, most: number): ValueWriter {
  return (to, value) => {
    if (!Number.isInteger(value) || Object.is(value, -0)) throw unfit
    const number = value as number
    if (number < least || number > most) throw unfit
    if (number < 0) to.bigVarint(BigInt(number))
    else to.varint(number)
  }
}

function big(least: bigint, most: bigint): ValueWriter {
  return (to, value) => {
    if (typeof value !== 'bigint' || value < least || value > most) throw unfit
    to.bigVarint(value)
  }
}

function notHere(): never {
  throw unfit
}
