import { setTimeout as pause } from 'node:timers/promises'
import type { OutboxView, Outcome } from '@quorail/booking-fsm'
import type { PaymentLog } from './payment-log.ts'
import type { ProviderAnswer, ProviderClient } from './provider-client.ts'

export interface SettlePlan {
  readonly signal: AbortSignal
  readonly log: PaymentLog
  /** An earlier leader may have sent it: ask before sending. */
  readonly askFirst: boolean
  /** Nobody wants the effect any more; if the provider has never seen it, it must not happen. */
  readonly isPointless: () => boolean
  /** A majority says that this node leads still, and its state is as new as now. */
  readonly leadsStill: () => Promise<boolean>
  /** Between two words to the provider, or not any more. */
  readonly waits: (waiting: boolean) => void
  readonly pauseFirstMs: number
  readonly pauseMostMs: number
}

/**
 * Brings one effect to a definite outcome, however long that takes. What is sent carries the row's
 * own key, so sending it again is harmless; what is not known is asked by that key.
 */
export async function settleEffect(
  client: ProviderClient,
  effect: OutboxView,
  plan: SettlePlan,
): Promise<Outcome> {
  let ask = plan.askFirst
  let rejectedAs: string | undefined
  for (let attempt = 0; ; attempt++) {
    // A node that stood still for a while may have been replaced, and its state be of the past.
    if (!(await plan.leadsStill())) {
      await pause(plan.pauseFirstMs, undefined, { signal: plan.signal })
      continue
    }
    const pointless = rejectedAs !== undefined || plan.isPointless()
    const asked = ask || pointless
    const answer = asked
      ? await client.ask(effect.key, pointless, plan.signal)
      : await client.perform(effect, plan.signal)
    note(plan.log, effect, answer)
    switch (answer.type) {
      case 'definite':
        return answer.outcome
      case 'burned':
        return { type: 'refused', reason: rejectedAs ?? 'payment_given_up' }
      case 'neverSeen':
        ask = false
        // After a burn this is no sound answer: do not ask in a tight loop.
        if (!pointless) continue
        break
      case 'rejected':
        // A question that is not taken says nothing about the effect.
        if (asked) break
        // Burned next, so that what is recorded as refused can not happen after all.
        rejectedAs = answer.code
        continue
      default:
        ask = true
    }
    const limit = Math.min(plan.pauseMostMs, plan.pauseFirstMs * 2 ** Math.min(attempt, 20))
    plan.waits(true)
    await pause(limit * (0.5 + Math.random() / 2), undefined, { signal: plan.signal })
    plan.waits(false)
  }
}

function note(log: PaymentLog, effect: OutboxView, answer: ProviderAnswer): void {
  const { outboxId, kind, bookingId, paymentId } = effect
  const about = { outboxId, kind, bookingId, paymentId }
  if (answer.type === 'unknown') {
    const fields = { ...about, code: answer.code }
    if (answer.code === 'unauthorized') {
      log.error(
        fields,
        'the payment provider does not take our secret; check --payment-secret-file',
      )
    } else {
      log.warn(fields, 'no word from the payment provider; it is asked by key until it is definite')
    }
  }
  if (answer.type === 'rejected') {
    log.error({ ...about, code: answer.code }, 'the payment provider does not take this effect')
  }
}
