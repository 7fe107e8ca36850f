'use client'

import { ChartGantt, Search, Server, Ticket } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useMe } from '@/features/account/hooks/use-me'
import { destinations, isCurrent } from './navigation'

const icons = { '/': Search, '/trips': Ticket, '/cluster': Server, '/staff': ChartGantt } as const

/** The main places under the thumb; on wider screens they are in the header. */
export function TabBar() {
  const path = usePathname()
  const { account } = useMe()
  return (
    <nav
      aria-label="Main"
      className="fixed inset-x-0 bottom-0 z-40 border-t border-hairline bg-card pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      <ul className="mx-auto flex h-16 max-w-md pr-18">
        {destinations(account?.role).map((destination) => {
          const Icon = icons[destination.href as keyof typeof icons]
          return (
            <li key={destination.href} className="flex-1">
              <Link
                href={destination.href}
                {...(isCurrent(destination, path) && { 'aria-current': 'page' })}
                className="flex h-full flex-col items-center justify-center gap-1 text-xs font-medium text-ink-soft aria-[current]:text-brand [&[aria-current]_span]:font-semibold"
              >
                <Icon aria-hidden className="size-5.5" />
                <span>{destination.label}</span>
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
