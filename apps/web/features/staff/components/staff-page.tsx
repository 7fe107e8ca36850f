'use client'

import { Plus } from 'lucide-react'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { RunList } from './run-list'
import { TrainList } from './train-list'

export function StaffPage({ date }: { date: string }) {
  return (
    <div className="page flex flex-col gap-10 py-6 sm:py-10">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-semibold sm:text-4xl">Timetable</h1>
        <Button asChild>
          <Link href="/staff/trains/new">
            <Plus aria-hidden className="size-5" />
            Add a train
          </Link>
        </Button>
      </div>
      <RunList date={date} />
      <TrainList />
    </div>
  )
}
