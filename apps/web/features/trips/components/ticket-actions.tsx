'use client'

import { Printer } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { searchHref } from '@/features/search/model/search-params'
import { BookingStatus } from '@/lib/api/enums'
import type { TimedBooking } from '@/lib/booking/booking-query'
import { dateIn, toMs } from '@/lib/format/time'

const CancelDialog = dynamic(
  () => import('./cancel-dialog').then((module) => module.CancelDialog),
  { ssr: false },
)

export function TicketActions({ timed }: { timed: TimedBooking }) {
  const { booking, serverOffsetMs } = timed
  const [cancelling, setCancelling] = useState(false)
  const { journey } = booking
  const departed = toMs(journey?.departure) <= Date.now() + serverOffsetMs
  if (booking.status === BookingStatus.HELD || booking.status === BookingStatus.PAYING) {
    return (
      <Button asChild size="large" className="self-start">
        <Link href={`/checkout/${booking.bookingId}`}>Go to the payment</Link>
      </Button>
    )
  }
  if (booking.status !== BookingStatus.CONFIRMED) {
    return journey === undefined ? null : (
      <Button asChild variant="outline" className="self-start">
        <Link
          href={searchHref({
            from: journey.from?.code ?? '',
            to: journey.to?.code ?? '',
            date: dateIn(toMs(journey.departure), journey.from?.timeZone || 'UTC'),
            passengers: booking.passengers.length,
          })}
        >
          Search this trip again
        </Link>
      </Button>
    )
  }
  return (
    <div className="flex flex-wrap gap-3 print:hidden">
      <Button variant="outline" onClick={() => window.print()}>
        <Printer aria-hidden className="size-4.5" />
        Print
      </Button>
      {!departed && (
        <Button variant="quiet" data-testid="cancel-button" onClick={() => setCancelling(true)}>
          Cancel this trip
        </Button>
      )}
      {cancelling && <CancelDialog booking={booking} onClose={() => setCancelling(false)} />}
    </div>
  )
}
