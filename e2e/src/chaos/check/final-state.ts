/** What is left when all is over: on every node the same, and everything that was acknowledged. */
import type { FinalBooking, History, Operation } from '../history.ts'
import type { Bookings, SoldBooking } from './bookings.ts'
import type { Finding } from './finding.ts'
import { describe } from './index-bounds.ts'

export function judgeFinalState(history: History, bookings: Bookings): Finding[] {
  const nodes = Object.entries(history.final).map(
    ([node, rows]) => [node, new Map(rows.map((row) => [row.bookingId, row]))] as const,
  )
  return [
    ...nodes.flatMap(([node, rows]) => [
      ...[...bookings.values()].flatMap((booking) => missing(node, rows, booking)),
      ...surplus(node, rows, bookings),
    ]),
    ...unresolved(history.operations),
    ...hashesDiffer(history),
    ...ledger(history),
  ]
}

type Rows = ReadonlyMap<number, FinalBooking>

function missing(node: string, rows: Rows, booking: SoldBooking): Finding[] {
  const { bookingId, hold, answer } = booking
  const row = rows.get(bookingId)
  const said = `Booking ${bookingId} (${hold.name}) was acknowledged at index ${booking.held.high}`
  if (row === undefined) {
    return [{ code: 'lost', sentence: `${said}; node ${node} does not have it.` }]
  }
  const same =
    row.name === hold.name &&
    row.seat === answer.seat &&
    row.runId === hold.runId &&
    row.fromStop === hold.fromStop &&
    row.toStop === hold.toStop
  if (!same) {
    const sentence = `${said}; on node ${node} it is ${row.name}'s, seat ${row.seat} of run ${row.runId}.`
    return [{ code: 'lost', sentence }]
  }
  const should = finalStatus(booking)
  if (should === row.status) return []
  const sentence = `Booking ${bookingId} (${hold.name}) must be ${should} after what was acknowledged; node ${node} has it as ${row.status}.`
  return [{ code: 'lost', sentence }]
}

/** Payments have had the time to settle. */
function finalStatus({ paid, ended, endedBy }: SoldBooking): string {
  if (ended !== undefined) return endedBy as string
  return paid === undefined ? 'HELD' : 'CONFIRMED'
}

function surplus(node: string, rows: Rows, bookings: Bookings): Finding[] {
  return [...rows.values()]
    .filter(({ bookingId }) => !bookings.has(bookingId))
    .map(({ bookingId, name }) => ({
      code: 'appeared',
      sentence: `Node ${node} has booking ${bookingId} (${name}), which nobody was told of.`,
    }))
}

function unresolved(operations: readonly Operation[]): Finding[] {
  return operations
    .filter(({ outcome }) => outcome.type === 'unknown')
    .map((operation) => ({
      code: 'unresolved',
      sentence: `${describe(operation)} was never resolved.`,
    }))
}

function hashesDiffer({ hashes, final }: History): Finding[] {
  const named = Object.entries(hashes)
  const different = new Set(named.map(([, { index, hash }]) => `${index} ${hash}`)).size
  if (different === 1 && named.length === Object.keys(final).length) return []
  const shown = named.map(([node, { index, hash }]) => `${node} ${index} ${hash}`).join(', ')
  return [{ code: 'nodesDiffer', sentence: `The nodes do not end with one state: ${shown}.` }]
}

function ledger({ ledger: { sumMinor, orphans } }: History): Finding[] {
  if (sumMinor === 0 && orphans === 0) return []
  const sentence = `The ledger's accounts sum to ${sumMinor}; ${orphans} sums have no reason.`
  return [{ code: 'ledger', sentence }]
}
