import { mustBeCluster } from '../actors.ts'
import { firstInvalid, isInt, matches } from '../checks.ts'
import type { FoundCluster, RaiseFeatureLevel } from '../commands.ts'
import { LATEST_FEATURE_LEVEL } from '../feature-levels.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { Work } from '../store.ts'

const DAY_MS = 86_400_000

export function foundCluster(work: Work, command: FoundCluster): Reply {
  const { meta } = work.state
  const refusal = checkFounding(command) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  if (meta.clusterId !== '') return refuse('alreadyFounded')
  meta.clusterId = command.clusterId
  meta.pnrKey = [...command.pnrKey]
  meta.currency = command.currency
  meta.holdMs = command.holdMs
  meta.paymentWindowMs = command.paymentWindowMs
  meta.featureLevel = command.featureLevel ?? 1
  return { type: 'done' }
}

/** Never back: what was decided under a level stays decided under it. */
export function raiseFeatureLevel(work: Work, { level }: RaiseFeatureLevel): Reply {
  const { meta } = work.state
  const refusal =
    firstInvalid([[isInt(level, 1, LATEST_FEATURE_LEVEL), 'level']]) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  if (level <= meta.featureLevel) return refuse('featureActive', { figure: meta.featureLevel })
  meta.featureLevel = level
  return { type: 'done' }
}

/** Only moves the clock, which has happened already. */
export function tick(work: Work): Reply {
  return mustBeCluster(work) ?? { type: 'done' }
}

function checkFounding(command: FoundCluster): Refusal | undefined {
  const { clusterId, pnrKey, currency, holdMs, paymentWindowMs, featureLevel = 1 } = command
  const words = Array.isArray(pnrKey) && pnrKey.length === 4 ? pnrKey : []
  return firstInvalid([
    [matches(clusterId, /^[0-9a-f]{32}$/), 'clusterId'],
    [words.length === 4, 'pnrKey'],
    ...words.map((word, i) => [isInt(word, 0, 0xffff_ffff), `pnrKey[${i}]`] as const),
    [matches(currency, /^[A-Z]{3}$/), 'currency'],
    [isInt(holdMs, 1_000, DAY_MS), 'holdMs'],
    [isInt(paymentWindowMs, 1_000, DAY_MS), 'paymentWindowMs'],
    [isInt(featureLevel, 1, LATEST_FEATURE_LEVEL), 'featureLevel'],
  ])
}
