'use client'

import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

/** Our own mistake, not the cluster's: bookings and payments are where they were. */
export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <div className="page py-16" role="alert">
      <EmptyState
        isPage
        title="This page broke"
        text="That is our mistake. Your bookings and payments are not touched by it. Try again; if it comes back, load the page anew."
        action={<Button onClick={reset}>Try again</Button>}
      />
    </div>
  )
}
