'use client'

import { newRequestId } from '@quorail/cluster-client'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLogin } from '@/features/account/components/account-provider'
import { useConnection } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { bookingKey, withServerTime } from '@/lib/booking/booking-query'
import type { CardFields, CardProblems } from '@/lib/payment/card'
import { CardRefused, createToken } from '@/lib/payment/provider'
import type { Attempt } from '../model/checkout-view'
import { clearRecord, type PaymentRecord, readRecord, writeRecord } from '../model/payment-record'

export interface CardProblem {
  readonly sentence: string
  readonly fields: CardProblems
}

/** Pays, and goes on where a reload interrupted it. One request id from the token to the end. */
export function usePay(bookingId: string) {
  const { addresses, backend: load } = useConnection()
  const queries = useQueryClient()
  const login = useLogin()
  const [attempt, setAttempt] = useState<Attempt>({ phase: 'none' })
  const [cardProblem, setCardProblem] = useState<CardProblem>()
  const page = useRef<AbortController>(undefined)

  const send = useCallback(
    async ({ requestId, token, amountMinor }: PaymentRecord, signal: AbortSignal) => {
      const sinceMs = Date.now()
      setAttempt({ phase: 'sending', sinceMs })
      const request = { requestId, bookingId: BigInt(bookingId), paymentToken: token, amountMinor }
      for (;;) {
        let words = describe
        try {
          const backend = await load()
          words = backend.describeError
          const pay = (inner: AbortSignal) => backend.payments.pay(request, { signal: inner })
          const answer = await backend.resolveUnknown(pay, {
            signal,
            pauseMostMs: 2_000,
            onState: (asking) => {
              if (asking.phase !== 'waiting') return
              setAttempt({ phase: 'waiting', sinceMs, problem: asking.error })
            },
          })
          queries.setQueryData(bookingKey(bookingId), withServerTime(answer))
          setAttempt({ phase: 'accepted', sinceMs })
        } catch (error) {
          if (signal.aborted) return
          const problem = words(error)
          const again = problem.code === 'UNAUTHENTICATED' && (await login(sessionEnded))
          if (again) continue
          clearRecord(sessionStorage, bookingId)
          setAttempt({ phase: 'refused', problem })
        }
        // An answer to a repeated request tells of then; the booking itself tells of now.
        return queries.invalidateQueries({ queryKey: bookingKey(bookingId) })
      }
    },
    [bookingId, load, queries, login],
  )

  useEffect(() => {
    const controller = new AbortController()
    page.current = controller
    const interrupted = readRecord(sessionStorage, bookingId)
    if (interrupted !== undefined) void send(interrupted, controller.signal)
    return () => controller.abort()
  }, [bookingId, send])

  const pay = async (card: CardFields, amountMinor: bigint) => {
    setCardProblem(undefined)
    setAttempt({ phase: 'token' })
    try {
      const { token, brand, last4 } = await createToken(addresses.paymentUrl, card)
      const record = { requestId: newRequestId(), token, amountMinor, card: `${brand} ${last4}` }
      writeRecord(sessionStorage, bookingId, record)
      await send(record, page.current?.signal ?? new AbortController().signal)
    } catch (error) {
      setAttempt({ phase: 'none' })
      if (!(error instanceof CardRefused)) throw error
      setCardProblem({ sentence: error.message, fields: error.fields })
    }
  }

  const settle = useCallback(() => {
    clearRecord(sessionStorage, bookingId)
    setAttempt((old) => (old.phase === 'accepted' ? { phase: 'none' } : old))
  }, [bookingId])

  return { attempt, cardProblem, pay, settle }
}

const sessionEnded = 'Your session has ended. Log in again; the payment goes on by itself.'
