'use client'

import type { DescribedError } from '@quorail/cluster-client'
import Link from 'next/link'
import { Button } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'

/** A page that can not be shown, said by the cluster or, without a problem, simply not there. */
export function ProblemPage({ problem }: { problem: DescribedError | undefined }) {
  return (
    <div className="page py-12">
      <EmptyState
        isPage
        title={problem?.sentence ?? 'This booking is not there.'}
        text={problem?.nextStep ?? 'Look in your trips for the right one.'}
        action={
          <div className="flex flex-wrap justify-center gap-3">
            <Button asChild>
              <Link href="/trips">My trips</Link>
            </Button>
            <Button asChild variant="outline">
              <Link href="/">Search a train</Link>
            </Button>
          </div>
        }
      />
    </div>
  )
}
