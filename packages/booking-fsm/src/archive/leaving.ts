/** The rows of the tables whose rule is `goes`: which they are, and how they leave the memory. */
import { rowValues, type StateTable } from '../row-values.ts'
import type { Value } from '../rows.ts'
import type { BookingState } from '../state.ts'
import type { Booking, Run } from '../things.ts'
import { removeRun } from '../timetable.ts'

/** How the rows of one table go with a booking or a run. */
interface Leaving<T> {
  readonly rows: (state: BookingState, it: T) => readonly (readonly Value[])[]
  /** After the rows of all that goes in the entry with it were taken down. */
  readonly forget: (state: BookingState, it: T) => void
}

/** By table; in the order in which they are forgotten. */
export const leavingBooking: Readonly<Partial<Record<StateTable, Leaving<Booking>>>> = {
  cancelled_passengers: byBooking('cancelled_passengers', ({ cancelled }) => cancelled),
  refund_offers: {
    rows: ({ offers }, { bookingId }) => one('refund_offers', offers.get(bookingId)),
    forget: ({ offers }, { bookingId }) => offers.delete(bookingId),
  },
  booking_pools: {
    rows: ({ bookingPools }, { bookingId }) => one('booking_pools', bookingPools.get(bookingId)),
    forget: ({ bookingPools }, { bookingId }) => bookingPools.delete(bookingId),
  },
  booking_products: {
    rows: ({ bookingProducts }, { bookingId }) =>
      one('booking_products', bookingProducts.get(bookingId)),
    forget: ({ bookingProducts }, { bookingId }) => bookingProducts.delete(bookingId),
  },
  exchanges: {
    rows: ({ exchanges }, { bookingId }) => one('exchanges', exchanges.get(bookingId)),
    forget: forgetExchange,
  },
  compensations: byBooking('compensations', ({ compensations }) => compensations),
  tickets: byBooking('tickets', ({ tickets }) => tickets),
  disrupted_bookings: {
    rows: ({ disruption }, { bookingId }) =>
      one('disrupted_bookings', disruption.disrupted.get(bookingId)),
    forget: ({ disruption }, { bookingId }) => disruption.disrupted.delete(bookingId),
  },
  // Of a hold that was given up. What was paid with a voucher stays with the voucher, which is not archived.
  voucher_uses: {
    rows: (state, booking) => one('voucher_uses', releasedUse(state, booking)),
    forget: (state, booking) => {
      if (releasedUse(state, booking) !== undefined) state.voucherUses.delete(booking.bookingId)
    },
  },
  delay_compensations: byBooking('delay_compensations', ({ disruption }) => disruption.delayPays),
  customers: {
    rows: ({ customers }, { bookingId }) => one('customers', customers.get(bookingId)),
    forget: ({ customers }, { bookingId }) => customers.delete(bookingId),
  },
  passenger_details: byBooking('passenger_details', ({ passengerDetails }) => passengerDetails),
  seat_wishes: {
    rows: ({ seatWishes }, { bookingId }) => one('seat_wishes', seatWishes.get(bookingId)),
    forget: ({ seatWishes }, { bookingId }) => seatWishes.delete(bookingId),
  },
  journey_changes: byBooking('journey_changes', ({ disruption }) => disruption.changes),
  trips: {
    rows: (_, booking) =>
      booking.trip?.legs[0] === booking ? [rowValues.trips(booking.trip)] : [],
    // With the booking.
    forget: () => undefined,
  },
  payments: {
    rows: (_, { payments }) => payments.map(rowValues.payments),
    forget: ({ requests }, { payments }) => {
      for (const { requestKey } of payments) requests.delete(requestKey)
    },
  },
  bookings: {
    rows: (_, booking) => [rowValues.bookings(booking)],
    forget: ({ bookings, requests }, booking) => {
      requests.delete(booking.requestKey)
      bookings.remove(booking)
    },
  },
}

export const leavingRun: Readonly<Partial<Record<StateTable, Leaving<Run>>>> = {
  charts: {
    rows: ({ charts }, { runId }) => one('charts', charts.get(runId)),
    forget: ({ charts }, { runId }) => charts.delete(runId),
  },
  seat_blocks: {
    rows: (state, run) => blocksOf(state, run).map(rowValues.seat_blocks),
    forget: (state, run) => {
      for (const { blockId } of blocksOf(state, run)) state.blocks.delete(blockId)
    },
  },
  quotas: {
    rows: (state, run) => quotasOf(state, run).map(rowValues.quotas),
    forget: ({ quotas }, { runId, train: { trainId } }) => {
      const left = (quotas.get(trainId) ?? []).filter((quota) => quota.runId !== runId)
      if (left.length === 0) quotas.delete(trainId)
      else quotas.set(trainId, left)
    },
  },
  delays: {
    rows: ({ disruption }, { runId }) => (disruption.delays.get(runId) ?? []).map(rowValues.delays),
    forget: ({ disruption }, { runId }) => disruption.delays.delete(runId),
  },
  run_consists: {
    rows: ({ consist }, { runId }) => one('run_consists', consist.own.get(runId)),
    forget: ({ consist }, { runId }) => consist.own.delete(runId),
  },
  runs: { rows: (_, run) => [rowValues.runs(run)], forget: removeRun },
}

type ListTable =
  | 'cancelled_passengers'
  | 'compensations'
  | 'tickets'
  | 'journey_changes'
  | 'delay_compensations'
  | 'passenger_details'

/** Those of a table that keeps lists by booking. */
function byBooking<T extends ListTable>(
  table: T,
  listsOf: (state: BookingState) => Map<number, readonly Parameters<(typeof rowValues)[T]>[0][]>,
): Leaving<Booking> {
  const valuesOf = rowValues[table] as (thing: unknown) => Value[]
  return {
    rows: (state, { bookingId }) => (listsOf(state).get(bookingId) ?? []).map(valuesOf),
    forget: (state, { bookingId }) => listsOf(state).delete(bookingId),
  }
}

function one<T extends StateTable>(
  table: T,
  thing: Parameters<(typeof rowValues)[T]>[0] | undefined,
): Value[][] {
  const valuesOf = rowValues[table] as (of: unknown) => Value[]
  return thing === undefined ? [] : [valuesOf(thing)]
}

function releasedUse({ voucherUses }: BookingState, { bookingId }: Booking) {
  const use = voucherUses.get(bookingId)
  return use?.status === 'released' ? use : undefined
}

function blocksOf({ blocks }: BookingState, { runId }: Run) {
  return [...blocks.values()].filter((block) => block.runId === runId)
}

function quotasOf({ quotas }: BookingState, { runId, train }: Run) {
  return (quotas.get(train.trainId) ?? []).filter((quota) => quota.runId === runId)
}

/** An attempt that came to nothing may leave before the booking that it was for, which then has the one before it. */
function forgetExchange(state: BookingState, { bookingId, accountId }: Booking): void {
  const { exchanges, exchangeOfOld, accounts } = state
  const exchange = exchanges.get(bookingId)
  if (exchange === undefined) return
  exchanges.delete(bookingId)
  const { oldBookingId } = exchange
  if (exchangeOfOld.get(oldBookingId) !== exchange) return
  exchangeOfOld.delete(oldBookingId)
  const before = (accounts.get(accountId)?.bookingIds ?? []).findLast(
    (id) => id < bookingId && exchanges.get(id)?.oldBookingId === oldBookingId,
  )
  const last = before === undefined ? undefined : exchanges.get(before)
  if (last !== undefined) exchangeOfOld.set(oldBookingId, last)
}
