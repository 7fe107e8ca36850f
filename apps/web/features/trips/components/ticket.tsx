import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { JourneyLine } from '@/components/trip/journey-line'
import { Badge } from '@/components/ui/badge'
import { BookingStatus } from '@/lib/api/enums'
import { statusWords } from '@/lib/booking/status'
import { cn } from '@/lib/cn'
import { className } from '@/lib/format/class-name'
import { formatLongDay } from '@/lib/format/time'
import { viewJourney } from '@/lib/trip/journey-view'
import { QrCode } from './qr-code'

/** The ticket: what a conductor looks at first is largest. */
export function Ticket({ booking }: { booking: Booking }) {
  const { journey, passengers, pnr, classCode } = booking
  if (journey === undefined) return null
  const view = viewJourney(journey)
  const { word, tone } = statusWords(booking)
  const valid = booking.status === BookingStatus.CONFIRMED
  return (
    <article className="overflow-hidden rounded-[1.5rem] border border-hairline bg-card shadow-lift-high">
      <header className="flex flex-wrap items-center justify-between gap-3 bg-night px-5 py-4 text-on-night sm:px-7">
        <h1 className="text-lg font-semibold">
          {formatLongDay(view.departureMs, journey.from?.timeZone || 'UTC')}
        </h1>
        <Badge tone={tone} data-testid="booking-status">
          {word}
        </Badge>
      </header>
      <div className="md:flex">
        <div className="flex min-w-0 flex-1 flex-col gap-7 p-5 sm:p-7">
          <JourneyLine view={view} stopsBetween={journey.stopsBetween} />
          <p className="-mt-3 text-ink-soft">
            {view.train}, {className(classCode).toLowerCase()}
          </p>
          <ul className="flex flex-col divide-y divide-hairline border-y border-hairline">
            {passengers.map((passenger) => (
              <li key={passenger.seat} className="flex items-center justify-between gap-4 py-3">
                <span className="min-w-0 truncate text-lg font-medium">{passenger.name}</span>
                <span className="flex gap-4 text-right">
                  <Place word="Coach" value={passenger.coachLabel} />
                  <Place word="Seat" value={passenger.seatLabel} />
                </span>
              </li>
            ))}
          </ul>
        </div>
        <Tear />
        <div className="flex flex-col items-center justify-center gap-4 p-6 sm:p-8 md:w-72">
          <div className={cn('w-full max-w-52', !valid && 'opacity-25')}>
            <QrCode text={`QUORAIL:${pnr}:${booking.bookingId}`} label={`Code of booking ${pnr}`} />
          </div>
          <p className="text-center">
            <span className="block text-sm text-ink-soft">Booking code</span>
            <span
              data-testid="pnr"
              className={cn(
                'text-3xl font-semibold tracking-[0.08em] tabular-nums',
                !valid && 'text-ink-soft line-through decoration-2',
              )}
            >
              {pnr}
            </span>
          </p>
        </div>
      </div>
    </article>
  )
}

function Place({ word, value }: { word: string; value: string }) {
  return (
    <span className="min-w-12">
      <span className="block text-xs text-ink-soft">{word}</span>
      <span className="text-xl font-semibold tabular-nums">{value}</span>
    </span>
  )
}

/** Where the stub is torn off: a dashed line between two notches. */
function Tear() {
  return (
    <div aria-hidden className="relative h-0 md:h-auto md:w-0">
      <span className="absolute inset-x-5 top-0 border-t-2 border-dashed border-hairline md:inset-x-auto md:inset-y-5 md:left-0 md:border-t-0 md:border-l-2" />
      <span className="absolute -top-3 -left-3 size-6 rounded-full border border-hairline bg-paper" />
      <span className="absolute -top-3 -right-3 size-6 rounded-full border border-hairline bg-paper md:top-auto md:-right-3 md:-bottom-3" />
    </div>
  )
}
