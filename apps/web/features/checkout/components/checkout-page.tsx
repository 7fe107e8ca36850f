'use client'

import { useCallback, useRef } from 'react'
import { ProblemPage } from '@/components/layout/problem-page'
import { Card, Skeleton } from '@/components/ui/card'
import { LoginRequired } from '@/features/account/components/login-required'
import { useMe } from '@/features/account/hooks/use-me'
import { BookingStatus } from '@/lib/api/enums'
import { describe } from '@/lib/api/problem'
import type { TimedBooking } from '@/lib/booking/booking-query'
import { useBooking } from '@/lib/booking/use-booking'
import { usePay } from '../hooks/use-pay'
import { pollEveryMs } from '../model/checkout-view'
import { Checkout } from './checkout'

export function CheckoutPage({ bookingId }: { bookingId: string }) {
  const { account, known } = useMe()
  const pay = usePay(bookingId)
  const pollMs = usePollPace()
  const { data, error, isError, failureCount } = useBooking(bookingId, pollMs)

  if (known && account === undefined && data === undefined) {
    return (
      <LoginRequired
        title="Log in to go on"
        text="This booking belongs to somebody. Log in with the account that holds the seats."
      />
    )
  }
  if (isError && data === undefined) return <ProblemPage problem={describe(error)} />
  if (data === null) return <ProblemPage problem={undefined} />
  if (data === undefined) {
    return (
      <div role="status" className="page grid gap-6 py-8 lg:grid-cols-[1fr_22rem]">
        <span className="sr-only">Loading your booking</span>
        <Skeleton className="h-12 max-w-sm lg:col-span-2" />
        <Card className="h-96" />
        <Card className="h-80" />
      </div>
    )
  }
  return <Checkout timed={data} pay={pay} unanswered={failureCount > 0} />
}

/** A payment is followed closely, a hold loosely: another tab may pay or give it back. */
function usePollPace() {
  const payingSince = useRef<number>(undefined)
  return useCallback((known: TimedBooking | undefined) => {
    if (known?.booking.status !== BookingStatus.PAYING) {
      payingSince.current = undefined
      return known?.booking.status === BookingStatus.HELD ? 10_000 : false
    }
    payingSince.current ??= Date.now()
    return pollEveryMs(payingSince.current, Date.now())
  }, [])
}
