'use client'

import type { Watches, WatchListener } from '@quorail/cluster-client'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useClient } from '@/lib/api/connection'
import { BookingStatus } from '@/lib/api/enums'
import { useWatch } from '@/lib/api/use-watch'
import { bookingKey, type TimedBooking, withServerTime } from '@/lib/booking/booking-query'
import { newerOf } from '@/lib/newer-of'

/** Nobody should look at an old state for longer without being told. */
const timeoutMs = 5_000
/** What is told as it changes is asked for all the same, now and then. */
const watchedMs = 30_000

/**
 * A booking of one's own, told as it changes. Without a stream, and while a payment is under way, it is asked
 * for again as often as `pollMs` says (false: not at all).
 */
export function useBooking(
  bookingId: string,
  pollMs: (known: TimedBooking | undefined) => number | false,
) {
  const bookings = useClient('bookings')
  const queries = useQueryClient()
  const watch = useCallback(
    (watches: Watches, listener: WatchListener<Booking>) =>
      watches.booking(BigInt(bookingId), listener),
    [bookingId],
  )
  const take = useCallback(
    (booking: Booking, { index }: { readonly index: bigint }) =>
      queries.setQueryData<TimedBooking | null>(bookingKey(bookingId), (known) => {
        // Before the first answer nobody knows the clock that its hold runs by.
        if (known === null || known === undefined) return known
        return newerOf(known, { booking, index, serverOffsetMs: known.serverOffsetMs })
      }),
    [queries, bookingId],
  )
  const known = queries.getQueryData<TimedBooking | null>(bookingKey(bookingId))
  const isThere = known !== undefined && known !== null
  const isLive = useWatch(isThere ? watch : undefined, take)
  return useQuery({
    queryKey: bookingKey(bookingId),
    queryFn: async ({ signal }) => {
      const answer = await bookings.getBooking(
        { bookingId: BigInt(bookingId) },
        { signal, timeoutMs },
      )
      const told = queries.getQueryData<TimedBooking | null>(bookingKey(bookingId))
      const asked = withServerTime(answer)
      return asked === undefined ? null : newerOf(told ?? undefined, asked)
    },
    refetchInterval: ({ state }) => {
      const data = state.data ?? undefined
      const ms = pollMs(data)
      const isPaying = data?.booking.status === BookingStatus.PAYING
      return ms === false || !isLive || isPaying ? ms : Math.max(ms, watchedMs)
    },
    refetchIntervalInBackground: true,
    staleTime: 0,
  })
}
