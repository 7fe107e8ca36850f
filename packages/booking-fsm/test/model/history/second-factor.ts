import { type Asked, type Draw, oneIn, passenger, pick } from '../draws.ts'
import type { World } from '../world.ts'

/** Staff and operators above all; a rule that asks for it does so for a while only. */
export function secondFactor(world: World, draw: Draw): Asked {
  const hash = (digit: number) => (digit % 16).toString(16).repeat(64)
  const mine = pick(
    world.accounts.filter((it) => it.factor !== undefined && !it.closed),
    draw,
  )
  const accountId = (oneIn(4, draw) ? undefined : mine?.id) ?? passenger(world, draw)
  const factor = world.accounts.find((it) => it.id === accountId)?.factor
  const operators = world.accounts.filter((it) => it.role === 'operator' && !it.closed)
  const asking = operators.filter((it) => it.id !== accountId)
  const operator = pick(oneIn(4, draw) ? operators : asking, draw)?.id ?? 0
  const keepTokenHash = oneIn(3, draw) ? '' : hash(draw() % 8)
  const isCode = !oneIn(3, draw)
  const proof = {
    step: isCode ? Math.max(1, (factor?.used ?? 1) - 1 + (draw() % 3)) : 0,
    recoveryHash: isCode ? '' : (pick(factor?.recovery ?? [], draw) ?? hash(draw())),
  }
  const roles = pick([[], [], ['operator'], ['staff'], ['staff', 'operator']] as const, draw) ?? []
  const commands: readonly Asked[] = [
    {
      actor: oneIn(4, draw) ? accountId : operator,
      command: { type: 'setSecondFactorRule', validFromMs: world.now - (draw() % 3), roles },
    },
    { actor: accountId, command: { type: 'beginSecondFactor', sealedSecret: `s${draw() % 9}` } },
    {
      actor: accountId,
      command: {
        type: 'enableSecondFactor',
        step: 1 + (draw() % 5),
        recoveryHashes: [hash(8 + (draw() % 3)), hash(11 + (draw() % 3))],
        keepTokenHash,
      },
    },
    { actor: accountId, command: { type: 'disableSecondFactor', ...proof, keepTokenHash } },
    {
      actor: oneIn(4, draw) ? operator : accountId,
      command: {
        type: 'openSecuredSession',
        accountId,
        tokenHash: hash(draw() % 8),
        ttlMs: 60_000,
        ...proof,
      },
    },
    { actor: operator, command: { type: 'askSecondFactorReset', accountId } },
    { actor: operator, command: { type: 'approveSecondFactorReset', accountId } },
    { actor: operator, command: { type: 'endSessions', accountId } },
  ]
  // What brings it further, mostly: begun, then on, then used.
  const next = factor === undefined ? [1] : factor.enabled ? [4, 4, 4, 3, 5, 6] : [2]
  const at = oneIn(3, draw) ? draw() : (pick(next, draw) ?? 0)
  return commands[at % commands.length] ?? { actor: 0, command: { type: 'tick' } }
}
