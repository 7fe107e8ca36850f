'use client'

import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { describe } from '@/lib/api/problem'
import { writeDate } from '@/lib/format/dates'
import { plural } from '@/lib/format/time'
import { useOccupancy } from '../hooks/use-staff'
import { OccupancyChart } from './occupancy-chart'

export function OccupancyPage({ runId }: { runId: string }) {
  const { data, error, isError } = useOccupancy(runId)
  const problem = isError ? describe(error) : undefined
  const run = data?.run
  return (
    <div className="page flex max-w-4xl flex-col gap-6 py-5 sm:py-8">
      <div>
        <Button asChild variant="quiet" size="small" className="mb-2 -ml-3">
          <Link href={run === undefined ? '/staff' : `/staff?date=${run.serviceDate}`}>
            <ArrowLeft aria-hidden className="size-4" />
            Timetable
          </Link>
        </Button>
        {run !== undefined && (
          <>
            <h1 className="text-3xl font-semibold sm:text-4xl">
              {run.trainNumber} {run.trainName}
            </h1>
            <p className="mt-2 text-ink-soft">
              {writeDate(run.serviceDate, 'long')}, {plural(run.capacity, 'seat')}
            </p>
          </>
        )}
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {run !== undefined && data !== undefined && (
        <OccupancyChart run={run} segments={data.segments} />
      )}
      {data === undefined && problem === undefined && <Skeleton className="h-96 rounded-card!" />}
    </div>
  )
}
