/**
 * A ticket's number: eight characters and one that checks them. They are booking, position and version under
 * a keyed permutation: never given twice, not guessable from another one, and found again without a table.
 */
import { permute, permuteBack } from '../feistel.ts'
import { isSpelled, spell, unspell } from '../spelling.ts'

/** Tickets of one passenger; reissuing ends there. */
export const MAX_VERSION = 127

export interface TicketName {
  readonly bookingId: number
  readonly position: number
  readonly version: number
}

export function ticketNumber(key: readonly number[], name: TicketName): string {
  let number = (name.bookingId * 6 + name.position) * (MAX_VERSION + 1) + name.version
  do number = permute(turned(key), HALF_BITS, number)
  while (number >= COUNT)
  return spell(number, 8)
}

/** Undefined when the text is no ticket's number at all. */
export function ticketName(key: readonly number[], text: string): TicketName | undefined {
  if (!isSpelled(text, 8)) return undefined
  let number = unspell(text, 8)
  do number = permuteBack(turned(key), HALF_BITS, number)
  while (number >= COUNT)
  const passenger = Math.floor(number / (MAX_VERSION + 1))
  return {
    bookingId: Math.floor(passenger / 6),
    position: passenger % 6,
    version: number % (MAX_VERSION + 1),
  }
}

/** Above 2^39 and below 2^40. It has room for all PNRs, six passengers and their versions. */
const COUNT = 31 ** 8
const HALF_BITS = 20

/** The same words in another order: a ticket's number says nothing about a PNR. */
function turned(key: readonly number[]): readonly number[] {
  return [key[2] ?? 0, key[3] ?? 0, key[1] ?? 0, key[0] ?? 0]
}
