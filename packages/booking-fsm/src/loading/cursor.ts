/** Reading a row's values one after the other, each as what it must be. */
import type { Value } from '../rows.ts'

export interface Cursor {
  readonly table: string
  readonly values: readonly Value[]
  at: number
}

export function int(cursor: Cursor): number {
  const value = cursor.values[cursor.at++]
  return typeof value === 'number' ? value : wrong(cursor)
}

export function text(cursor: Cursor): string {
  const value = cursor.values[cursor.at++]
  return typeof value === 'string' ? value : wrong(cursor)
}

/** A text of which there are few: each is kept once, however many rows have it. */
export function word(cursor: Cursor): string {
  const read = text(cursor)
  const known = words.get(read)
  if (known !== undefined) return known
  // Hostile rows do not fill it: what does not fit is kept as it came.
  if (words.size < 10_000) words.set(read, read)
  return read
}

/** How long the list is that has just been read as text. */
export function lengthBefore(cursor: Cursor): number {
  const value = cursor.values[cursor.at - 1]
  const items: unknown = JSON.parse(value as string)
  return Array.isArray(items) ? items.length : wrong(cursor)
}

/** Null is read as 0. */
export function optionalInt(cursor: Cursor): number {
  return cursor.values[cursor.at] === null ? skip(cursor, 0) : int(cursor)
}

/** Null is read as ''. */
export function optionalText(cursor: Cursor): string {
  return cursor.values[cursor.at] === null ? skip(cursor, '') : text(cursor)
}

/** A list that was written by this package. */
export function list<T>(cursor: Cursor): T[] {
  const value: unknown = JSON.parse(text(cursor))
  return Array.isArray(value) ? value : wrong(cursor)
}

export function numbers(cursor: Cursor): number[] {
  const read = text(cursor)
  return read === '' ? [] : read.split(',').map(Number)
}

/** What a row refers to must have been loaded before it. */
export function required<T>(found: T | undefined, cursor: Cursor): T {
  return found ?? wrong(cursor)
}

function skip<T>(cursor: Cursor, value: T): T {
  cursor.at++
  return value
}

function wrong({ table, values, at }: Cursor): never {
  throw new Error(`${table} ${String(values[0])}: column ${at} can not be loaded`)
}

const words = new Map<string, string>()
