'use client'

import { useQuery } from '@tanstack/react-query'
import { useClient } from '@/lib/api/connection'

export function useTrains() {
  const administration = useClient('administration')
  return useQuery({
    queryKey: ['staff', 'trains'],
    queryFn: async ({ signal }) => (await administration.listTrains({}, { signal })).trains,
  })
}

export function useRuns(date: string) {
  const administration = useClient('administration')
  return useQuery({
    queryKey: ['staff', 'runs', date],
    queryFn: async ({ signal }) =>
      (await administration.listRuns({ fromDate: date, toDate: date }, { signal })).runs,
  })
}

export function useOccupancy(runId: string) {
  const administration = useClient('administration')
  return useQuery({
    queryKey: ['staff', 'occupancy', runId],
    queryFn: ({ signal }) => administration.getOccupancy({ runId: BigInt(runId) }, { signal }),
    refetchInterval: 5_000,
  })
}
