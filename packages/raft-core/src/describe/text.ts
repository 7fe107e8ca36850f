/** Words and bytes as parts of one line: nothing breaks it, nothing makes it endless. */
import type { LogIndex, NodeId, Term } from '../types.ts'

/** No description is longer, in characters. */
export const MAX_LINE_CHARACTERS = 1000
const MAX_ITEMS = 8
const MAX_TEXT_BYTES = 32
const MAX_HEX_BYTES = 12

/** The end of every public description. */
export function line(text: string): string {
  if (text.length <= MAX_LINE_CHARACTERS) return text
  // Not through the middle of a surrogate pair.
  return `${text.slice(0, MAX_LINE_CHARACTERS - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** `"text"` when all of it is short and printable ASCII, otherwise how it begins, and its size. */
export function bytesText(data: Uint8Array): string {
  if (data.length === 0) return 'empty'
  if (data.length <= MAX_TEXT_BYTES && data.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    return JSON.stringify(String.fromCharCode(...data))
  }
  let hex = '0x'
  for (const byte of data.subarray(0, MAX_HEX_BYTES)) hex += byte.toString(16).padStart(2, '0')
  return `${hex}${data.length > MAX_HEX_BYTES ? '…' : ''} of ${sizeText(data.length)}`
}

export function sizeText(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`
}

/** As it is when it is plain, otherwise quoted and escaped. */
export function nameText(name: string): string {
  if (/^[\w.:-]{1,64}$/.test(name)) return name
  const short = name.length > 64 ? `${name.slice(0, 64)}…` : name
  const quoted = JSON.stringify(short)
  return quoted.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

export function namesText(names: readonly NodeId[]): string {
  return listText(names, nameText, ' ')
}

/** The first ones, and how many more there are. */
export function listText<T>(
  items: readonly T[],
  one: (item: T) => string,
  between: string,
): string {
  const shown = items.slice(0, MAX_ITEMS).map(one).join(between)
  const more = items.length - MAX_ITEMS
  return more > 0 ? `${shown}${between}and ${more} more` : shown
}

/** An entry's place in the log. */
export function at(index: LogIndex, term: Term): string {
  return `${index}@${term}`
}

/** How a random name of 128 bits begins: enough to tell it from others. */
export function shortId(id: string): string {
  return nameText(id.slice(0, 8))
}

/** What there is to say, in one line. */
export function parts(...all: readonly (string | undefined)[]): string {
  return all.filter((part) => part !== undefined && part !== '').join(', ')
}
