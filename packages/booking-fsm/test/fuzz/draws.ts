/** Draws: what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { sha256Text } from '../../src/sha256.ts'
import { DAY, HOUR, must, type Railway, runs, send } from '../world.ts'

const said = { birthDate: 20_000_101, document: 'ID 1', contact: '+1' }
const SEED = 'a'.repeat(32)

/** One that is open, with an entry of ann's, and one that waits for its seed. */
export function openDraws(world: Railway): void {
  const { runIds } = must(send(world, runs(world.trainId, 5, 6)), 'runsAdded')
  const times = { windowFromMs: world.nowMs, revealByMs: world.nowMs + DAY, holdMs: HOUR }
  const windows = [5 * HOUR, 1]
  for (const [i, runId] of runIds.entries()) {
    const windowToMs = world.nowMs + (windows[i] ?? 1)
    const opening = { ...times, windowToMs, runIds: [runId], seedCommitment: sha256Text(SEED) }
    must(send(world, { type: 'openDraw', ...opening }), 'drawOpened')
  }
  const wishes = [{ runId: runIds[0] ?? 0, fromStop: 0, toStop: 2, classCode: '2' }]
  const entry = { drawId: 1, wishes, passengers: [{ name: 'P' }], salt: '0'.repeat(16) }
  must(send(world, { type: 'enterDraw', ...entry }, { actor: world.ann }), 'drawEntered')
  world.nowMs++
  must(send(world, { type: 'tick' }), 'done')
}

export function drawCommands(world: Railway, draw: () => number): readonly Command[] {
  const { meta, runsInDraws } = world.state
  const drawn = runsInDraws.keys().next().value ?? 1
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
      wishes: [
        {
          runId: draw() % 2 === 0 ? drawn : 1 + (draw() % meta.nextRunId),
          fromStop: 0,
          toStop: 2,
          classCode: '2',
        },
      ],
      passengers: [draw() % 4 === 0 ? { name: 'P' } : { name: 'P', ...said }],
      salt: '0'.repeat(16),
    },
    {
      type: 'revealSeed',
      drawId: 1 + (draw() % 4),
      seed: draw() % 3 === 0 ? SEED : 'b'.repeat(32),
    },
  ]
}
