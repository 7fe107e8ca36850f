/** The outbox: what must happen outside, each with a key that is fixed when it is queued. */

import { deleteRow, type Work, writeRecord, writeRow } from './store.ts'
import { type Effect, none, type Payment } from './things.ts'
import type { EffectKind } from './views.ts'

export function queueEffect(
  work: Work,
  kind: EffectKind,
  payment: Payment,
  amountMinor: number,
): void {
  const { meta, effects } = work.state
  const effect: Effect = {
    hashLow: 0,
    hashHigh: 0,
    outboxId: meta.nextOutboxId++,
    key: `${meta.clusterId}-${work.index}-${work.effects++}`,
    kind,
    payment,
    amountMinor,
  }
  effects.set(effect.outboxId, effect)
  payment.effects = [...payment.effects, effect]
  writeRow(work, 'outbox', effect)
}

/** An answered effect leaves the state; what became of it is recorded. */
export function resolveEffect(
  work: Work,
  effect: Effect,
  outcome: 'done' | 'refused' | 'withdrawn',
  detail: string,
): void {
  const { state } = work
  const { outboxId, key, kind, payment, amountMinor } = effect
  state.effects.delete(outboxId)
  const left = payment.effects.filter((other) => other !== effect)
  payment.effects = left.length === 0 ? none : left
  deleteRow(work, 'outbox', effect, [outboxId])
  writeRecord(work, 'effect_outcomes', [
    outboxId,
    key,
    kind,
    payment.paymentId,
    amountMinor,
    outcome,
    detail,
    work.index,
    state.meta.nowMs,
  ])
}
