import {
  drawEntriesOf,
  findAccount,
  findRun,
  findSecondFactor,
  mutedNotices,
  passengersOf,
  sessionsOf,
  ticketsOf,
  vouchersOf,
} from '@quorail/booking-fsm'
import { findAllOf } from './archived-bookings.ts'
import type { ServiceDependencies } from './dependencies.ts'

/** So many bookings are written before others have their turn. */
const atOnce = 50

/** Everything that the railway knows of a person; hashes of secrets are none of it. */
export async function personalData(deps: ServiceDependencies, accountId: number): Promise<object> {
  const { host } = deps
  const { state } = host
  const account = findAccount(state, accountId)
  if (account === undefined) throw new Error('the account is gone')
  const bookings: object[] = []
  const all = await findAllOf(deps, accountId, Number.MAX_SAFE_INTEGER)
  for (const [i, found] of all.reverse().entries()) {
    if (i % atOnce === atOnce - 1) await new Promise((resolve) => setImmediate(resolve))
    const { booking } = found
    const run = findRun(found.state, booking.runId)
    const train = { trainNumber: run?.trainNumber, serviceDate: run?.serviceDate }
    bookings.push({ ...booking, ...train, tickets: ticketsOf(found.state, booking.bookingId) })
  }
  const { email, displayName, role, registeredAtMs } = account
  return {
    account: { accountId, email, displayName, role, registeredAtMs },
    sessions: sessionsOf(state, accountId, host.nowMs()).map(({ openedAtMs, expiresAtMs }) => ({
      openedAtMs,
      expiresAtMs,
    })),
    secondFactorSinceMs: findSecondFactor(state, accountId)?.enabledAtMs ?? 0,
    mailsNotWanted: mutedNotices(state, accountId),
    savedPassengers: passengersOf(state, accountId),
    vouchers: vouchersOf(state, accountId),
    drawEntries: drawEntriesOf(state, accountId),
    bookings,
  }
}
