'use client'

import type { Journey } from '@quorail/proto/quorail/booking/v1/types_pb'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { TripHeading } from '@/components/trip/trip-heading'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { type SeatQuery, searchHref } from '@/features/search/model/search-params'
import { describe } from '@/lib/api/problem'
import { dateIn, toMs } from '@/lib/format/time'
import { useSeatMap } from '../hooks/use-seat-map'
import { SeatChoice } from './seat-choice'

export function SeatPage({ query }: { query: SeatQuery }) {
  const { map, coaches, error, refetch } = useSeatMap(query)
  const problem = error === undefined ? undefined : describe(error)
  const journey = map?.journey
  return (
    <div className="page flex flex-col gap-6 py-5 sm:py-8">
      <div>
        <Button asChild variant="quiet" size="small" className="-ml-3 mb-2">
          <Link href={journey === undefined ? '/' : trainsHref(journey, query.passengers)}>
            <ArrowLeft aria-hidden className="size-4" />
            Trains
          </Link>
        </Button>
        {journey === undefined ? (
          <Skeleton className="h-24 max-w-lg" />
        ) : (
          <TripHeading title="Choose your seats" journey={journey} />
        )}
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {journey !== undefined && map !== undefined && (
        <SeatChoice
          query={query}
          journey={journey}
          coaches={coaches}
          refresh={() => refetch().then(() => undefined)}
        />
      )}
      {journey === undefined && problem === undefined && (
        <div role="status" className="grid gap-6 lg:grid-cols-[1fr_21rem]">
          <span className="sr-only">Loading the seats</span>
          <Card className="h-96" />
          <Card className="h-80" />
        </div>
      )}
    </div>
  )
}

function trainsHref(journey: Journey, passengers: number): string {
  return searchHref({
    from: journey.from?.code ?? '',
    to: journey.to?.code ?? '',
    date: dateIn(toMs(journey.departure), journey.from?.timeZone || 'UTC'),
    passengers,
  })
}
