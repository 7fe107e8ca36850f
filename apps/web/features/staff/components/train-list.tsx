'use client'

import type { Train } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card, Skeleton } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { describe } from '@/lib/api/problem'
import { localToday, writeDate } from '@/lib/format/dates'
import { plural } from '@/lib/format/time'
import { useTrains } from '../hooks/use-staff'
import { calendarText } from '../model/calendar-text'

const AddRunsDialog = dynamic(
  () => import('./add-runs-dialog').then((module) => module.AddRunsDialog),
  { ssr: false },
)

export function TrainList() {
  const { data, error, isError } = useTrains()
  const [opening, setOpening] = useState<Train>()
  const problem = isError ? describe(error) : undefined
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-xl font-semibold">Trains</h2>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {data === undefined && problem === undefined && <Skeleton className="h-60 rounded-card!" />}
      {data?.length === 0 && <p className="text-ink-soft">No train yet. Add the first one.</p>}
      {data !== undefined && data.length > 0 && (
        <Card className="overflow-hidden">
          <ul className="divide-y divide-hairline">
            {data.map((train) => (
              <li
                key={String(train.trainId)}
                className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3.5 sm:px-5"
              >
                <div className="min-w-48 flex-1">
                  <h3 className="text-base font-semibold tracking-normal">
                    {train.number} <span className="font-normal text-ink-soft">{train.name}</span>
                  </h3>
                  <p className="text-sm text-ink-soft">{describeTrain(train)}</p>
                  {train.calendar !== undefined && (
                    <p className="text-sm text-ink-soft">
                      {calendarText(train.calendar, localToday())}
                    </p>
                  )}
                </div>
                <Button variant="outline" size="small" onClick={() => setOpening(train)}>
                  Open runs
                  <span className="sr-only"> of {train.number}</span>
                </Button>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {opening !== undefined && (
        <AddRunsDialog train={opening} onClose={() => setOpening(undefined)} />
      )}
    </section>
  )
}

function describeTrain({ stations, coaches, lastServiceDate }: Train): string {
  const route = `${stations[0]?.name} to ${stations.at(-1)?.name}`
  const until = lastServiceDate === '' ? 'no runs yet' : `runs until ${writeDate(lastServiceDate)}`
  return `${route}, ${plural(stations.length, 'stop')}, ${plural(coaches.length, 'coach', 'coaches')}, ${until}`
}
