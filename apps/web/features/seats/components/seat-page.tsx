'use client'

import { describeError } from '@quorail/cluster-client'
import { ArrowLeft } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { TripHeading } from '@/components/trip/trip-heading'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import type { SeatQuery } from '@/features/search/model/search-params'
import { useSeatMap } from '../hooks/use-seat-map'
import { SeatChoice } from './seat-choice'

export function SeatPage({ query }: { query: SeatQuery }) {
  const router = useRouter()
  const { map, coaches, error, refetch } = useSeatMap(query)
  const problem = error === undefined ? undefined : describeError(error)
  const journey = map?.journey
  return (
    <div className="page flex flex-col gap-6 py-5 sm:py-8">
      <div>
        <Button variant="quiet" size="small" className="-ml-3 mb-2" onClick={() => router.back()}>
          <ArrowLeft aria-hidden className="size-4" />
          Back to the trains
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
