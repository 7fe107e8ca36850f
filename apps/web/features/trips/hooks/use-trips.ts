'use client'

import { useQuery } from '@tanstack/react-query'
import { useClient } from '@/lib/api/connection'
import { toMs } from '@/lib/format/time'

export function useTrips(enabled: boolean) {
  const bookings = useClient('bookings')
  return useQuery({
    queryKey: ['mine', 'bookings'],
    queryFn: async ({ signal }) => {
      const answer = await bookings.listBookings({ limit: 100 }, { signal })
      return { bookings: answer.bookings, nowMs: toMs(answer.now) || Date.now() }
    },
    enabled,
    refetchInterval: 15_000,
  })
}
