'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { AccountMenu } from '@/features/account/components/account-menu'
import { useMe } from '@/features/account/hooks/use-me'
import { Brand } from './brand'
import { destinations, isCurrent } from './navigation'
import { ThemeToggle } from './theme-toggle'

export function SiteHeader() {
  const path = usePathname()
  const { account } = useMe()
  return (
    <header className="sticky top-0 z-40 border-b border-hairline bg-paper/90 backdrop-blur-md">
      <div className="page flex h-16 items-center gap-6">
        <Brand />
        <nav aria-label="Main" className="hidden md:block">
          <ul className="flex gap-1">
            {destinations(account?.role).map((destination) => (
              <li key={destination.href}>
                <Link
                  href={destination.href}
                  {...(isCurrent(destination, path) && { 'aria-current': 'page' })}
                  className="relative flex h-10 items-center rounded-control px-3 text-[0.9375rem] font-medium text-ink-soft transition-colors hover:bg-sunken hover:text-ink aria-[current]:text-ink aria-[current]:after:absolute aria-[current]:after:inset-x-3 aria-[current]:after:-bottom-3 aria-[current]:after:h-[3px] aria-[current]:after:rounded-full aria-[current]:after:bg-amber"
                >
                  {destination.label}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex items-center gap-1">
          <ThemeToggle />
          <AccountMenu />
        </div>
      </div>
    </header>
  )
}
