'use client'

import Link from 'next/link'
import { useClusterState } from '@/lib/api/use-cluster-state'

export function SiteFooter() {
  return (
    <footer className="mt-16 border-t border-hairline print:hidden">
      <div className="page flex flex-col gap-3 py-7 text-sm text-ink-soft sm:flex-row sm:items-center sm:justify-between">
        <p>Quorail: train tickets on a cluster that does not lose a booking.</p>
        <LeaderNote />
      </div>
    </footer>
  )
}

function LeaderNote() {
  const { leaderUrl, reachability } = useClusterState()
  const well = reachability === 'reachable'
  const leader = leaderUrl === undefined ? undefined : URL.parse(leaderUrl)?.host
  const text = !well ? 'Cluster' : leader ? `Cluster led by ${leader}` : 'Cluster reachable'
  return (
    <Link
      href="/cluster"
      className="inline-flex items-center gap-2 self-start rounded-control font-medium text-ink underline-offset-4 hover:underline"
    >
      <span aria-hidden className={`size-2 rounded-full ${well ? 'bg-brand' : 'bg-edge'}`} />
      {text}
    </Link>
  )
}
