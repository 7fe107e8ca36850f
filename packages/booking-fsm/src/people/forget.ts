/** What names somebody outside their account and their bookings. */
import { type Work, writeRow } from '../store.ts'
import type { Account } from '../things.ts'

/** What a name becomes. */
const ERASED = '*'

/** Entries of draws that are not done, and what staff wrote about a refund. What follows from them stays as it is. */
export function forgetElsewhere(work: Work, account: Account): void {
  forgetDrawEntries(work, account)
  forgetNotes(work, account)
}

/** At its turn the entry gets nothing: its place in the order stays, so that everybody can check it. */
function forgetDrawEntries(work: Work, { accountId }: Account): void {
  for (const draw of work.state.activeDraws) {
    const entry = draw.entries.get(draw.numbers.get(accountId) ?? 0)
    if (entry === undefined) continue
    entry.passengers = entry.passengers.map(({ passengerType }) => ({
      name: ERASED,
      passengerType,
    }))
    writeRow(work, 'draw_entries', entry)
  }
}

function forgetNotes(work: Work, { bookingIds }: Account): void {
  if (bookingIds.length === 0) return
  const mine = new Set(bookingIds)
  for (const override of work.state.disruption.overrides.values()) {
    if (!mine.has(override.bookingId)) continue
    override.note = ERASED
    writeRow(work, 'overrides', override)
  }
}
