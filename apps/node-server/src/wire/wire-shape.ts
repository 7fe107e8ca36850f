import { type DescField, type DescMessage, type DescOneof, ScalarType } from '@bufbuild/protobuf'
import { WireType } from '@bufbuild/protobuf/wire'

export const fullName = (field: DescField): string => `${field.parent.typeName}.${field.name}`

/** What stands before the field's value: its number and how its end is found. */
export function tagOf(field: DescField): number {
  return field.number * 8 + wireTypeOf(field)
}

/** The choice that the message consists of, if it is nothing but one. */
export function isUnion(desc: DescMessage): DescOneof | undefined {
  const choices = desc.oneofs.filter((oneof) => oneof.fields.length > 0)
  const isOnly = choices.length === 1 && desc.fields.every((field) => field.oneof !== undefined)
  return isOnly ? choices[0] : undefined
}

function wireTypeOf(field: DescField): WireType {
  if (field.message !== undefined || field.fieldKind === 'map') return WireType.LengthDelimited
  if (field.fieldKind === 'list' && field.packed) return WireType.LengthDelimited
  switch (field.scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32
    default:
      return WireType.Varint
  }
}
