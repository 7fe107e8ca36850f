'use client'

import { localToday } from '@/lib/format/dates'
import { useMounted } from '@/lib/use-mounted'

/** The person's own today. The server's stands in until the page runs, so that both agree at first. */
export function useToday(serverToday: string): string {
  return useMounted() ? localToday() : serverToday
}
