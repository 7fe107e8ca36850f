/**
 * Plain data to a protobuf message and back, by the message's descriptor. Strict both ways: what does
 * not fit exactly is an error and never a default, because every node must read the same in an entry.
 */
import {
  create,
  type DescField,
  type DescMessage,
  type DescOneof,
  type Message,
} from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import { fullName, isUnion } from '../wire/wire-shape.ts'
import { asObject, MappingError, type ValueCodec } from './mapping-error.ts'
import { scalarCodec } from './scalar-codec.ts'

export interface MappingRules {
  /** Message fields that must be set, by their full name. */
  readonly required: ReadonlySet<string>
  /** The words a string field may hold, by its full name. */
  readonly words: ReadonlyMap<string, readonly string[]>
}

type PlainObject = Readonly<Record<string, unknown>>
type MutableObject = Record<string, unknown>

export interface MessageCodec {
  toMessage(plain: PlainObject, place: string): Message
  toPlain(message: Message, place: string): PlainObject
}

interface Member {
  readonly name: string
  write(plain: PlainObject, into: MutableObject, place: string): void
  read(message: PlainObject, into: MutableObject, place: string): void
}

/** Compiles the codec of a message and of all it contains. */
export function messageCodec(
  desc: DescMessage,
  rules: MappingRules,
  known: Map<string, MessageCodec> = new Map(),
): MessageCodec {
  const cached = known.get(desc.typeName)
  if (cached !== undefined) return cached
  const choices = desc.oneofs.filter((oneof) => oneof.fields.length > 0)
  const own = desc.fields.filter((field) => field.oneof === undefined)
  const onlyChoice = isUnion(desc)
  let codec: MessageCodec | undefined
  // Registered before its parts are compiled, so that a message may contain itself.
  known.set(desc.typeName, {
    toMessage: (plain, place) => built().toMessage(plain, place),
    toPlain: (message, place) => built().toPlain(message, place),
  })
  const built = (): MessageCodec => {
    if (codec === undefined) throw new Error(`${desc.typeName} is used before it is compiled`)
    return codec
  }
  codec =
    onlyChoice === undefined
      ? objectCodec(desc, own, choices, rules, known)
      : unionCodec(desc, onlyChoice, rules, known)
  known.set(desc.typeName, codec)
  return codec
}

function objectCodec(
  desc: DescMessage,
  fields: readonly DescField[],
  oneofs: readonly DescOneof[],
  rules: MappingRules,
  known: Map<string, MessageCodec>,
): MessageCodec {
  const members: readonly Member[] = [
    ...fields.map((field) => fieldMember(field, rules, known)),
    ...oneofs.map((oneof) => oneofMember(oneof, rules, known)),
  ]
  const names = new Set(members.map((member) => member.name))
  return {
    toMessage(plain, place) {
      for (const name of Object.keys(plain))
        if (!names.has(name) && name !== 'type')
          throw new MappingError(`${place}.${name}`, 'the schema has no such field')
      const init: MutableObject = {}
      for (const member of members) member.write(plain, init, place)
      return create(desc, init)
    },
    toPlain(message, place) {
      refuseUnknownFields(message, place)
      const plain: MutableObject = {}
      for (const member of members) member.read(message as unknown as PlainObject, plain, place)
      return plain
    },
  }
}

/** A message that is nothing but a choice is, as plain data, the chosen one with its `type`. */
function unionCodec(
  desc: DescMessage,
  oneof: DescOneof,
  rules: MappingRules,
  known: Map<string, MessageCodec>,
): MessageCodec {
  const member = oneofMember(oneof, rules, known)
  return {
    toMessage(plain, place) {
      const init: MutableObject = {}
      member.write({ [member.name]: plain }, init, place)
      return create(desc, init)
    },
    toPlain(message, place) {
      refuseUnknownFields(message, place)
      const plain: MutableObject = {}
      member.read(message as unknown as PlainObject, plain, place)
      return plain[member.name] as PlainObject
    },
  }
}

function oneofMember(
  oneof: DescOneof,
  rules: MappingRules,
  known: Map<string, MessageCodec>,
): Member {
  const name = oneof.localName
  const cases = new Map<string, MessageCodec>()
  for (const field of oneof.fields) {
    if (field.fieldKind !== 'message')
      throw new Error(`${field.toString()} is not a message; a choice is between messages`)
    cases.set(field.localName, messageCodec(field.message, rules, known))
  }
  return {
    name,
    write(plain, into, place) {
      const value = asObject(plain[name], `${place}.${name}`)
      const codec = cases.get(String(value.type))
      if (codec === undefined)
        throw new MappingError(
          `${place}.${name}.type`,
          `"${String(value.type)}" is none of its cases`,
        )
      into[name] = { case: value.type, value: codec.toMessage(value, `${place}.${name}`) }
    },
    read(message, into, place) {
      const chosen = message[name] as { case?: string; value?: Message }
      const codec = chosen.case === undefined ? undefined : cases.get(chosen.case)
      if (codec === undefined || chosen.value === undefined)
        throw new MappingError(`${place}.${name}`, 'nothing this version knows is chosen')
      into[name] = {
        type: chosen.case,
        ...codec.toPlain(chosen.value, `${place}.${name}`),
      }
    },
  }
}

function fieldMember(
  field: DescField,
  rules: MappingRules,
  known: Map<string, MessageCodec>,
): Member {
  const name = field.localName
  const value = valueCodec(field, rules, known)
  if (field.fieldKind === 'list')
    return {
      name,
      write(plain, into, place) {
        const list = plain[name]
        if (!Array.isArray(list)) throw new MappingError(`${place}.${name}`, 'is not a list')
        into[name] = list.map((item, at) => value.toMessage(item, `${place}.${name}[${at}]`))
      },
      read(message, into, place) {
        const list = message[name] as readonly unknown[]
        into[name] = list.map((item, at) => value.toPlain(item, `${place}.${name}[${at}]`))
      },
    }
  // A message, or a scalar that says `optional`, can be absent; anything else always has a value.
  const mayBeAbsent =
    field.presence === FeatureSet_FieldPresence.EXPLICIT && !rules.required.has(fullName(field))
  const refuseAbsent = (place: string): void => {
    if (!mayBeAbsent) throw new MappingError(`${place}.${name}`, 'is missing')
  }
  return {
    name,
    write(plain, into, place) {
      if (plain[name] === undefined) refuseAbsent(place)
      else into[name] = value.toMessage(plain[name], `${place}.${name}`)
    },
    read(message, into, place) {
      if (message[name] === undefined) {
        refuseAbsent(place)
        into[name] = undefined
      } else into[name] = value.toPlain(message[name], `${place}.${name}`)
    },
  }
}

function valueCodec(
  field: DescField,
  rules: MappingRules,
  known: Map<string, MessageCodec>,
): ValueCodec {
  if (field.message !== undefined && field.fieldKind !== 'map') {
    const codec = messageCodec(field.message, rules, known)
    return {
      toMessage: (value, place) => codec.toMessage(asObject(value, place), place),
      toPlain: (value, place) => codec.toPlain(value as Message, place),
    }
  }
  if (field.scalar === undefined || field.fieldKind === 'map')
    throw new Error(`${field.toString()} is of a kind that commands do not use`)
  return scalarCodec(field.scalar, rules.words.get(fullName(field)))
}

/** A field that this version does not know would be lost: then two nodes could read two things. */
function refuseUnknownFields(message: Message, place: string): void {
  const unknown = message.$unknown?.[0]
  if (unknown !== undefined)
    throw new MappingError(place, `field ${unknown.no} is not known to this version`)
}
