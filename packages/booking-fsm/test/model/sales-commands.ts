import type { Entry, Reply, SetSalesRule } from '../../src/index.ts'
import { needRoomForAgent } from './agent-terms.ts'
import { needStaff } from './caller.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { checkInt, maxInstant } from './shapes.ts'
import { departureAt, type ModelBooking, runOf, type World } from './world.ts'

export function setSalesRule(world: World, entry: Entry, command: SetSalesRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.holdMs, 1_000, 86_400_000, 'holdMs')
  checkInt(command.extensionMs, 0, 86_400_000, 'extensionMs')
  checkInt(command.maxOpenHolds, 0, 1_000, 'maxOpenHolds')
  checkInt(command.maxPassengers, 1, 6, 'maxPassengers')
  checkInt(command.opensBeforeMs, 0, 1e11, 'opensBeforeMs')
  checkInt(command.closesBeforeMs, 0, 1e11, 'closesBeforeMs')
  needStaff(world, entry)
  world.salesRules.push(command)
  return { type: 'done' }
}

export function holdLength(world: World): number {
  return ruleInForce(world.salesRules, world.now)?.holdMs ?? world.cluster?.holdMs ?? 0
}

/** Of what an account holds, without what it asks for now. */
export function checkSale(
  world: World,
  entry: Entry,
  wanted: readonly ModelBooking[],
  fields: readonly string[],
): void {
  const rule = ruleInForce(world.salesRules, world.now)
  const account = world.accounts.find((a) => a.id === entry.actor)
  if (account?.role === 'agent') needRoomForAgent(world, entry, wanted)
  if (rule === undefined || !['passenger', 'guest'].includes(account?.role ?? '')) return
  wanted.forEach((leg, i) => {
    if (leg.passengers.length > rule.maxPassengers) {
      refuse('tooMany', { field: 'passengers', figure: rule.maxPassengers })
    }
    const departure = departureAt(world, runOf(world, leg), leg.fromStop)
    const field = fields[i] ?? ''
    if (rule.opensBeforeMs > 0 && world.now < departure - rule.opensBeforeMs) {
      refuse('saleNotOpen', { field, figure: Math.max(0, departure - rule.opensBeforeMs) })
    }
    if (world.now >= departure - rule.closesBeforeMs) refuse('saleClosed', { field })
  })
  const open = world.bookings.filter(
    (b) =>
      b.accountId === entry.actor &&
      !wanted.includes(b) &&
      (b.trip === 0 || b.trip === b.id) &&
      (b.status === 'held' || b.status === 'paying') &&
      b.expiresAt > world.now,
  )
  if (rule.maxOpenHolds > 0 && open.length >= rule.maxOpenHolds) {
    refuse('tooManyHolds', { figure: rule.maxOpenHolds })
  }
}
