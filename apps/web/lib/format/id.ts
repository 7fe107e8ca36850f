/** An id as an address has it: a positive number that fits 63 bits. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text)
}
