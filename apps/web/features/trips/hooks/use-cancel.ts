'use client'

import {
  type DescribedError,
  describeError,
  newRequestId,
  resolveUnknown,
} from '@quorail/cluster-client'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useClient } from '@/lib/api/connection'
import { bookingKey } from '@/lib/booking/booking-query'

export type CancelState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'cancelling' }
  | { readonly phase: 'waiting'; readonly problem: DescribedError }
  | { readonly phase: 'refused'; readonly problem: DescribedError }

/** The refund is asked for first, and the cancellation is for exactly that refund. */
export function useCancel(booking: Booking) {
  const bookings = useClient(BookingService)
  const queries = useQueryClient()
  const { bookingId } = booking
  const [state, setState] = useState<CancelState>({ phase: 'idle' })
  const page = useRef<AbortController>(undefined)
  useEffect(() => {
    page.current = new AbortController()
    return () => page.current?.abort()
  }, [])

  const quote = useQuery({
    queryKey: ['mine', 'refund', String(bookingId)],
    queryFn: ({ signal }) => bookings.quoteRefund({ bookingId }, { signal }),
    staleTime: 0,
    gcTime: 0,
  })

  const cancel = async (expectedRefundMinor: bigint): Promise<boolean> => {
    setState({ phase: 'cancelling' })
    const request = { requestId: newRequestId(), bookingId, expectedRefundMinor }
    try {
      await resolveUnknown((signal) => bookings.cancelBooking(request, { signal }), {
        ...(page.current && { signal: page.current.signal }),
        onState: (asking) => {
          if (asking.phase === 'waiting') setState({ phase: 'waiting', problem: asking.error })
        },
      })
    } catch (error) {
      setState({ phase: 'refused', problem: describeError(error) })
      await Promise.all([quote.refetch(), refresh()])
      return false
    }
    await refresh()
    return true
  }

  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: bookingKey(String(bookingId)) }),
      queries.invalidateQueries({ queryKey: ['mine', 'bookings'] }),
    ])

  return { quote, state, cancel }
}
