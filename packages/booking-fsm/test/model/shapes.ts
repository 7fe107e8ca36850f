import { refuse } from './refuse.ts'

/** Shapes of fields, in the words of the rules page. Each names the field at fault. */
export const maxSafe = Number.MAX_SAFE_INTEGER

export function isInt(value: unknown, min: number, max: number): boolean {
  return (
    Number.isSafeInteger(value) &&
    !Object.is(value, -0) &&
    Number(value) >= min &&
    Number(value) <= max
  )
}

export function checkInt(value: unknown, min: number, max: number, field: string): void {
  if (!isInt(value, min, max)) refuse('invalidField', { field })
}

export function checkId(value: unknown, field: string): void {
  checkInt(value, 1, maxSafe, field)
}

export function isText(value: unknown, min: number, max: number): boolean {
  if (typeof value !== 'string' || value.length < min || value.length > max) return false
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at)
    if (unit < 0x20 || unit === 0x7f) return false
    if (unit >= 0xdc00 && unit <= 0xdfff) return false
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = value.charCodeAt(at + 1)
      if (!(next >= 0xdc00 && next <= 0xdfff)) return false
      at++
    }
  }
  return true
}

export function checkText(value: unknown, min: number, max: number, field: string): void {
  if (!isText(value, min, max)) refuse('invalidField', { field })
}

export function checkPattern(value: unknown, pattern: RegExp, field: string): void {
  if (typeof value !== 'string' || !pattern.test(value)) refuse('invalidField', { field })
}

export function checkBoolean(value: unknown, field: string): void {
  if (typeof value !== 'boolean') refuse('invalidField', { field })
}

export function checkLength(value: unknown, min: number, max: number, field: string): void {
  if (!Array.isArray(value) || value.length < min) refuse('invalidField', { field })
  else if (value.length > max) refuse('tooMany', { field, figure: max })
}

export const classPattern = /^[A-Za-z0-9_-]{1,16}$/
export const hash64 = /^[0-9a-f]{64}$/
export const maxInstant = 8_000_000_000_000_000

export function isRealDate(value: unknown): boolean {
  if (!isInt(value, 19000101, 99991231)) return false
  const date = Number(value)
  const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100]
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return month >= 1 && month <= 12 && day >= 1 && day <= (days[month - 1] ?? 0)
}
