/** A keyed permutation of the numbers of an even count of bits, at most 50, by a balanced Feistel network. */

const ROUNDS = 8

export function permute(key: readonly number[], halfBits: number, number: number): number {
  const half = 2 ** halfBits
  let left = Math.floor(number / half)
  let right = number % half
  for (let round = 0; round < ROUNDS; round++) {
    const next = left ^ scramble(key, round, right, half - 1)
    left = right
    right = next
  }
  return left * half + right
}

export function permuteBack(key: readonly number[], halfBits: number, number: number): number {
  const half = 2 ** halfBits
  let left = Math.floor(number / half)
  let right = number % half
  for (let round = ROUNDS - 1; round >= 0; round--) {
    const before = right ^ scramble(key, round, left, half - 1)
    right = left
    left = before
  }
  return left * half + right
}

/** The round function: some bits of a mix of half, round and the round's key words. */
function scramble(key: readonly number[], round: number, half: number, mask: number): number {
  let mixed = Math.imul(half + 1, 0x9e37_79b1) ^ (key[round & 3] ?? 0)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b_3c6d) + round
  mixed = Math.imul(mixed ^ (mixed >>> 12) ^ (key[(round + 1) & 3] ?? 0), 0x297a_2d39)
  return (mixed ^ (mixed >>> 15)) & mask
}
