import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf'
import { mutableKinds } from '@quorail/booking-fsm'
import fc from 'fast-check'

/** Any plain data that a message can hold, from its descriptor. */
export function arbitraryMessage(desc: DescMessage): fc.Arbitrary<Record<string, unknown>> {
  const choice = desc.oneofs.find((oneof) => oneof.fields.length > 0)
  if (choice !== undefined && desc.fields.length === choice.fields.length)
    return fc.oneof(
      ...choice.fields.map((field) =>
        arbitraryMessage(field.message as DescMessage).map((fields) => ({
          type: field.localName,
          ...fields,
        })),
      ),
    )
  return fc.record(
    Object.fromEntries(desc.fields.map((it) => [it.localName, arbitraryField(it)])),
    { noNullPrototype: true },
  )
}

function arbitraryField(field: DescField): fc.Arbitrary<unknown> {
  const required = ['RecordOutcome.outcome', 'RecordNotice.outcome', 'ResolveRequest.key']
  const one =
    field.message === undefined || field.fieldKind === 'map'
      ? arbitraryScalar(field)
      : arbitraryMessage(field.message)
  if (field.fieldKind === 'list') return fc.array(one, { maxLength: 4 })
  const explicit = field.fieldKind === 'message' || field.proto.proto3Optional
  const mustBeThere = required.some((name) =>
    `${field.parent.typeName}.${field.name}`.endsWith(name),
  )
  return explicit && !mustBeThere ? fc.option(one, { nil: undefined }) : one
}

function arbitraryScalar(field: DescField): fc.Arbitrary<unknown> {
  const isReason = field.localName === 'reason' && field.parent.name !== 'Refused'
  if (isReason) return fc.constantFrom('strike', 'goodwill', 'other')
  if (field.localName === 'means') return fc.constantFrom('cash', 'terminal')
  if (field.parent.name === 'SetMember' && field.localName === 'role')
    return fc.constantFrom('none', 'booker')
  if (field.localName === 'role') return fc.constantFrom('passenger', 'staff', 'operator')
  if (field.localName === 'rounding') return fc.constantFrom('halfUp', 'up', 'down')
  if (field.localName === 'state') return fc.constantFrom('confirmed', 'rac', 'waiting')
  const isWish = ['properties', 'required', 'wished'].includes(field.localName)
  if (isWish) return fc.constantFrom('window', 'sideLowerBerth', 'companion')
  if (field.localName === 'roles') return fc.constantFrom('passenger', 'staff', 'operator')
  if (field.localName === 'requires') return fc.constantFrom('birthDate', 'document', 'contact')
  if (field.localName === 'muted') return fc.constantFrom(...mutableKinds)
  switch (field.scalar) {
    case ScalarType.STRING:
      return fc.string({ unit: 'grapheme' })
    case ScalarType.BOOL:
      return fc.boolean()
    case ScalarType.UINT32:
      return fc.nat(2 ** 32 - 1)
    case ScalarType.UINT64:
      return fc.nat(Number.MAX_SAFE_INTEGER)
    default:
      return fc.maxSafeInteger()
  }
}
