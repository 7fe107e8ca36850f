import type { LedgerAccount, World } from './world.ts'

export function debit(world: World, account: LedgerAccount, amount: number): void {
  world.ledger.push({ account, amount })
  if (amount !== 0) world.moved++
}

export function balance(world: World, account: LedgerAccount): number {
  return world.ledger
    .filter((line) => line.account === account)
    .reduce((sum, line) => sum + line.amount, 0)
}
