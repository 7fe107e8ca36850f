/**
 * Names that were read lately. The same few come with every batch of messages: comparing bytes with a
 * text that is there costs a tenth of making the text anew.
 */
import { decodeUtf8 } from './utf8.ts'

/** Longer texts are not kept, so that nobody fills the memory with them. */
const MAX_KEPT_BYTES = 64
const SLOTS = 64

/** ASCII only: one character for each byte. A newer name takes the place of another one in its slot. */
const kept: string[] = new Array<string>(SLOTS).fill('')

/** The text in `bytes[start, end)`, or undefined when it is not well-formed UTF-8. */
export function decodeName(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start
  if (length === 0) return ''
  if (length > MAX_KEPT_BYTES) return decodeUtf8(bytes, start, end)
  const slot = (length + 5 * (bytes[start] as number) + 31 * (bytes[end - 1] as number)) % SLOTS
  const known = kept[slot] as string
  if (known.length === length && isSame(known, bytes, start)) return known
  const text = decodeUtf8(bytes, start, end)
  if (text !== undefined && text.length === length) kept[slot] = text
  return text
}

function isSame(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false
  }
  return true
}
