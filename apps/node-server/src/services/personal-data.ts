import {
  bookingIdsOf,
  findAccount,
  findBooking,
  findRun,
  findSecondFactor,
  mutedNotices,
  passengersOf,
  sessionsOf,
  ticketsOf,
  vouchersOf,
} from '@quorail/booking-fsm'
import type { NodeHost } from '../host/types.ts'

/** So many bookings are written before others have their turn. */
const atOnce = 50

/** Everything that the railway knows of a person; hashes of secrets are none of it. */
export async function personalData(host: NodeHost, accountId: number): Promise<object> {
  const { state } = host
  const account = findAccount(state, accountId)
  if (account === undefined) throw new Error('the account is gone')
  const bookings: object[] = []
  for (const [i, bookingId] of bookingIdsOf(state, accountId).entries()) {
    if (i % atOnce === atOnce - 1) await new Promise((resolve) => setImmediate(resolve))
    const booking = findBooking(state, bookingId)
    if (booking === undefined) continue
    const run = findRun(state, booking.runId)
    const train = { trainNumber: run?.trainNumber, serviceDate: run?.serviceDate }
    bookings.push({ ...booking, ...train, tickets: ticketsOf(state, bookingId) })
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
    bookings,
  }
}
