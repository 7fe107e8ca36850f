import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ArrowRight } from 'lucide-react'
import { formatLongDay } from '@/lib/format/time'
import { viewJourney } from '@/lib/trip/journey-view'

/** Which train, from where to where, when; in one look. */
export function TripHeading({ title, journey }: { title: string; journey: Journey }) {
  const view = viewJourney(journey)
  const day = formatLongDay(view.departureMs, journey.from?.timeZone || 'UTC')
  return (
    <>
      <h1 className="text-3xl font-semibold sm:text-4xl">{title}</h1>
      <p className="mt-2 flex flex-wrap items-center gap-x-2 text-ink-soft">
        <span className="font-semibold text-ink tabular-nums">{view.departure}</span>
        {view.fromName}
        <ArrowRight aria-label="to" className="size-4 text-brand" />
        <span className="font-semibold text-ink tabular-nums">{view.arrival}</span>
        {view.toName}
      </p>
      <p className="text-ink-soft">
        {day}, {view.train}
      </p>
    </>
  )
}
