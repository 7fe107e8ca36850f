import type { Metadata } from 'next'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <div className="page py-16">
      <EmptyState
        isPage
        title="The line ends here"
        text="There is no page at this address. It may have moved, or the link has a mistake in it."
        action={
          <Button asChild>
            <Link href="/">Search a train</Link>
          </Button>
        }
      />
    </div>
  )
}
