/** Second factors: bob and one more have one from the beginning, ann has begun with one. */
import type { Command } from '../../src/commands.ts'
import { must, type Railway, send } from '../world.ts'

const hash = (digit: number) => (digit % 10).toString().repeat(64)

/** Of whom the operator has asked for a reset. */
const asked = 5

export function giveFactors(world: Railway): void {
  for (const actor of [world.ann, world.bob, asked])
    must(send(world, { type: 'beginSecondFactor', sealedSecret: 's' }, { actor }), 'done')
  const codes = { step: 5, recoveryHashes: [hash(8), hash(9)], keepTokenHash: '' }
  for (const actor of [world.bob, asked])
    must(send(world, { type: 'enableSecondFactor', ...codes }, { actor }), 'done')
}

export function askForReset(world: Railway): void {
  must(send(world, { type: 'askSecondFactorReset', accountId: asked }, { actor: 4 }), 'done')
}

export function secondFactors({ nowMs }: Railway, draw: () => number): Command[] {
  const accountId = draw() % 4 === 0 ? 1 + (draw() % 8) : draw() % 4 === 0 ? asked : 2
  const isCode = draw() % 2 === 0
  const proof = { step: isCode ? 4 + (draw() % 4) : 0, recoveryHash: isCode ? '' : hash(draw()) }
  const keepTokenHash = draw() % 2 === 0 ? '' : hash(1)
  // Who needs one and has none can do nothing else: not for long.
  const roles = draw() % 6 === 0 ? (['staff', 'operator'] as const) : []
  return [
    { type: 'setSecondFactorRule', validFromMs: nowMs, roles },
    { type: 'beginSecondFactor', sealedSecret: 's' },
    {
      type: 'enableSecondFactor',
      step: 5,
      recoveryHashes: [hash(8), hash(9)],
      keepTokenHash,
    },
    { type: 'disableSecondFactor', ...proof, keepTokenHash },
    {
      type: 'openSecuredSession',
      accountId,
      tokenHash: hash(draw()),
      ttlMs: 60_000,
      ...proof,
    },
    { type: 'askSecondFactorReset', accountId },
    { type: 'approveSecondFactorReset', accountId },
    { type: 'endSessions', accountId },
  ]
}
