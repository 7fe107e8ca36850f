'use client'

import type { ReactNode } from 'react'
import { isStaff } from '@/components/layout/navigation'
import { Skeleton } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { LoginRequired } from '@/features/account/components/login-required'
import { useMe } from '@/features/account/hooks/use-me'

/** Says clearly who may be here. The cluster checks every call by itself. */
export function StaffGate({ children }: { children: ReactNode }) {
  const { account, known } = useMe()
  if (!known) {
    return (
      <div role="status" className="page flex flex-col gap-4 py-10">
        <span className="sr-only">Looking who you are</span>
        <Skeleton className="h-10 w-40" />
        <Skeleton className="h-64 rounded-card!" />
      </div>
    )
  }
  if (account === undefined) {
    return (
      <LoginRequired
        title="For staff"
        text="Trains, runs and how full they are. Log in with a staff account."
      />
    )
  }
  if (!isStaff(account.role)) {
    return (
      <div className="page py-12">
        <EmptyState
          isPage
          title="This part is for the railway's staff"
          text={`You are logged in as ${account.displayName}, a passenger. Log out and log in again with a staff account.`}
        />
      </div>
    )
  }
  return children
}
