'use client'

import { useQuery } from '@tanstack/react-query'
import { useClient } from '@/lib/api/connection'
import type { SearchQuery } from '../model/search-params'

/** Free seats change while somebody reads: the list is asked for again every half minute. */
export function useJourneys({ from, to, date, passengers }: SearchQuery) {
  const timetable = useClient('timetable')
  return useQuery({
    queryKey: ['journeys', from, to, date, passengers],
    queryFn: ({ signal }) =>
      timetable.searchJourneys({ fromCode: from, toCode: to, date, passengers }, { signal }),
    refetchInterval: 30_000,
  })
}
