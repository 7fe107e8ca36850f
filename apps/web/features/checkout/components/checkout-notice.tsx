'use client'

import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { seatHref } from '@/features/search/model/search-params'
import { statusWords } from '@/lib/booking/status'
import type { Attempt, CheckoutView } from '../model/checkout-view'
import type { Countdown } from '../model/countdown'

interface CheckoutNoticeProps {
  readonly view: CheckoutView
  readonly attempt: Attempt
  readonly booking: Booking
  readonly left: Countdown
}

const money = {
  none: 'Nothing was charged.',
  pending:
    'A payment is still on its way. If it succeeds and your seats are free, they are yours; if not, the money is given back by itself.',
  returning: 'The payment came too late; your money is on its way back.',
  returned: 'The payment came too late. Nothing was charged.',
} as const

export function CheckoutNotice({ view, attempt, booking, left }: CheckoutNoticeProps) {
  if (view.name === 'form' && view.declined !== undefined) {
    return (
      <Notice
        tone="bad"
        title="The card was declined. Nothing was charged."
        data-testid="booking-status"
      >
        {view.declined} Your seats are still held: try another card.
      </Notice>
    )
  }
  if (view.name === 'form' && attempt.phase === 'refused') {
    return (
      <Notice tone="bad" title={attempt.problem.sentence}>
        {attempt.problem.nextStep}
      </Notice>
    )
  }
  if (view.name === 'form' && left.phase === 'soon') {
    return (
      <Notice tone="warn" title="Less than two minutes left">
        Pay now, and the hold is extended while the payment runs. If it ends, nothing is charged and
        you can hold again.
      </Notice>
    )
  }
  if (view.name === 'expired') {
    return (
      <Notice
        tone="warn"
        title="Your seats were held for ten minutes, and that time is over."
        data-testid="booking-status"
        action={<HoldAgain booking={booking} />}
      >
        {money[view.money]}
      </Notice>
    )
  }
  if (view.name === 'released') {
    return (
      <Notice
        title="You gave these seats back. Nothing was charged."
        data-testid="booking-status"
        action={<HoldAgain booking={booking} />}
      />
    )
  }
  if (view.name === 'cancelled' || view.name === 'elsewhere') {
    return (
      <Notice
        tone="warn"
        title={
          view.name === 'cancelled'
            ? 'This booking was cancelled.'
            : `This booking is not to be paid here. Its status: ${statusWords(booking).word}.`
        }
        data-testid="booking-status"
        action={
          <Button asChild>
            <Link href={`/trips/${booking.bookingId}`}>See what became of it</Link>
          </Button>
        }
      />
    )
  }
  return null
}

function HoldAgain({ booking }: { booking: Booking }) {
  const { journey, classCode, passengers } = booking
  if (journey === undefined) return null
  const href = seatHref({
    runId: journey.runId,
    from: journey.fromStop,
    to: journey.toStop,
    passengers: passengers.length,
    classCode,
  })
  return (
    <Button asChild>
      <Link href={href}>Choose seats again</Link>
    </Button>
  )
}
