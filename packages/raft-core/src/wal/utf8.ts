/** UTF-8 of a string. A lone surrogate becomes U+FFFD, as in the Encoding Standard. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) as number
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), tail(code))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), tail(code >> 6), tail(code))
    else bytes.push(0xf0 | (code >> 18), tail(code >> 12), tail(code >> 6), tail(code))
  }
  return Uint8Array.from(bytes)
}

/** The string of well-formed UTF-8; checksums vouch for that it is. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at++] as number
    const extra = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3
    let code = extra === 0 ? lead : lead & (0x3f >> extra)
    for (let i = 0; i < extra; i++) code = (code << 6) | ((bytes[at++] ?? 0) & 0x3f)
    text += String.fromCodePoint(Math.min(code, 0x10ffff))
  }
  return text
}

function tail(code: number): number {
  return 0x80 | (code & 0x3f)
}
