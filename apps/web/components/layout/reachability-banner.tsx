'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Spinner } from '@/components/ui/spinner'
import { useClient } from '@/lib/api/connection'
import { useClusterState } from '@/lib/api/use-cluster-state'

const words = {
  unknown: 'The booking system does not answer yet. Your bookings are safe. We keep trying.',
  unreachable: 'We can not reach the booking system. Your bookings are safe. We keep trying.',
  noLeader:
    'The booking system is choosing which server leads, or waits for a majority. Your bookings are safe. We keep trying.',
} as const

/** An election is over in a second; only what lasts is worth a word. */
const patienceMs = { noLeader: 1_500, unreachable: 500, unknown: 5_000 } as const
const askEveryMs = 2_000

export function ReachabilityBanner() {
  const { reachability } = useClusterState()
  const trouble = reachability === 'reachable' ? undefined : reachability
  const lasts = useLasting(trouble)
  useAskUntilWell(trouble === 'noLeader' || trouble === 'unreachable')
  return (
    <div role="status" aria-live="polite">
      {lasts && trouble !== undefined && (
        <div className="border-b border-hairline bg-amber-soft text-on-amber-soft">
          <p className="page flex items-center gap-3 py-2.5 text-sm font-medium">
            <Spinner className="size-4 shrink-0" />
            {words[trouble]}
          </p>
        </div>
      )}
    </div>
  )
}

function useLasting(trouble: keyof typeof patienceMs | undefined): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (trouble === undefined) return
    const timer = setTimeout(() => setLasting(true), patienceMs[trouble])
    return () => {
      clearTimeout(timer)
      setLasting(false)
    }
  }, [trouble])
  return lasting
}

/** Nothing on the page may be asking; this does, and then all reads are refreshed. */
function useAskUntilWell(trouble: boolean): void {
  const accounts = useClient('accounts')
  const queries = useQueryClient()
  useEffect(() => {
    if (!trouble) return
    const controller = new AbortController()
    const { signal } = controller
    const ask = async () => {
      while (!signal.aborted) {
        await new Promise((resolve) => setTimeout(resolve, askEveryMs))
        try {
          await accounts.getMe({}, { signal, timeoutMs: 5_000 })
          await queries.invalidateQueries()
        } catch {
          // Not yet: the next round asks again.
        }
      }
    }
    void ask()
    return () => controller.abort()
  }, [trouble, accounts, queries])
}
