'use client'

import { ArrowRight, History } from 'lucide-react'
import Link from 'next/link'
import { useMemo } from 'react'
import { useMounted } from '@/lib/use-mounted'
import { useToday } from '../hooks/use-today'
import { readRecent, withDate } from '../model/recent'
import { searchHref } from '../model/search-params'

export function RecentSearches({ serverToday }: { serverToday: string }) {
  const mounted = useMounted()
  const today = useToday(serverToday)
  const recent = useMemo(() => (mounted ? readRecent(localStorage) : []), [mounted])
  if (recent.length === 0) return null
  return (
    <nav aria-label="Recent searches" className="mt-5 border-t border-hairline pt-4">
      <ul className="flex flex-wrap gap-2">
        {recent.map((search) => (
          <li key={`${search.from.code} ${search.to.code}`}>
            <Link
              href={searchHref(withDate(search, today, 1))}
              className="inline-flex h-9 items-center gap-2 rounded-full border border-hairline px-3.5 text-sm font-medium hover:bg-sunken"
            >
              <History aria-hidden className="size-4 text-ink-soft" />
              {search.from.name}
              <ArrowRight aria-label="to" className="size-3.5" />
              {search.to.name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
