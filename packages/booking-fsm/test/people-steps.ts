/** Second factors in histories that are drawn. */
import type { Command } from '../src/commands.ts'

interface Drawn {
  readonly a: number
  readonly b: number
  readonly c: number
}

export function secondFactorCommands(
  { a, b, c }: Drawn,
  accountId: number,
  tokenHash: string,
): Command[] {
  const hash = (digit: number) => (digit % 10).toString().repeat(64)
  const proof = { step: b % 3 === 0 ? 0 : 1 + (a % 6), recoveryHash: b % 3 === 0 ? hash(a) : '' }
  const keepTokenHash = b % 2 === 0 ? '' : tokenHash
  return [
    { type: 'setSecondFactorRule', validFromMs: a * 1_000, roles: b % 5 === 0 ? ['operator'] : [] },
    { type: 'beginSecondFactor', sealedSecret: `s${c % 3}` },
    {
      type: 'enableSecondFactor',
      step: 1 + (b % 3),
      recoveryHashes: [hash(a), hash(a + 1)],
      keepTokenHash,
    },
    { type: 'disableSecondFactor', ...proof, keepTokenHash },
    { type: 'openSecuredSession', accountId, tokenHash, ttlMs: 1_000, ...proof },
    { type: 'askSecondFactorReset', accountId },
    { type: 'approveSecondFactorReset', accountId },
    { type: 'endSessions', accountId },
  ]
}
