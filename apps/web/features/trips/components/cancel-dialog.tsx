'use client'

import type { QuoteRefundResponse } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { Button } from '@/components/ui/button'
import { Skeleton } from '@/components/ui/card'
import { Dialog } from '@/components/ui/dialog'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { describe } from '@/lib/api/problem'
import { formatMoney } from '@/lib/format/money'
import { formatDay, formatTime, toMs } from '@/lib/format/time'
import { useCancel } from '../hooks/use-cancel'

interface CancelDialogProps {
  readonly booking: Booking
  readonly onClose: () => void
}

export function CancelDialog({ booking, onClose }: CancelDialogProps) {
  const { quote, state, cancel } = useCancel(booking)
  const busy = state.phase === 'cancelling' || state.phase === 'waiting'
  const { data } = quote
  const quoteProblem = quote.isError ? describe(quote.error) : undefined
  const confirm = async () => {
    if (await cancel(data?.refund?.minor ?? 0n)) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title="Cancel this trip?"
      description="All seats of the booking are given back. That can not be undone."
    >
      <div className="flex flex-col gap-5">
        {data === undefined && quoteProblem === undefined && <Skeleton className="h-24" />}
        {data !== undefined && <Quote quote={data} booking={booking} />}
        {quoteProblem !== undefined && (
          <Notice tone="bad" title={quoteProblem.sentence}>
            {quoteProblem.nextStep}
          </Notice>
        )}
        {state.phase === 'refused' && (
          <Notice tone="bad" title={state.problem.sentence}>
            {state.problem.code === 'REFUND_CHANGED'
              ? 'The new figure is shown above. Nothing was cancelled.'
              : state.problem.nextStep}
          </Notice>
        )}
        {state.phase === 'waiting' && (
          <Notice tone="warn" title="We do not have an answer yet.">
            We keep asking. The trip is cancelled once or not at all.
          </Notice>
        )}
        <div className="flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
          <Button variant="outline" disabled={busy} onClick={onClose}>
            Keep the trip
          </Button>
          <Button
            variant="danger"
            disabled={busy || data === undefined}
            onClick={() => void confirm()}
          >
            {busy && <Spinner />}
            Cancel the trip, get back {formatMoney(data?.refund)}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}

function Quote({ quote, booking }: { quote: QuoteRefundResponse; booking: Booking }) {
  const zone = booking.journey?.from?.timeZone || 'UTC'
  const until = toMs(quote.validUntil)
  return (
    <div className="rounded-card bg-sunken px-5 py-4">
      <p className="text-sm text-ink-soft">You get back</p>
      <p data-testid="refund-amount" className="text-3xl font-semibold tracking-[-0.03em]">
        {formatMoney(quote.refund)}
      </p>
      <p className="mt-1 text-sm text-ink-soft">
        of {formatMoney(quote.price)} paid
        {until > 0 &&
          `, if you cancel before ${formatTime(until, zone)} on ${formatDay(until, zone)}`}
      </p>
    </div>
  )
}
