import type { Entry, ExtendHold, Reply } from '../../src/index.ts'
import { needHeld } from './booking-commands.ts'
import { ownBooking } from './own-booking.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { checkId } from './shapes.ts'
import { departureAt, legsOf, runOf, type World } from './world.ts'

export function extendHold(world: World, entry: Entry, command: ExtendHold): Reply {
  checkId(command.bookingId, 'bookingId')
  const booking = ownBooking(world, entry, command.bookingId)
  needHeld(booking)
  const legs = legsOf(world, booking)
  for (const leg of legs) {
    if (departureAt(world, runOf(world, leg), leg.fromStop) <= world.now) refuse('runDeparted')
  }
  const rule = ruleInForce(world.salesRules, world.now)
  if (rule === undefined || rule.extensionMs === 0) refuse('extensionNotAllowed')
  const tried = world.payments.some((p) => legs.some((leg) => leg.id === p.bookingId))
  if (booking.extended || tried) refuse('alreadyExtended')
  const expiresAtMs = booking.expiresAt + rule.extensionMs
  for (const leg of legs) {
    leg.extended = true
    leg.expiresAt = expiresAtMs
  }
  return { type: 'holdExtended', expiresAtMs }
}
