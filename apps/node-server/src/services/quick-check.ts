import {
  type DescField,
  type DescMessage,
  getOption,
  hasOption,
  type Message,
  ScalarType,
} from '@bufbuild/protobuf'
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt'
import {
  type FieldRules,
  field as fieldOption,
  message as messageOption,
  oneof as oneofOption,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js'

/** True: it breaks no rule of its schema. False: perhaps it does, which the validator finds out. */
export type QuickCheck = (message: Message) => boolean

type Fields = Readonly<Record<string, unknown>>
type Fits = (value: unknown) => boolean

const compiled = new WeakMap<DescMessage, QuickCheck>()

/**
 * The commonest rules of the schema as a few comparisons for each field, compiled when the first message of its kind
 * comes: the validator, which can say what is wrong, takes several times as long to say that nothing is. What has other rules
 * is never found good here. A test compares the two over all requests of the API.
 */
export function quickCheck(desc: DescMessage): QuickCheck {
  const known = compiled.get(desc)
  if (known !== undefined) return known
  const checks: ((message: Fields) => boolean)[] = []
  const check: QuickCheck = (message) => {
    for (const one of checks) if (!one(message as unknown as Fields)) return false
    return true
  }
  // Before its fields, which may be of the same message.
  compiled.set(desc, check)
  const isPlain =
    !hasOption(desc, messageOption) && desc.oneofs.every((o) => !hasOption(o, oneofOption))
  if (!isPlain || desc.typeName.startsWith('google.protobuf.Any')) checks.push(() => false)
  for (const field of desc.fields) {
    const one = fieldCheck(field)
    if (one !== undefined) checks.push(one)
  }
  return check
}

const never = (): boolean => false

/** Undefined: anything is good there. */
function fieldCheck(field: DescField): ((message: Fields) => boolean) | undefined {
  const rules = hasOption(field, fieldOption) ? getOption(field, fieldOption) : undefined
  const { localName } = field
  if (rules !== undefined && !isOnly(rules, ['required'])) return never
  if (field.fieldKind === 'map')
    return rules === undefined && field.message === undefined ? undefined : never
  const fits = valueCheck(field, rules)
  const required = rules?.required === true
  if (fits === undefined && !required) return undefined
  if (field.oneof !== undefined) {
    const choice = field.oneof.localName
    if (required) return never
    return (message) => {
      const chosen = message[choice] as { readonly case?: string; readonly value?: unknown }
      return chosen.case !== localName || fits === undefined || fits(chosen.value)
    }
  }
  const isSet =
    field.fieldKind === 'message' || field.presence === FeatureSet_FieldPresence.EXPLICIT
  if (isSet)
    return (message) => {
      const value = Object.hasOwn(message, localName) ? message[localName] : undefined
      return value === undefined ? !required : fits === undefined || fits(value)
    }
  return (message) => {
    const value = message[localName]
    if (required && isEmpty(value)) return false
    return fits === undefined || fits(value)
  }
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length === 0
  return value === 0 || value === 0n || value === '' || value === false
}

/** Only these of the rules' own fields are set, besides the rules of the value's type. */
function isOnly(rules: FieldRules, names: readonly string[]): boolean {
  const { $typeName, $unknown, type, ...own } = rules as unknown as Record<string, unknown>
  if (Array.isArray($unknown) && $unknown.length > 0) return false
  return Object.entries(own).every(([name, value]) => names.includes(name) || isUnset(value))
}

const isUnset = (value: unknown): boolean =>
  value === undefined || value === 0 || isEmpty(value) || (Array.isArray(value) && !value.length)

function valueCheck(field: DescField, rules: FieldRules | undefined): Fits | undefined {
  const { case: kind, value } = rules?.type ?? {}
  if (field.fieldKind === 'list') {
    if (kind !== undefined && kind !== 'repeated') return never
    const list = kind === 'repeated' ? ruleValues(value as never) : {}
    if (list === undefined) return never
    return listCheck(field, list)
  }
  if (field.message !== undefined) return kind === undefined ? messageFits(field.message) : never
  return kind === undefined ? undefined : typeCheck(field, kind, value as never)
}

function messageFits(desc: DescMessage): Fits | undefined {
  if (desc.typeName.startsWith('google.protobuf.'))
    return desc.fields.some((one) => hasOption(one, fieldOption)) ? never : undefined
  const check = quickCheck(desc)
  return (value) => check(value as Message)
}

function listCheck(
  field: DescField & { fieldKind: 'list' },
  { minItems = 0n, maxItems, unique, items, ...more }: Record<string, unknown>,
): Fits {
  if (Object.keys(more).length > 0) return never
  if (unique === true && field.listKind !== 'scalar') return never
  const itemRules = items as FieldRules | undefined
  if (itemRules !== undefined && !isOnly(itemRules, [])) return never
  const itemFits = itemCheck(field, itemRules)
  const least = Number(minItems)
  const most = maxItems === undefined ? Number.POSITIVE_INFINITY : Number(maxItems)
  return (value) => {
    const list = value as readonly unknown[]
    if (list.length < least || list.length > most) return false
    if (unique === true && list.length > 1 && new Set(list).size !== list.length) return false
    if (itemFits === undefined) return true
    for (const item of list) if (!itemFits(item)) return false
    return true
  }
}

function itemCheck(
  field: DescField & { fieldKind: 'list' },
  rules: FieldRules | undefined,
): Fits | undefined {
  const { case: kind, value } = rules?.type ?? {}
  if (field.listKind === 'message') return kind === undefined ? messageFits(field.message) : never
  return kind === undefined ? undefined : typeCheck(field, kind, value as never)
}

function typeCheck(field: DescField, kind: string, rules: Message): Fits {
  const set = ruleValues(rules)
  if (set === undefined) return never
  if (kind === 'string') return textCheck(set)
  if (kind === 'bytes') return bytesCheck(set)
  if (kind === 'enum') return enumCheck(field, set)
  const isWhole = [ScalarType.UINT32, ScalarType.INT32, ScalarType.UINT64, ScalarType.INT64]
  return field.scalar !== undefined && isWhole.includes(field.scalar) ? wholeCheck(set) : never
}

/** The rules that are set, by name; undefined: there are some that are not known here. */
function ruleValues(rules: Message): Record<string, unknown> | undefined {
  if ((rules.$unknown?.length ?? 0) > 0) return undefined
  const set: Record<string, unknown> = {}
  const { $typeName, $unknown, ...all } = rules as unknown as Record<string, unknown>
  for (const [name, value] of Object.entries(all)) {
    if (name === 'example') continue
    if (isChoice(value)) {
      if (value.case !== undefined) set[value.case] = value.value
    } else if (value !== undefined && !(Array.isArray(value) && value.length === 0))
      set[name] = value
  }
  return set
}

function isChoice(value: unknown): value is { case?: string; value?: unknown } {
  return typeof value === 'object' && value !== null && 'case' in value
}

function textCheck({ minLen, maxLen, pattern, ...more }: Record<string, unknown>): Fits {
  if (Object.keys(more).length > 0) return never
  const least = Number(minLen ?? 0)
  const most = maxLen === undefined ? Number.POSITIVE_INFINITY : Number(maxLen)
  const form = pattern === undefined ? undefined : formOf(String(pattern))
  if (form === null) return never
  // Characters are counted, of which each takes one or two units.
  const surely = least <= 1 ? least : 2 * least
  return (value) => {
    const text = value as string
    if (text.length > most || text.length < least) return false
    if (text.length < surely && /\p{Surrogate}|[\u{10000}-\u{10ffff}]/u.test(text)) return false
    return form === undefined || form.test(text)
  }
}

/** Null: it may mean something else to the validator, whose patterns are those of RE2. */
function formOf(pattern: string): RegExp | null {
  const isSame = /^(?:[^\\]|\\[.+*?()[\]{}/d-])*$/u.test(pattern) && !pattern.includes('(?')
  return isSame ? new RegExp(pattern, 'u') : null
}

function bytesCheck({ minLen, maxLen, ...more }: Record<string, unknown>): Fits {
  if (Object.keys(more).length > 0) return never
  const least = Number(minLen ?? 0)
  const most = maxLen === undefined ? Number.POSITIVE_INFINITY : Number(maxLen)
  return (value) => {
    const { length } = value as Uint8Array
    return length >= least && length <= most
  }
}

function enumCheck(field: DescField, { definedOnly, ...more }: Record<string, unknown>): Fits {
  const values = field.enum?.values.map(({ number }) => number)
  const notIn = (more.notIn ?? []) as readonly number[]
  const isKnown = Object.keys(more).every((name) => name === 'notIn')
  if (!isKnown || values === undefined) return never
  const all = new Set(values)
  return (value) =>
    (definedOnly !== true || all.has(value as number)) && !notIn.includes(value as number)
}

type Whole = number | bigint

function wholeCheck({ gt, gte, lt, lte, ...more }: Record<string, unknown>): Fits {
  if (Object.keys(more).length > 0) return never
  const isLower = lt !== undefined || lte !== undefined
  const low = (gt ?? gte) as Whole | undefined
  const high = (lt ?? lte) as Whole | undefined
  // A range that is turned round means what is outside of it.
  if (isLower && low !== undefined && (high as Whole) <= low) return never
  return (value) => {
    const number = value as Whole
    if (gt !== undefined && !(number > (gt as Whole))) return false
    if (gte !== undefined && !(number >= (gte as Whole))) return false
    if (lt !== undefined && !(number < (lt as Whole))) return false
    return lte === undefined || number <= (lte as Whole)
  }
}
