'use client'

import { describeError, newRequestId, resolveUnknown } from '@quorail/cluster-client'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLogin } from '@/features/account/components/account-provider'
import { useClient, useConnection } from '@/lib/api/connection'
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
  const payments = useClient(PaymentService)
  const { addresses } = useConnection()
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
        try {
          const answer = await resolveUnknown((inner) => payments.pay(request, { signal: inner }), {
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
          const problem = describeError(error)
          const again = problem.code === 'UNAUTHENTICATED' && (await login(sessionEnded))
          if (again) continue
          clearRecord(sessionStorage, bookingId)
          setAttempt({ phase: 'refused', problem })
        }
        // An answer to a repeated request tells of then; the booking itself tells of now.
        return queries.invalidateQueries({ queryKey: bookingKey(bookingId) })
      }
    },
    [bookingId, payments, queries, login],
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
