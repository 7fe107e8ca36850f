/** Planted bugs in berths that two share. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const planted = [
  mutant(
    'who waits has a whole berth before who shares one',
    'waiting/promote.ts',
    '  upgradeSharers(work, open)\n  if (state.waiting.size > 0) offer(work, open)\n',
    '  if (state.waiting.size > 0) offer(work, open)\n  upgradeSharers(work, open)\n',
  ),
  mutant(
    'who leaves a shared berth frees the other half, too',
    'inventory/shares.ts',
    'if (bits.every((it) => it === 0))',
    'if (bits.length > 0)',
  ),
  mutant(
    'half a berth costs to cancel what a whole one does',
    'cancellation.ts',
    "lineOf(charges, 'rac', booking.classCode) !== undefined",
    "lineOf(charges, 'rac', booking.classCode) === null",
  ),
  mutant(
    'a berth is on sale under those who share it',
    'handlers/seat-blocks.ts',
    '  if (needed !== undefined) return needed\n',
    '',
  ),
  mutant(
    'who shares a berth is moved after the chart is closed',
    'waiting/upgrade.ts',
    '    isReseating(state, run.runId) ||\n    isClosed(state, run)\n',
    '    isReseating(state, run.runId)\n',
  ),
]

export const sharedBerthMutants: readonly Mutant[] = planted.map((it) =>
  foundBy('handlers/shared-berths.test.ts', it),
)
