/** A row's values as bytes, and back: small numbers and hexadecimal text take half of what they show. */
import type { Value } from '../rows.ts'

const NULL = 0
const POSITIVE = 1
const NEGATIVE = 2
const LATIN = 3
const WIDE = 4
const HEX = 5
/** A tag from here on is a number itself. */
const SMALL = 16
const LARGEST_SMALL = 255 - SMALL
/** Left behind whatever is written. */
const SPARE = 64

let out = new Uint8Array(1 << 16)
let at = 0

/** The bytes are valid until the next call. */
export function packRow(values: readonly Value[]): Uint8Array {
  at = 0
  for (const value of values) {
    if (typeof value === 'number') packNumber(value)
    else if (value === null) out[at++] = NULL
    else packText(value)
    if (at > out.length - 32) reserve(0)
  }
  return out.subarray(0, at)
}

/** The same into `bytes`, which have room for `packedAtMost` from there on. Gives the place behind it. */
export function packRowInto(
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  values: readonly Value[],
): number {
  const own = out
  out = bytes
  at = from
  for (const value of values) {
    if (typeof value === 'number') packNumber(value)
    else if (value === null) out[at++] = NULL
    else packText(value)
  }
  out = own
  return at
}

/** Bytes that the row needs to be packed, and more than are written. */
export function packedAtMost(values: readonly Value[]): number {
  let bytes = SPARE
  for (const value of values) bytes += typeof value === 'string' ? 8 + value.length * 2 : 10
  return bytes
}

export function unpackRow(bytes: Uint8Array, from: number, to: number): Value[] {
  const values: Value[] = []
  place = from
  while (place < to) {
    const tag = bytes[place++] as number
    if (tag >= SMALL) values.push(tag - SMALL)
    else if (tag === NULL) values.push(null)
    else if (tag === POSITIVE) values.push(unpackCount(bytes))
    else if (tag === NEGATIVE) values.push(-unpackCount(bytes))
    else values.push(unpackText(bytes, tag, unpackCount(bytes)))
  }
  return values
}

let place = 0

function packNumber(value: number): void {
  if (value >= 0 && value <= LARGEST_SMALL) {
    out[at++] = SMALL + value
    return
  }
  out[at++] = value >= 0 ? POSITIVE : NEGATIVE
  packCount(Math.abs(value))
}

/** Seven bits to a byte, the lowest first; beyond 31 bits by division. */
function packCount(count: number): void {
  let rest = count
  while (rest > 0x7fff_ffff) {
    out[at++] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
  }
  while (rest > 127) {
    out[at++] = (rest & 127) | 128
    rest >>>= 7
  }
  out[at++] = rest
}

function unpackCount(bytes: Uint8Array): number {
  let count = 0
  let scale = 1
  for (;;) {
    const byte = bytes[place++] as number
    count += (byte & 127) * scale
    if (byte < 128) return count
    scale *= 128
  }
}

function packText(text: string): void {
  const { length } = text
  reserve(length * 2)
  const start = at
  if (length >= 8 && length % 2 === 0 && packHex(text)) return
  at = start
  out[at++] = LATIN
  packCount(length)
  // Not in the variables of the module: those are written back with each byte.
  const bytes = out
  const first = at
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 255) {
      at = start
      packWide(text)
      return
    }
    bytes[first + i] = unit
  }
  at = first + length
}

/** False, with half of it written, when it is not hexadecimal. */
function packHex(text: string): boolean {
  const { length } = text
  if (digit(text.charCodeAt(0)) < 0) return false
  out[at++] = HEX
  packCount(length)
  const bytes = out
  let to = at
  for (let i = 0; i < length; i += 2) {
    const high = digit(text.charCodeAt(i))
    const low = digit(text.charCodeAt(i + 1))
    if ((high | low) < 0) return false
    bytes[to++] = high * 16 + low
  }
  at = to
  return true
}

function packWide(text: string): void {
  out[at++] = WIDE
  packCount(text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    out[at++] = unit & 255
    out[at++] = unit >>> 8
  }
}

function unpackText(bytes: Uint8Array, tag: number, length: number): string {
  if (units.length < length) units = new Uint16Array(length * 2)
  for (let i = 0; i < length; i++) {
    if (tag === LATIN) units[i] = bytes[place++] as number
    else if (tag === WIDE) {
      units[i] = (bytes[place++] as number) | ((bytes[place++] as number) << 8)
    } else {
      const byte = bytes[place++] as number
      units[i++] = DIGITS.charCodeAt(byte >>> 4)
      units[i] = DIGITS.charCodeAt(byte & 15)
    }
  }
  let text = ''
  for (let from = 0; from < length; from += 4_096) {
    const to = Math.min(from + 4_096, length)
    text += String.fromCharCode.apply(null, units.subarray(from, to) as unknown as number[])
  }
  return text
}

let units = new Uint16Array(1_024)
const DIGITS = '0123456789abcdef'

/** Lower case only: text comes back as it was. */
function digit(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  return unit >= 97 && unit <= 102 ? unit - 87 : -1
}

function reserve(bytes: number): void {
  if (at + bytes + SPARE <= out.length) return
  const larger = new Uint8Array((at + bytes + SPARE) * 2)
  larger.set(out)
  out = larger
}
