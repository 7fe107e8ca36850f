'use client'

import { ArrowRight, SlidersHorizontal } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { writeDate } from '@/lib/format/dates'
import { plural } from '@/lib/format/time'
import type { SearchQuery } from '../model/search-params'
import type { StationChoice } from '../model/station-combobox'
import { SearchForm } from './search-form'

interface SearchSummaryProps {
  readonly query: SearchQuery
  readonly from: StationChoice
  readonly to: StationChoice
  readonly serverToday: string
}

export function SearchSummary({ query, from, to, serverToday }: SearchSummaryProps) {
  const [editing, setEditing] = useState(false)
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-start gap-4">
        <div className="min-w-0">
          <h1 className="flex flex-wrap items-center gap-x-3 text-[1.75rem] leading-tight font-semibold sm:text-4xl">
            {from.name}
            <ArrowRight aria-label="to" className="size-6 text-brand sm:size-7" strokeWidth={2.4} />
            {to.name}
          </h1>
          <p className="mt-1.5 text-ink-soft">
            {writeDate(query.date, 'long')}, {plural(query.passengers, 'passenger')}
          </p>
        </div>
        <Button
          variant="outline"
          size="small"
          className="ml-auto"
          aria-expanded={editing}
          onClick={() => setEditing(!editing)}
        >
          <SlidersHorizontal aria-hidden className="size-4" />
          Change
        </Button>
      </div>
      {editing && (
        <Card className="animate-rise p-4 sm:p-5">
          <SearchForm
            // The names arrive after the codes of the address: then the form starts again.
            key={`${from.name} ${to.name}`}
            serverToday={serverToday}
            from={from}
            to={to}
            date={query.date}
            passengers={query.passengers}
          />
        </Card>
      )}
    </div>
  )
}
