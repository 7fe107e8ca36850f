'use client'

import { Notice } from '@/components/ui/notice'
import { describe } from '@/lib/api/problem'
import { useJourneys } from '../hooks/use-journeys'
import type { SearchQuery } from '../model/search-params'
import { DateStrip } from './date-strip'
import { JourneyList, JourneyListSkeleton } from './journey-list'
import { SearchForm } from './search-form'
import { SearchSummary } from './search-summary'

interface SearchPageProps {
  readonly query: SearchQuery | undefined
  readonly serverToday: string
}

export function SearchPage({ query, serverToday }: SearchPageProps) {
  if (query === undefined) {
    return (
      <div className="page flex flex-col gap-6 py-8">
        <h1 className="text-3xl font-semibold">Search a train</h1>
        <SearchForm serverToday={serverToday} />
      </div>
    )
  }
  return <Results key={JSON.stringify(query)} query={query} serverToday={serverToday} />
}

function Results({ query, serverToday }: { query: SearchQuery; serverToday: string }) {
  const { data, error, isError } = useJourneys(query)
  const problem = isError ? describe(error) : undefined
  const from = { code: query.from, name: data?.from?.name ?? query.from }
  const to = { code: query.to, name: data?.to?.name ?? query.to }
  return (
    <div className="page flex flex-col gap-6 py-6 sm:py-8">
      <SearchSummary query={query} from={from} to={to} serverToday={serverToday} />
      <DateStrip query={query} serverToday={serverToday} />
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      {data !== undefined && problem === undefined && (
        <JourneyList journeys={data.journeys} query={query} from={from.name} to={to.name} />
      )}
      {data === undefined && problem === undefined && <JourneyListSkeleton />}
    </div>
  )
}
