/**
 * Bookings wherever they are: those in memory, and those of departed runs, which are read from the database.
 * What comes from there is as it was, in a small state of its own.
 */
import {
  type BookingState,
  type BookingView,
  bookingIdsOf,
  findArchived,
  findBooking,
  loadState,
  type Row,
  type StubView,
  type Value,
} from '@quorail/booking-fsm'
import { internalError } from '../errors/door-errors.ts'
import type { ServiceDependencies } from './dependencies.ts'

/** A booking, and the state to look up its run and stations in. */
export interface FoundBooking {
  readonly state: BookingState
  readonly booking: BookingView
}

/** The database is about so far behind the log when nothing is wrong. */
const patienceMs = 3_000
const lookAgainMs = 50

/** Undefined when there never was such a booking. Whose it is, is for the caller to look at. */
export async function findAnywhere(
  deps: ServiceDependencies,
  bookingId: number,
): Promise<FoundBooking | undefined> {
  const { state } = deps.host
  const booking = findBooking(state, bookingId)
  if (booking !== undefined) return { state, booking }
  const stub = findArchived(state, bookingId)
  const [found] = stub === undefined ? [] : await readArchived(deps, [stub])
  return found
}

/** An account's bookings, the latest first. */
export async function findAllOf(
  deps: ServiceDependencies,
  accountId: number,
  limit: number,
): Promise<FoundBooking[]> {
  const { state } = deps.host
  const ids = bookingIdsOf(state, accountId).toReversed().slice(0, limit)
  const archived = await readArchived(deps, stubsOf(state, ids))
  const found = ids.map((id) => {
    const booking = findBooking(state, id)
    if (booking !== undefined) return { state, booking }
    return archived.find((it) => it.booking.bookingId === id)
  })
  const whole = found.filter((it) => it !== undefined)
  // What has gone into the archive meanwhile was in neither of them.
  return whole.length === ids.length ? whole : findAllOf(deps, accountId, limit)
}

function stubsOf(state: BookingState, ids: readonly number[]): StubView[] {
  return ids.flatMap((id) => findArchived(state, id) ?? [])
}

async function readArchived(
  { reports }: ServiceDependencies,
  stubs: readonly StubView[],
): Promise<FoundBooking[]> {
  if (stubs.length === 0) return []
  if (reports === undefined) throw internalError(new Error('this node has no database'))
  const familyIds = [...new Set(stubs.map(({ familyId }) => familyId))]
  const until = Date.now() + patienceMs
  for (;;) {
    const { rows } = await reports.read({ kind: 'archive', familyIds }).catch((error: unknown) => {
      throw internalError(error)
    })
    const state = loadState(rows.map(rowOf))
    const found = stubs.flatMap((stub) => {
      const booking = findBooking(state, stub.bookingId)
      // A guest's may have been taken over by an account since.
      return booking && { state, booking: { ...booking, accountId: stub.accountId } }
    })
    const whole = found.filter((it) => it !== undefined)
    if (whole.length === stubs.length) return whole
    if (Date.now() >= until) throw internalError(new Error('the archive lacks a booking'))
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs))
  }
}

function rowOf([table, values]: readonly (string | number)[]): Row {
  return { table: String(table), values: JSON.parse(String(values)) as Value[] }
}
