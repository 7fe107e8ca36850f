/** Seats in the new formation for the next parties of a run, in their order. */
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import type { Run } from '../things.ts'
import { isOn, planOf, type SeatPlan, seatAtHome, seatElsewhere, stageOf } from './plan.ts'
import type { Party, Reseating } from './things.ts'

/** False: all have been looked at. */
export function seatSome(work: Work, run: Run, reseating: Reseating, most: number): boolean {
  const next = nextParties(reseating.parties.values()).slice(0, most)
  if (next.length === 0) return false
  const plan = planOf(work.state, run, reseating)
  for (const party of next) {
    seatParty(work.state, plan, party)
    writeRow(work, 'reseated_parties', party)
  }
  return true
}

/** Those of the first stage that is not done, in order. */
export function nextParties(parties: Iterable<Party>): Party[] {
  const waiting: { readonly party: Party; readonly stage: number }[] = []
  for (const party of parties) {
    const stage = stageOf(party)
    if (stage !== undefined) waiting.push({ party, stage })
  }
  const first = Math.min(...waiting.map(({ stage }) => stage))
  return waiting
    .filter(({ stage }) => stage === first)
    .map(({ party }) => party)
    .sort((a, b) => a.rank - b.rank || a.bookingId - b.bookingId)
}

/** In its own class; then, when it is paid for, in another one. */
export function seatParty(state: BookingState, plan: SeatPlan, party: Party): void {
  const booking = state.bookings.get(party.bookingId)
  const isThere = booking !== undefined && isOn(booking, plan.run.runId)
  const isAgain = party.status === 'left'
  const found = isThere
    ? isAgain
      ? seatElsewhere(plan, booking)
      : seatAtHome(plan, booking)
    : undefined
  if (found !== undefined) Object.assign(party, { status: 'seated', ...found })
  else if (isThere && !isAgain && booking.status === 'confirmed') party.status = 'left'
  else party.status = 'lost'
}
