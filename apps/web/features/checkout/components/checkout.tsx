'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { Card } from '@/components/ui/card'
import { bookingKey, type TimedBooking } from '@/lib/booking/booking-query'
import { toMs } from '@/lib/format/time'
import { useNow } from '@/lib/use-now'
import type { usePay } from '../hooks/use-pay'
import { type CheckoutView, checkoutView, isSettled } from '../model/checkout-view'
import { countdown } from '../model/countdown'
import { CheckoutNotice } from './checkout-notice'
import { HoldCountdown } from './hold-countdown'
import { PaymentForm } from './payment-form'
import { PaymentProgress } from './payment-progress'
import { ReleaseButton } from './release-button'
import { TripSummary } from './trip-summary'

interface CheckoutProps {
  readonly timed: TimedBooking
  readonly pay: ReturnType<typeof usePay>
  readonly unanswered: boolean
}

export function Checkout({ timed, pay, unanswered }: CheckoutProps) {
  const { booking, serverOffsetMs } = timed
  const router = useRouter()
  const queries = useQueryClient()
  const now = useNow()
  const id = String(booking.bookingId)
  const left = countdown(toMs(booking.expiresAt), serverOffsetMs, now)
  const holdIsOver = left.phase === 'over'
  const { attempt, settle } = pay
  const view = checkoutView({ booking, attempt, unanswered, holdIsOver, nowMs: now })

  useEffect(() => {
    if (attempt.phase === 'accepted' && isSettled(booking.status)) settle()
  }, [attempt.phase, booking.status, settle])

  useEffect(() => {
    if (view.name !== 'confirmed') return
    settle()
    router.replace(`/trips/${id}`)
  }, [view.name, id, router, settle])

  // The cluster says whether the hold is over; the page's clock only says when to ask.
  useEffect(() => {
    if (holdIsOver) void queries.invalidateQueries({ queryKey: bookingKey(id) })
  }, [holdIsOver, id, queries])

  const paying = view.name === 'form' || isUnderWay(view)
  return (
    <div className="page flex flex-col gap-6 py-6 sm:py-8">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-semibold sm:text-4xl">{titles[view.name]}</h1>
        {view.name === 'form' && <HoldCountdown left={left} />}
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_23rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <CheckoutNotice view={view} attempt={attempt} booking={booking} left={left} />
          {isUnderWay(view) && <PaymentProgress view={view} />}
          {view.name === 'form' && (
            <Card className="p-5 sm:p-6">
              <PaymentForm
                price={booking.price}
                busy={attempt.phase === 'token'}
                problem={pay.cardProblem}
                onPay={(card) => pay.pay(card, booking.price?.minor ?? 0n)}
              />
            </Card>
          )}
        </div>
        <div className="flex flex-col gap-4 max-lg:order-first lg:sticky lg:top-20">
          <TripSummary booking={booking} />
          {paying && view.name === 'form' && <ReleaseButton booking={booking} />}
        </div>
      </div>
    </div>
  )
}

const titles: Readonly<Record<CheckoutView['name'], string>> = {
  form: 'Pay and travel',
  sending: 'Paying',
  paying: 'Paying',
  slow: 'Still paying',
  waiting: 'We are finding out',
  confirmed: 'Paid',
  expired: 'The hold has ended',
  released: 'Seats given back',
  cancelled: 'Booking cancelled',
  elsewhere: 'Nothing to pay here',
}

function isUnderWay({ name }: CheckoutView): boolean {
  return ['sending', 'paying', 'slow', 'waiting', 'confirmed'].includes(name)
}
