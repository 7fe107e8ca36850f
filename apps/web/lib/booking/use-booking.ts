'use client'

import { useQuery } from '@tanstack/react-query'
import { useClient } from '@/lib/api/connection'
import { bookingKey, type TimedBooking, withServerTime } from '@/lib/booking/booking-query'

/** Nobody should look at an old state for longer without being told. */
const timeoutMs = 5_000

/** A booking of one's own, asked for again as often as `pollMs` says (false: not at all). */
export function useBooking(
  bookingId: string,
  pollMs: (known: TimedBooking | undefined) => number | false,
) {
  const bookings = useClient('bookings')
  return useQuery({
    queryKey: bookingKey(bookingId),
    queryFn: async ({ signal }) => {
      const answer = await bookings.getBooking(
        { bookingId: BigInt(bookingId) },
        { signal, timeoutMs },
      )
      return withServerTime(answer) ?? null
    },
    refetchInterval: ({ state }) => pollMs(state.data ?? undefined),
    refetchIntervalInBackground: true,
    staleTime: 0,
  })
}
