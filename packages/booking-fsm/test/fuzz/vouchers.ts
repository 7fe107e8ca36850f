import type { Command } from '../../src/commands.ts'

interface Clock {
  readonly nowMs: number
}
const DAY = 86_400_000
export const codeHash = (digit: number) => String(digit % 10).repeat(64)

/** One that is good, one for somebody else, one too early, one for large sums, one that was used. */
export function issueVouchers(world: Clock): Command[] {
  return [1, 2, 3, 4, 5].map((at) => issue(world.nowMs, at))
}

function issue(nowMs: number, at: number): Command {
  return {
    type: 'issueVoucher',
    codeHash: codeHash(at),
    amountMinor: at === 1 ? 0 : 100,
    basisPoints: at === 1 ? 1_000 : 0,
    maximumMinor: 0,
    minimumMinor: at === 4 ? 900_000_000 : 0,
    validFromMs: at === 3 ? nowMs + 300 * DAY : 0,
    validToMs: nowMs + 400 * DAY,
    once: at === 5,
    accountId: at === 2 ? 4 : 0,
    reason: 'goodwill',
  }
}

export function voucherCommands(
  { nowMs }: Clock,
  draw: () => number,
  bookingId: number,
): Command[] {
  const drawn = issue(nowMs, 5 + (draw() % 5)) as Extract<Command, { type: 'issueVoucher' }>
  return [
    { ...drawn, accountId: draw() % 9 },
    { type: 'applyVoucher', bookingId, codeHash: codeHash(draw() % 8) },
    { type: 'removeVoucher', bookingId },
  ]
}
