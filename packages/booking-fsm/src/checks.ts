/**
 * What a field may hold. Each takes `unknown`: a log entry is checked again however it came to be,
 * and a check never throws.
 */
import type { RequestKey } from './commands.ts'
import { invalid, refuse } from './refusal.ts'
import type { Refusal } from './replies.ts'

export const MAX_INSTANT_MS = 8_000_000_000_000_000

/** A safe integer within the bounds; −0 is none, because it does not survive a database. */
export function isInt(value: unknown, min: number, max: number): value is number {
  return (
    Number.isSafeInteger(value) &&
    (value as number) >= min &&
    (value as number) <= max &&
    !Object.is(value, -0)
  )
}

export function isId(value: unknown): value is number {
  return isInt(value, 1, Number.MAX_SAFE_INTEGER)
}

export function isInstant(value: unknown): value is number {
  return isInt(value, 0, MAX_INSTANT_MS)
}

/** No control characters, and no half of a surrogate pair: those change on their way to UTF-8. */
export function isText(value: unknown, min: number, max: number): value is string {
  if (typeof value !== 'string' || value.length < min || value.length > max) return false
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0x20 || unit === 0x7f) return false
    if (unit < 0xd800 || unit > 0xdfff) continue
    const next = value.charCodeAt(++at)
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false
  }
  return true
}

export function matches(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}

export function isClassCode(value: unknown): value is string {
  return matches(value, /^[A-Za-z0-9_-]{1,16}$/)
}

export function isTokenHash(value: unknown): value is string {
  return matches(value, /^[0-9a-f]{64}$/)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** A day that exists, as yyyymmdd. */
export function isServiceDate(value: unknown): value is number {
  if (!isInt(value, 19_000_101, 99_991_231)) return false
  const year = Math.floor(value / 10_000)
  const month = Math.floor(value / 100) % 100
  const day = value % 100
  if (month < 1 || month > 12) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day >= 1 && day <= days
}

/** The list's length: `invalidField` below the least, `tooMany` above the most. */
export function checkLength(
  list: unknown,
  min: number,
  max: number,
  field: string,
): Refusal | undefined {
  if (!Array.isArray(list) || list.length < min) return invalid(field)
  return list.length > max ? refuse('tooMany', { field, figure: max }) : undefined
}

/** The first refusal there is. */
export function checkEach<T>(
  list: readonly T[],
  check: (item: T, i: number) => Refusal | undefined,
): Refusal | undefined {
  for (const [i, item] of list.entries()) {
    const refusal = check(item, i)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** The first of the pairs whose check failed. */
export function firstInvalid(checked: readonly Check[]): Refusal | undefined {
  for (const [good, field] of checked) if (!good) return invalid(field)
  return undefined
}
export type Check = readonly [good: boolean, field: string]

export function checkRequestKey(key: unknown): Refusal | undefined {
  if (!isObject(key)) return invalid('key')
  const { principal, method, requestId, contentHash } = key as Partial<RequestKey>
  return firstInvalid([
    [matches(principal, /^[acp]:[!-~]{1,64}$/), 'key.principal'],
    [matches(method, /^[A-Za-z]{1,64}$/), 'key.method'],
    [matches(requestId, /^[!-~]{1,64}$/), 'key.requestId'],
    [matches(contentHash, /^[0-9a-f]{1,128}$/), 'key.contentHash'],
  ])
}

/** The key as one text. None of its parts can contain a space. */
export function keyText(key: RequestKey): string {
  return `${key.principal} ${key.method} ${key.requestId}`
}
