import type { Inventory } from './occupancy.ts'

/**
 * How much longer than [from, to) the free stretch of the seat is that contains it: 0 is a perfect
 * fit. The seat must be free on [from, to).
 */
export function residualOf(inventory: Inventory, seat: number, from: number, to: number): number {
  return freeUntil(inventory, seat, to) - freeSince(inventory, seat, from) - (to - from)
}

/** The first segment of the free stretch that ends before `from`. */
function freeSince(inventory: Inventory, seat: number, from: number): number {
  const { words, bits } = inventory
  let below = from & 31
  for (let word = from >> 5; word >= 0; word--) {
    // The bits below `below`; at a word's border (0) there are none of them in this word.
    if (below > 0) {
      const taken = (bits[seat * words + word] as number) & (~0 >>> (32 - below))
      if (taken !== 0) return word * 32 + 32 - Math.clz32(taken)
    }
    below = 32
  }
  return 0
}

/** The first taken segment from `to` on, or the end of the run. */
function freeUntil(inventory: Inventory, seat: number, to: number): number {
  const { words, bits, segments } = inventory
  let start = to & 31
  for (let word = to >> 5; word < words; word++) {
    const taken = (bits[seat * words + word] as number) & (~0 << start)
    if (taken !== 0) return word * 32 + 31 - Math.clz32(taken & -taken)
    start = 0
  }
  return segments
}
