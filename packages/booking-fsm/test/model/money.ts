import type { EffectKind } from '../../src/index.ts'
import type { LedgerAccount, ModelPayment, World } from './world.ts'

export function debit(world: World, account: LedgerAccount, amount: number): void {
  world.ledger.push({ account, amount })
}

export function balance(world: World, account: LedgerAccount): number {
  return world.ledger
    .filter((line) => line.account === account)
    .reduce((sum, line) => sum + line.amount, 0)
}

export function queueEffect(
  world: World,
  payment: ModelPayment,
  kind: EffectKind,
  amount: number,
): void {
  const prefix = `${world.cluster?.clusterId}-${world.index}-`
  const number = world.effects.filter((effect) => effect.key.startsWith(prefix)).length
  world.effects.push({
    id: ++world.given.effects,
    key: `${prefix}${number}`,
    kind,
    paymentId: payment.id,
    amount,
    answered: false,
  })
}
