'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useClient } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'

/** Who does not want the seats gives them back, and somebody else can have them at once. */
export function ReleaseButton({ booking }: { booking: Booking }) {
  const bookings = useClient('bookings')
  const queries = useQueryClient()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<DescribedError>()
  const release = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      await bookings.releaseHold({ requestId: newRequestId(), bookingId: booking.bookingId })
    } catch (error) {
      setProblem(describe(error))
    }
    await queries.invalidateQueries({ queryKey: ['mine'] })
    setBusy(false)
  }
  return (
    <>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      <Button
        variant="quiet"
        disabled={busy}
        className="self-center"
        onClick={() => void release()}
      >
        Give the seats back
      </Button>
    </>
  )
}
