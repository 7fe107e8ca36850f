'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useClient, useConnection } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { bookingKey } from '@/lib/booking/booking-query'

export type CancelState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'cancelling' }
  | { readonly phase: 'waiting'; readonly problem: DescribedError }
  | { readonly phase: 'refused'; readonly problem: DescribedError }

/** The refund is asked for first, and the cancellation is for exactly that refund. */
export function useCancel(booking: Booking) {
  const connection = useConnection()
  const bookings = useClient('bookings')
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
    let words = describe
    try {
      const backend = await connection.backend()
      words = backend.describeError
      await backend.resolveUnknown(
        (signal) => backend.bookings.cancelBooking(request, { signal }),
        {
          ...(page.current && { signal: page.current.signal }),
          onState: (asking) => {
            if (asking.phase === 'waiting') setState({ phase: 'waiting', problem: asking.error })
          },
        },
      )
    } catch (error) {
      setState({ phase: 'refused', problem: words(error) })
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
