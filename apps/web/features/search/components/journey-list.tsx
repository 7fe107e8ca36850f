import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { addDays, writeDate } from '@/lib/format/dates'
import { plural } from '@/lib/format/time'
import { isSoldOut } from '@/lib/trip/journey-view'
import { type SearchQuery, searchHref } from '../model/search-params'
import { JourneyCard } from './journey-card'

interface JourneyListProps {
  readonly journeys: readonly Journey[]
  readonly query: SearchQuery
  readonly from: string
  readonly to: string
}

export function JourneyList({ journeys, query, from, to }: JourneyListProps) {
  const nextDay = addDays(query.date, 1)
  const nextDayLink = (
    <Button asChild variant="outline">
      <Link href={searchHref({ ...query, date: nextDay })}>Look on {writeDate(nextDay)}</Link>
    </Button>
  )
  if (journeys.length === 0) {
    return (
      <EmptyState
        title="No direct train on this day"
        text={`Nothing more goes from ${from} to ${to} on ${writeDate(query.date, 'long')} without a change.`}
        action={nextDayLink}
      />
    )
  }
  const soldOut = journeys.every((journey) => isSoldOut(journey, query.passengers))
  return (
    <section aria-label="Trains" className="flex flex-col gap-3">
      <h2 className="text-sm font-medium tracking-normal text-ink-soft">
        <span role="status">{plural(journeys.length, 'train')}, by departure.</span> Prices are for
        all of you.
      </h2>
      {journeys.map((journey) => (
        <JourneyCard
          key={`${journey.runId} ${journey.fromStop}`}
          journey={journey}
          passengers={query.passengers}
        />
      ))}
      {soldOut && (
        <div className="flex flex-wrap items-center gap-4 px-1 pt-3">
          <p className="text-ink-soft">All trains of this day are full for your party.</p>
          {nextDayLink}
        </div>
      )}
    </section>
  )
}

export function JourneyListSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-3">
      <span className="sr-only">Looking for trains</span>
      <Skeleton className="h-5 w-64" />
      {[1, 2, 3].map((key) => (
        <Card key={key} className="flex h-64 flex-col gap-4 p-5 md:h-38">
          <Skeleton className="h-5 w-40" />
          <Skeleton className="h-14 w-full md:w-2/3" />
        </Card>
      ))}
    </div>
  )
}
