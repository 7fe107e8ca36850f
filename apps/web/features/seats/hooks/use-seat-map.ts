'use client'

import type { Watches, WatchListener } from '@quorail/cluster-client'
import type { GetSeatMapResponse } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import type { SeatQuery } from '@/features/search/model/search-params'
import { useClient } from '@/lib/api/connection'
import { useWatch } from '@/lib/api/use-watch'
import { newerOf } from '@/lib/newer-of'
import { buildCoaches } from '../model/seat-grid'

/** Others choose at the same time: without a stream the map is asked for again every few seconds. */
const refreshMs = 4_000

export function useSeatMap({ runId, from, to }: SeatQuery) {
  const timetable = useClient('timetable')
  const queries = useQueryClient()
  const queryKey = useMemo(() => ['seats', String(runId), from, to], [runId, from, to])
  const watch = useCallback(
    (watches: Watches, listener: WatchListener<GetSeatMapResponse>) =>
      watches.seatMap({ runId, fromStop: from, toStop: to }, listener),
    [runId, from, to],
  )
  const take = useCallback(
    (value: GetSeatMapResponse, { index }: { readonly index: bigint }) =>
      queries.setQueryData<GetSeatMapResponse>(queryKey, (known) =>
        newerOf(known, { ...value, index }),
      ),
    [queries, queryKey],
  )
  const isLive = useWatch(watch, take)
  const { data, error, isError, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => {
      const answer = await timetable.getSeatMap({ runId, fromStop: from, toStop: to }, { signal })
      // The stream may have told more meanwhile.
      return newerOf(queries.getQueryData<GetSeatMapResponse>(queryKey), answer)
    },
    refetchInterval: isLive ? false : refreshMs,
    staleTime: 0,
  })
  const coaches = useMemo(
    () => (data === undefined ? [] : buildCoaches(data.coaches, data.seats)),
    [data],
  )
  return { map: data, coaches, error: isError ? error : undefined, refetch }
}
