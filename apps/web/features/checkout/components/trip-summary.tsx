import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { JourneyLine } from '@/components/trip/journey-line'
import { Card } from '@/components/ui/card'
import { className } from '@/lib/format/class-name'
import { formatMoney } from '@/lib/format/money'
import { formatLongDay } from '@/lib/format/time'
import { viewJourney } from '@/lib/trip/journey-view'

export function TripSummary({ booking }: { booking: Booking }) {
  const { journey, passengers, classCode, price } = booking
  if (journey === undefined) return null
  const view = viewJourney(journey)
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-col gap-4 p-5">
        <div>
          <h2 className="text-lg font-semibold">
            {formatLongDay(view.departureMs, journey.from?.timeZone || 'UTC')}
          </h2>
          <p className="text-sm text-ink-soft">
            {view.train}, {className(classCode).toLowerCase()}
          </p>
        </div>
        <JourneyLine view={view} stopsBetween={journey.stopsBetween} />
      </div>
      <ul className="border-t border-hairline px-5 py-3">
        {passengers.map((passenger) => (
          <li key={passenger.seat} className="flex items-baseline justify-between gap-4 py-1.5">
            <span className="min-w-0 truncate font-medium">{passenger.name}</span>
            <span className="text-sm whitespace-nowrap text-ink-soft">
              Coach {passenger.coachLabel}, seat {passenger.seatLabel}
            </span>
          </li>
        ))}
      </ul>
      <div className="flex items-baseline justify-between border-t border-hairline bg-paper/60 px-5 py-4">
        <span className="text-ink-soft">Total</span>
        <span className="text-2xl font-semibold tracking-[-0.03em] tabular-nums">
          {formatMoney(price)}
        </span>
      </div>
    </Card>
  )
}
