/** Draws: what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { sha256Text } from '../../src/sha256.ts'
import { HOUR, type Railway } from '../world.ts'

const SEED = 'a'.repeat(32)

export function drawCommands(world: Railway, draw: () => number): readonly Command[] {
  const { meta } = world.state
  return [
    {
      type: 'openDraw',
      // The run that most commands name is left to them.
      runIds: draw() % 8 === 0 ? [2, 99] : [2 + (draw() % meta.nextRunId)],
      windowFromMs: world.nowMs,
      windowToMs: world.nowMs + (draw() % 2 === 0 ? 1_000 : 5 * HOUR),
      revealByMs: world.nowMs + (draw() % 2 === 0 ? 2_000 : 6 * HOUR),
      holdMs: HOUR,
      seedCommitment: sha256Text(SEED),
    },
    {
      type: 'enterDraw',
      drawId: 1 + (draw() % 4),
      wishes: [{ runId: 1 + (draw() % 6), fromStop: 0, toStop: 2, classCode: '2' }],
      passengers: [{ name: 'P' }],
      salt: '0'.repeat(16),
    },
    {
      type: 'revealSeed',
      drawId: 1 + (draw() % 4),
      seed: draw() % 3 === 0 ? SEED : 'b'.repeat(32),
    },
  ]
}
