/** The portions in which a change of consist is worked off; after them its passengers choose. */
import { refundSome } from '../cancelling.ts'
import type { Disruption } from '../disruption/things.ts'
import { queueNotice } from '../notices.ts'
import type { Work } from '../store.ts'
import type { Run } from '../things.ts'
import { dropParty, dropReseating, listBooking } from './list.ts'
import { moveAll } from './move.ts'
import { seatSome } from './seat.ts'
import type { Reseating } from './things.ts'

/** Bookings of the run that one entry looks at. */
const LISTED = 200
/** Parties that one entry finds seats for: a large one goes through all rows. */
const SEATED = 50
/** Bookings that one entry tells, and pays back: each writes up to two dozen rows. */
const TOLD = 50

export function continueConsist(work: Work, disruption: Disruption): void {
  const { consist, runs } = work.state
  const reseating = consist.changing.get(disruption.runId)
  const run = runs.get(disruption.runId)
  if (reseating === undefined || run === undefined) throw new Error('nobody is to be seated')
  if (disruption.phase === 'listing') listSome(work, reseating, disruption)
  else if (disruption.phase === 'seating') seatOrMove(work, run, reseating, disruption)
  else tellSome(work, reseating, disruption)
}

function listSome(work: Work, reseating: Reseating, disruption: Disruption): void {
  const { bookings, disruption: about } = work.state
  let left = LISTED
  for (const bookingId of bookings.idsOnRun(disruption.runId, disruption.cursor)) {
    if (left-- === 0) return
    disruption.cursor = bookingId
    const booking = bookings.get(bookingId)
    if (booking === undefined || listBooking(work, booking, reseating)) continue
    dropReseating(work, reseating)
    disruption.phase = 'abandoned'
    about.unsettled.delete(disruption)
    return
  }
  disruption.phase = 'seating'
}

function seatOrMove(work: Work, run: Run, reseating: Reseating, disruption: Disruption): void {
  if (seatSome(work, run, reseating, SEATED)) return
  moveAll(work, run, reseating, disruption)
  disruption.phase = 'telling'
}

/** What has become of those who moved is no longer open: they are told, and get back what is due to them. */
function tellSome(work: Work, reseating: Reseating, disruption: Disruption): void {
  const { runId } = disruption
  const all = [...reseating.parties.values()].sort((a, b) => a.bookingId - b.bookingId)
  for (const party of all.slice(0, TOLD)) {
    const booking = work.state.bookings.get(party.bookingId)
    dropParty(work, reseating, party)
    if (booking === undefined) continue
    const backs = party.backs.map((amountMinor, position) => ({ position, amountMinor }))
    const refundMinor = refundSome(work, booking, backs, 'otherClass')
    queueNotice(work, booking, 'reseated', { runId, refundMinor })
  }
  if (reseating.parties.size > 0) return
  dropReseating(work, reseating)
  disruption.phase = 'choosing'
}
