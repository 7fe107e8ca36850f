/**
 * What a customer reads: six characters that are the booking's id under a keyed permutation, and one
 * that checks them. Ids stay unguessable in order, never repeat, and need no table to be found again.
 */

/** How many bookings have a name of six characters. */
export const PNR_COUNT = 31 ** 6

export function encodePnr(key: readonly number[], bookingId: number): string {
  let number = bookingId
  // Cycle walking: the network permutes 2^30 numbers; walk on until the result is one of ours.
  do number = permute(key, number)
  while (number >= PNR_COUNT)
  return spell(number)
}

/** The booking's id, or undefined when the text is no PNR at all. */
export function decodePnr(key: readonly number[], pnr: string): number | undefined {
  if (!isPnr(pnr)) return undefined
  let number = 0
  for (let at = 0; at < 6; at++) number = number * 31 + ALPHABET.indexOf(pnr.charAt(at))
  do number = permuteBack(key, number)
  while (number >= PNR_COUNT)
  return number
}

/** Seven characters of the alphabet whose last one fits: one wrong or two swapped are found. */
export function isPnr(text: string): boolean {
  if (text.length !== 7) return false
  for (let at = 0; at < 7; at++) if (!ALPHABET.includes(text.charAt(at))) return false
  return checkCharacter(text) === text.charAt(6)
}

/** No 0 O 1 I L. A prime number of characters, so that the weighted check misses no swap. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ'
const HALF_BITS = 15
const HALF_MASK = (1 << HALF_BITS) - 1
const ROUNDS = 8

function spell(number: number): string {
  let rest = number
  let text = ''
  for (let at = 0; at < 6; at++) {
    text = ALPHABET.charAt(rest % 31) + text
    rest = Math.floor(rest / 31)
  }
  return text + checkCharacter(text)
}

function checkCharacter(text: string): string {
  let sum = 0
  for (let at = 0; at < 6; at++) sum += (at + 1) * ALPHABET.indexOf(text.charAt(at))
  return ALPHABET.charAt(sum % 31)
}

/** A balanced Feistel network over 30 bits. */
function permute(key: readonly number[], number: number): number {
  let left = number >>> HALF_BITS
  let right = number & HALF_MASK
  for (let round = 0; round < ROUNDS; round++) {
    const next = left ^ scramble(key, round, right)
    left = right
    right = next
  }
  return (left << HALF_BITS) | right
}

function permuteBack(key: readonly number[], number: number): number {
  let left = number >>> HALF_BITS
  let right = number & HALF_MASK
  for (let round = ROUNDS - 1; round >= 0; round--) {
    const before = right ^ scramble(key, round, left)
    right = left
    left = before
  }
  return (left << HALF_BITS) | right
}

/** The round function: 15 bits of a mix of half, round and the round's key words. */
function scramble(key: readonly number[], round: number, half: number): number {
  let mixed = Math.imul(half + 1, 0x9e37_79b1) ^ (key[round & 3] ?? 0)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d) + round
  mixed = Math.imul(mixed ^ (mixed >>> 12) ^ (key[(round + 1) & 3] ?? 0), 0x297a_2d39)
  return (mixed ^ (mixed >>> 15)) & HALF_MASK
}
