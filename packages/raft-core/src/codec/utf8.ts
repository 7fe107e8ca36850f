/** UTF-8 without a host's TextEncoder. Names are short and rarely change: plain and strict will do. */

/** A lone surrogate becomes U+FFFD, as in the Encoding Standard. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code))
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code))
  }
  return Uint8Array.from(bytes)
}

/** The text in `bytes[start, end)`, or undefined when it is not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = ''
  let at = start
  while (at < end) {
    const lead = bytes[at++] as number
    if (lead < 0x80) {
      text += String.fromCharCode(lead)
      continue
    }
    const extra = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0
    if (extra === 0 || at + extra > end) return undefined
    let code = lead & (0x3f >> extra)
    for (let i = 0; i < extra; i++) {
      const byte = bytes[at++] as number
      if ((byte & 0xc0) !== 0x80) return undefined
      code = (code << 6) | (byte & 0x3f)
    }
    const least = extra === 1 ? 0x80 : extra === 2 ? 0x800 : 0x10000
    if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
    text += String.fromCodePoint(code)
  }
  return text
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f)
}
