/**
 * What a customer reads: six characters that are the booking's id under a keyed permutation, and one
 * that checks them. Ids stay unguessable in order, never repeat, and need no table to be found again.
 */
import { permute, permuteBack } from './feistel.ts'
import { isSpelled, spell, unspell } from './spelling.ts'

/** How many bookings have a name of six characters. */
export const PNR_COUNT = 31 ** 6

export function encodePnr(key: readonly number[], bookingId: number): string {
  let number = bookingId
  // Cycle walking: the network permutes 2^30 numbers; walk on until the result is one of ours.
  do number = permute(key, HALF_BITS, number)
  while (number >= PNR_COUNT)
  return spell(number, 6)
}

/** The booking's id, or undefined when the text is no PNR at all. */
export function decodePnr(key: readonly number[], pnr: string): number | undefined {
  if (!isPnr(pnr)) return undefined
  let number = unspell(pnr, 6)
  do number = permuteBack(key, HALF_BITS, number)
  while (number >= PNR_COUNT)
  return number
}

/** Seven characters of the alphabet whose last one fits. */
export function isPnr(text: string): boolean {
  return isSpelled(text, 6)
}

const HALF_BITS = 15
