/** What stands on a company's account. */
import { halfUp } from './rule-commands.ts'
import { bookingOf, legsOf, type ModelPayment, type World } from './world.ts'

/** Of a refund `amount` is below 0, and the payment's `refunded` has it already. */
export function chargeCompany(world: World, payment: ModelPayment, amount: number): void {
  const companyId = Number(payment.reference.split(':')[1])
  const company = world.companies.find((it) => it.companyId === companyId)
  if (company === undefined) throw new Error(`no company ${companyId}`)
  const legs = legsOf(world, bookingOf(world, payment.bookingId))
  const all = legs.flatMap((leg) => leg.passengers.flatMap((p) => p.lines))
  const price = legs.reduce((sum, leg) => sum + leg.price, 0)
  const inPrice = all.reduce((sum, line) => sum + line.taxMinor, 0)
  const inPayment = halfUp(BigInt(inPrice) * BigInt(payment.amount), BigInt(price))
  const backBy = (refunded: number) =>
    halfUp(BigInt(inPayment) * BigInt(refunded), BigInt(payment.amount))
  const before = payment.refunded + amount
  const tax = amount > 0 ? inPayment : backBy(before) - backBy(payment.refunded)
  company.owedMinor += amount
  const id = world.companyItems.length + 1
  world.companyItems.push({ id, companyId, amount, tax, draft: 0 })
}
