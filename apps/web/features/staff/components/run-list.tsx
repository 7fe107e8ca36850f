'use client'

import type { Run } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { ArrowRight, ChevronRight } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Card, Skeleton } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { describe } from '@/lib/api/problem'
import { isDate, writeDate } from '@/lib/format/dates'
import { formatTime, plural, toMs } from '@/lib/format/time'
import { useRuns } from '../hooks/use-staff'

export function RunList({ date }: { date: string }) {
  const router = useRouter()
  const { data, error, isError } = useRuns(date)
  const problem = isError ? describe(error) : undefined
  return (
    <section className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h2 className="text-xl font-semibold">Runs on {writeDate(date, 'long')}</h2>
        <TextField
          label="Service date"
          type="date"
          value={date}
          className="w-44"
          onChange={({ target }) =>
            isDate(target.value) && router.replace(`/staff?date=${target.value}`, { scroll: false })
          }
        />
      </div>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {data === undefined && problem === undefined && <Skeleton className="h-40 rounded-card!" />}
      {data?.length === 0 && (
        <p className="text-ink-soft">No train runs on this day. Open runs of a train below.</p>
      )}
      {data !== undefined && data.length > 0 && (
        <Card className="overflow-hidden">
          <ul className="divide-y divide-hairline">
            {data.map((run) => (
              <li key={String(run.runId)}>
                <RunRow run={run} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </section>
  )
}

function RunRow({ run }: { run: Run }) {
  const [first, last] = [run.stops[0], run.stops.at(-1)]
  return (
    <Link
      href={`/staff/runs/${run.runId}`}
      className="flex items-center gap-4 px-4 py-3.5 hover:bg-sunken sm:px-5"
    >
      <span className="w-14 text-lg font-semibold tabular-nums">
        {formatTime(toMs(first?.departure), first?.station?.timeZone || 'UTC')}
      </span>
      <span className="min-w-0 flex-1">
        <span className="block font-semibold">
          {run.trainNumber} <span className="font-normal text-ink-soft">{run.trainName}</span>
        </span>
        <span className="flex flex-wrap items-center gap-x-1.5 text-sm text-ink-soft">
          {first?.station?.name}
          <ArrowRight aria-label="to" className="size-3.5" />
          {last?.station?.name}
        </span>
      </span>
      <span className="text-sm whitespace-nowrap text-ink-soft max-sm:sr-only">
        {plural(run.capacity, 'seat')}
      </span>
      <ChevronRight aria-hidden className="size-5 text-ink-soft" />
    </Link>
  )
}
