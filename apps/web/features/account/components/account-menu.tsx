'use client'

import { CircleUser, LogOut } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { destinations } from '@/components/layout/navigation'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { useClient } from '@/lib/api/connection'
import { useMe, useSetMe } from '../hooks/use-me'
import { useLogin } from './account-provider'

const itemStyle =
  'flex h-11 w-full items-center gap-2 rounded-control px-3 text-left font-medium hover:bg-sunken'

export function AccountMenu() {
  const { account, known } = useMe()
  const login = useLogin()
  if (!known) return <Skeleton className="h-10 w-20" />
  if (account === undefined) {
    return (
      <Button
        variant="outline"
        size="small"
        onClick={() => void login('Log in to see your trips, or create an account in a minute.')}
      >
        Log in
      </Button>
    )
  }
  return (
    <>
      <button
        type="button"
        popoverTarget="account-menu"
        className="flex h-11 items-center gap-2 rounded-control px-2 font-medium hover:bg-sunken"
      >
        <span
          aria-hidden
          className="grid size-8 place-items-center rounded-full bg-brand text-sm font-semibold text-on-brand"
        >
          {account.displayName.slice(0, 1).toUpperCase()}
        </span>
        <span className="sr-only">Account of </span>
        <span className="max-w-32 truncate max-sm:sr-only">{account.displayName}</span>
      </button>
      <Menu name={account.displayName} email={account.email} links={destinations(account.role)} />
    </>
  )
}

interface MenuProps {
  readonly name: string
  readonly email: string
  readonly links: ReturnType<typeof destinations>
}

/** The browser's own popover: closes on Escape and on a click elsewhere, and costs no script. */
function Menu({ name, email, links }: MenuProps) {
  const popover = useRef<HTMLDivElement>(null)
  const close = () => popover.current?.hidePopover()
  return (
    <div
      ref={popover}
      id="account-menu"
      popover="auto"
      className="inset-auto top-15 right-3 m-0 w-64 rounded-card border border-hairline bg-card p-2 text-ink shadow-lift-high xl:right-[calc((100vw-70rem)/2+1rem)]"
    >
      <div className="border-b border-hairline px-3 pt-1.5 pb-3">
        <p className="flex items-center gap-2 font-semibold">
          <CircleUser aria-hidden className="size-4.5 text-ink-soft" />
          <span className="truncate">{name}</span>
        </p>
        <p className="truncate text-sm text-ink-soft">{email}</p>
      </div>
      <ul className="py-1.5">
        {links.map(({ href, label }) => (
          <li key={href}>
            <Link href={href} className={itemStyle} onClick={close}>
              {label}
            </Link>
          </li>
        ))}
      </ul>
      <LogOutButton onDone={close} />
    </div>
  )
}

function LogOutButton({ onDone }: { onDone: () => void }) {
  const accounts = useClient('accounts')
  const setMe = useSetMe()
  const router = useRouter()
  const [failed, setFailed] = useState(false)
  const logOut = async () => {
    try {
      await accounts.logOut({})
      setMe(undefined)
      onDone()
      router.push('/')
    } catch {
      setFailed(true)
    }
  }
  return (
    <div className="border-t border-hairline pt-1.5">
      <button type="button" className={itemStyle} onClick={() => void logOut()}>
        <LogOut aria-hidden className="size-4.5" />
        Log out
      </button>
      {failed && (
        <p role="alert" className="px-3 pb-2 text-sm font-medium text-danger">
          You are still logged in: the cluster did not answer. Try again in a moment.
        </p>
      )}
    </div>
  )
}
