'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SeatQuery } from '@/features/search/model/search-params'
import { useClient } from '@/lib/api/connection'
import { buildCoaches } from '../model/seat-grid'

/** Others choose at the same time: the map is asked for again every few seconds. */
const refreshMs = 4_000

export function useSeatMap({ runId, from, to }: SeatQuery) {
  const timetable = useClient('timetable')
  const { data, error, isError, refetch } = useQuery({
    queryKey: ['seats', String(runId), from, to],
    queryFn: ({ signal }) =>
      timetable.getSeatMap({ runId, fromStop: from, toStop: to }, { signal }),
    refetchInterval: refreshMs,
    staleTime: 0,
  })
  const coaches = useMemo(
    () => (data === undefined ? [] : buildCoaches(data.coaches, data.seats)),
    [data],
  )
  return { map: data, coaches, error: isError ? error : undefined, refetch }
}
