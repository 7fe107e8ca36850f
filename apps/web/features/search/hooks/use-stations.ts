'use client'

import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useClient } from '@/lib/api/connection'
import type { StationOption } from '../model/station-combobox'

const pauseMs = 90

/** Stations for what was typed, a moment after the last key; the earlier ones stay until then. */
export function useStations(text: string, wanted: boolean): readonly StationOption[] | undefined {
  const timetable = useClient(TimetableService)
  const settled = useSettled(text)
  const { data } = useQuery({
    queryKey: ['stations', settled],
    queryFn: async ({ signal }) =>
      (await timetable.searchStations({ text: settled, limit: 8 }, { signal })).stations,
    enabled: wanted,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
  return data
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
