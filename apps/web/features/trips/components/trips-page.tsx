'use client'

import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { LoginRequired } from '@/features/account/components/login-required'
import { useMe } from '@/features/account/hooks/use-me'
import { describe } from '@/lib/api/problem'
import { groupTrips } from '@/lib/booking/status'
import { useTrips } from '../hooks/use-trips'
import { TripRow } from './trip-row'

export function TripsPage() {
  const { account, known } = useMe()
  const { data, error, isError } = useTrips(account !== undefined)
  if (known && account === undefined) {
    return <LoginRequired title="My trips" text="Log in to see your tickets, holds and refunds." />
  }
  const problem = isError ? describe(error) : undefined
  return (
    <div className="page flex max-w-3xl flex-col gap-8 py-6 sm:py-10">
      <h1 className="text-3xl font-semibold sm:text-4xl">My trips</h1>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {data === undefined && problem === undefined && (
        <div role="status" className="flex flex-col gap-3">
          <span className="sr-only">Loading your trips</span>
          <Skeleton className="h-32 rounded-card!" />
          <Skeleton className="h-32 rounded-card!" />
        </div>
      )}
      {data?.bookings.length === 0 && (
        <EmptyState
          title="No trips yet"
          text="Your tickets will be here, with their seats and codes."
          action={
            <Button asChild>
              <Link href="/">Search a train</Link>
            </Button>
          }
        />
      )}
      {data !== undefined && <Groups bookings={data.bookings} nowMs={data.nowMs} />}
    </div>
  )
}

const headings = [
  ['open', 'Waiting for payment'],
  ['upcoming', 'Upcoming'],
  ['past', 'Past'],
  ['over', 'Cancelled and expired'],
] as const

function Groups({ bookings, nowMs }: { bookings: readonly Booking[]; nowMs: number }) {
  const groups = groupTrips(bookings, nowMs)
  return headings
    .filter(([key]) => groups[key].length > 0)
    .map(([key, title]) => (
      <section key={key} className="flex flex-col gap-3">
        <h2 className="text-lg font-semibold">{title}</h2>
        <ul className="flex flex-col gap-3">
          {groups[key].map((booking) => (
            <li key={String(booking.bookingId)}>
              <TripRow booking={booking} />
            </li>
          ))}
        </ul>
      </section>
    ))
}
