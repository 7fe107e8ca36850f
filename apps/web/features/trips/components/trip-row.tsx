import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ArrowRight, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { BookingStatus } from '@/lib/api/enums'
import { isLive, statusWords } from '@/lib/booking/status'
import { cn } from '@/lib/cn'
import { formatMoney } from '@/lib/format/money'
import { plural } from '@/lib/format/time'
import { viewJourney } from '@/lib/trip/journey-view'

export function TripRow({ booking }: { booking: Booking }) {
  const { journey, passengers } = booking
  if (journey === undefined) return null
  const view = viewJourney(journey)
  const { word, tone } = statusWords(booking)
  const open = booking.status === BookingStatus.HELD || booking.status === BookingStatus.PAYING
  const over = !open && !isLive(booking)
  return (
    <Link
      href={`/${open ? 'checkout' : 'trips'}/${booking.bookingId}`}
      className="group flex items-stretch overflow-hidden rounded-card border border-hairline bg-card shadow-lift transition-colors hover:border-brand"
    >
      <span
        className={cn(
          'flex w-20 shrink-0 flex-col items-center justify-center gap-0.5 border-r-2 border-dashed border-hairline py-4 text-center sm:w-24',
          over ? 'bg-sunken text-ink-soft' : 'bg-brand-soft text-on-brand-soft',
        )}
      >
        <Day text={view.departureDay} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-1 px-4 py-3.5">
        <span className="flex flex-wrap items-center gap-x-2 text-[1.0625rem] font-semibold">
          {view.fromName}
          <ArrowRight aria-label="to" className="size-4 shrink-0 text-brand" />
          {view.toName}
        </span>
        <span className="text-[0.9375rem] text-ink-soft tabular-nums">
          {view.departure} to {view.arrival}, {view.train}
        </span>
        <span className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-ink-soft">
          <Badge tone={tone}>{word}</Badge>
          {plural(passengers.length, 'passenger')}, {formatMoney(booking.price)}
          {booking.status === BookingStatus.CONFIRMED && (
            <span className="font-semibold tracking-wide text-ink">{booking.pnr}</span>
          )}
        </span>
      </span>
      <ChevronRight aria-hidden className="mr-3 size-5 self-center text-ink-soft" />
    </Link>
  )
}

/** "Mon 23 Nov" as a leaf of a calendar. */
function Day({ text }: { text: string }) {
  const [weekday, day, month] = text.split(' ')
  return (
    <>
      <span className="text-xs font-medium">{weekday}</span>
      <span className="text-2xl leading-7 font-semibold tracking-[-0.03em] tabular-nums">
        {day}
      </span>
      <span className="text-xs font-medium">{month}</span>
    </>
  )
}
