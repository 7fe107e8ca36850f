/** Numbers as people read and type them: fixed characters that nobody confuses, and one that checks them. */

export function spell(number: number, length: number): string {
  let rest = number
  let text = ''
  for (let at = 0; at < length; at++) {
    text = ALPHABET.charAt(rest % 31) + text
    rest = Math.floor(rest / 31)
  }
  return text + checkCharacter(text)
}

/** The number, without looking at the check character. */
export function unspell(text: string, length: number): number {
  let number = 0
  for (let at = 0; at < length; at++) number = number * 31 + ALPHABET.indexOf(text.charAt(at))
  return number
}

/** So many characters of the alphabet and one that fits: one wrong or two swapped are found. */
export function isSpelled(text: string, length: number): boolean {
  if (text.length !== length + 1) return false
  for (let at = 0; at <= length; at++) if (!ALPHABET.includes(text.charAt(at))) return false
  return checkCharacter(text.slice(0, length)) === text.charAt(length)
}

/** No 0 O 1 I L. A prime number of characters, so that the weighted check misses no swap. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'

function checkCharacter(text: string): string {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += (at + 1) * ALPHABET.indexOf(text.charAt(at))
  return ALPHABET.charAt(sum % 31)
}
