'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useLogin } from '@/features/account/components/account-provider'
import type { Backend } from '@/lib/api/backend'
import { useConnection } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { bookingKey, withServerTime } from '@/lib/booking/booking-query'

export interface HoldRequest {
  readonly runId: bigint
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly names: readonly string[]
  readonly seats: readonly number[]
  /** The total that is on the screen: the seats are held at it, or not at all. */
  readonly expectedPriceMinor: bigint | undefined
}

export type HoldState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'holding' }
  /** No definite answer yet; the same request is sent again and again. */
  | { readonly phase: 'waiting'; readonly problem: DescribedError }
  | { readonly phase: 'refused'; readonly problem: DescribedError }

/** Holds seats; gives the booking's id, or undefined when that was refused (see `state`). */
export function useHold() {
  const connection = useConnection()
  const queries = useQueryClient()
  const login = useLogin()
  const [state, setState] = useState<HoldState>({ phase: 'idle' })
  const leaving = useRef<AbortController>(undefined)
  useEffect(() => () => leaving.current?.abort(), [])

  const send = async (backend: Backend, { names, ...rest }: HoldRequest, requestId: string) => {
    leaving.current = new AbortController()
    const request = {
      ...rest,
      requestId,
      passengers: names.map((name) => ({ name })),
      seats: [...rest.seats],
    }
    const answer = await backend.resolveUnknown(
      (signal) => backend.bookings.holdSeats(request, { signal }),
      {
        signal: leaving.current.signal,
        onState: (asking) => {
          if (asking.phase === 'waiting') setState({ phase: 'waiting', problem: asking.error })
        },
      },
    )
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
      let words = describe
      try {
        const backend = await connection.backend()
        words = backend.describeError
        return await send(backend, request, requestId)
      } catch (error) {
        const problem = words(error)
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
