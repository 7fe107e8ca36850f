/** Erased accounts: the names on their bookings go in bounded portions, by account and booking. */
import { dropCustomer } from './agents/agent.ts'
import { eraseNames } from './party.ts'
import { dropDetails } from './products/passenger-data.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work, writeRow } from './store.ts'
import type { Erasure } from './things.ts'

const BOOKINGS_PER_ENTRY = 100

/** Names are still to be erased: of an account that was deleted now, or of one that is loaded. */
export function keepErasure({ erasures }: BookingState, erasure: Erasure): void {
  erasures.push(erasure)
  erasures.sort((a, b) => a.accountId - b.accountId)
}

/** Housekeeping. */
export function eraseSomeNames(work: Work): void {
  const { erasures } = work.state
  let left = BOOKINGS_PER_ENTRY
  for (let next = erasures[0]; next !== undefined && left > 0; next = erasures[0]) {
    left -= eraseNamesOf(work, next, left)
  }
}

/** Of so many bookings at most; gives of how many. */
function eraseNamesOf(work: Work, erasure: Erasure, limit: number): number {
  const { accounts, bookings, erasures } = work.state
  const { accountId, namesFrom } = erasure
  const all = accounts.get(accountId)?.bookingIds ?? []
  const ids = all.filter((id) => id >= namesFrom)
  for (const id of ids.slice(0, limit)) {
    const booking = bookings.get(id)
    if (booking === undefined) {
      eraseArchived(work, id)
      continue
    }
    dropCustomer(work, id)
    booking.namesJson = eraseNames(booking.namesJson)
    dropDetails(work, booking)
    writeRow(work, 'bookings', booking)
  }
  const next = ids[limit]
  if (next === undefined) {
    erasures.shift()
    deleteRow(work, 'erasures', erasure, [accountId])
  } else {
    erasure.namesFrom = next
    writeRow(work, 'erasures', erasure)
  }
  return Math.min(ids.length, limit)
}

/** What the archive's tables have of persons, apart from all else. */
function eraseArchived({ state, changes }: Work, bookingId: number): void {
  const { passengers = 0 } = state.archive.get(bookingId) ?? {}
  for (const table of ['archived_names', 'archived_customers']) {
    changes.push({ type: 'delete', table, key: [bookingId] })
  }
  for (let position = 0; position < passengers; position++) {
    const key = [bookingId, position]
    changes.push({ type: 'delete', table: 'archived_passenger_details', key })
  }
}
