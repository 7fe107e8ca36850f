'use client'

import {
  type DescribedError,
  describeError,
  newRequestId,
  resolveUnknown,
} from '@quorail/cluster-client'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLogin } from '@/features/account/components/account-provider'
import { useClient } from '@/lib/api/connection'
import { bookingKey, withServerTime } from '@/lib/booking/booking-query'

export interface HoldRequest {
  readonly runId: bigint
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly names: readonly string[]
  readonly seats: readonly number[]
}

export type HoldState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'holding' }
  /** No definite answer yet; the same request is sent again and again. */
  | { readonly phase: 'waiting'; readonly problem: DescribedError }
  | { readonly phase: 'refused'; readonly problem: DescribedError }

/** Holds seats; gives the booking's id, or undefined when that was refused (see `state`). */
export function useHold() {
  const bookings = useClient(BookingService)
  const queries = useQueryClient()
  const login = useLogin()
  const [state, setState] = useState<HoldState>({ phase: 'idle' })
  const leaving = useRef<AbortController>(undefined)
  useEffect(() => () => leaving.current?.abort(), [])

  const send = async ({ names, ...rest }: HoldRequest, requestId: string) => {
    leaving.current = new AbortController()
    const request = {
      ...rest,
      requestId,
      passengers: names.map((name) => ({ name })),
      seats: [...rest.seats],
    }
    const answer = await resolveUnknown((signal) => bookings.holdSeats(request, { signal }), {
      signal: leaving.current.signal,
      onState: (asking) => {
        if (asking.phase === 'waiting') setState({ phase: 'waiting', problem: asking.error })
      },
    })
    const id = String(answer.booking?.bookingId)
    queries.setQueryData(bookingKey(id), withServerTime(answer))
    void queries.invalidateQueries({ queryKey: ['mine', 'bookings'] })
    return id
  }

  const hold = async (request: HoldRequest): Promise<string | DescribedError> => {
    setState({ phase: 'holding' })
    // A refusal is remembered under its id, so each attempt of a person has a new one.
    const requestId = newRequestId()
    for (;;) {
      try {
        return await send(request, requestId)
      } catch (error) {
        const problem = describeError(error)
        if (problem.code === 'UNAUTHENTICATED' && (await login(sessionEnded)) !== undefined)
          continue
        setState({ phase: 'refused', problem })
        return problem
      }
    }
  }

  return { state, hold, forget: () => setState({ phase: 'idle' }) }
}

const sessionEnded = 'Your session has ended. Log in again; your seats are still chosen.'
