/** A 32-bit word, signed or not, as 8 hexadecimal digits. */
export function hexOf(word: number): string {
  return (
    (BYTES[word >>> 24] as string) +
    (BYTES[(word >>> 16) & 255] as string) +
    (BYTES[(word >>> 8) & 255] as string) +
    (BYTES[word & 255] as string)
  )
}

/** Each byte as two digits: much quicker than to make them anew. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
