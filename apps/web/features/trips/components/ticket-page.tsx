'use client'

import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { ProblemPage } from '@/components/layout/problem-page'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { LoginRequired } from '@/features/account/components/login-required'
import { useMe } from '@/features/account/hooks/use-me'
import { describe } from '@/lib/api/problem'
import type { TimedBooking } from '@/lib/booking/booking-query'
import { isSettling } from '@/lib/booking/status'
import { useBooking } from '@/lib/booking/use-booking'
import { Ticket } from './ticket'
import { TicketActions } from './ticket-actions'
import { TicketMoney } from './ticket-money'

/** A refund or a capture on its way is watched until it is done. */
const pollMs = (known: TimedBooking | undefined) =>
  known !== undefined && isSettling(known.booking) ? 1_500 : 30_000

export function TicketPage({ bookingId }: { bookingId: string }) {
  const { account, known } = useMe()
  const { data, error, isError } = useBooking(bookingId, pollMs)
  if (known && account === undefined && data === undefined) {
    return <LoginRequired title="Your ticket" text="Log in with the account that bought it." />
  }
  if (isError && data === undefined) return <ProblemPage problem={describe(error)} />
  if (data === null) return <ProblemPage problem={undefined} />
  return (
    <div className="page flex max-w-4xl flex-col gap-5 py-5 sm:py-8">
      <Button asChild variant="quiet" size="small" className="-ml-3 self-start print:hidden">
        <Link href="/trips">
          <ArrowLeft aria-hidden className="size-4" />
          My trips
        </Link>
      </Button>
      {data === undefined ? (
        <div role="status">
          <span className="sr-only">Loading your ticket</span>
          <Skeleton className="h-130 rounded-[1.5rem]!" />
        </div>
      ) : (
        <>
          <Ticket booking={data.booking} />
          <TicketMoney booking={data.booking} />
          <TicketActions timed={data} />
        </>
      )}
    </div>
  )
}
