'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useClient } from '@/lib/api/connection'
import { fitting, type StationOption } from '../model/station-combobox'

const pauseMs = 90

export interface StationsFound {
  readonly stations: readonly StationOption[]
  /** These are for exactly this text. Until they come: those of the list so far that fit it. */
  readonly fresh: boolean
}

/** Stations for what was typed, a moment after the last key. */
export function useStations(text: string, wanted: boolean): StationsFound {
  const timetable = useClient('timetable')
  const settled = useSettled(text)
  const { data, isPlaceholderData } = useQuery({
    queryKey: ['stations', settled],
    queryFn: async ({ signal }) =>
      (await timetable.searchStations({ text: settled, limit: 8 }, { signal })).stations,
    enabled: wanted,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })
  const fresh = data !== undefined && !isPlaceholderData && settled === text
  return useMemo(
    () => ({ stations: fresh ? data : fitting(text, data ?? []), fresh }),
    [text, data, fresh],
  )
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
