import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { Card } from '@/components/ui/card'
import { Spinner } from '@/components/ui/spinner'
import { BookingStatus } from '@/lib/api/enums'
import { isSettling, moneyWords } from '@/lib/booking/status'
import { formatMoney } from '@/lib/format/money'

export function TicketMoney({ booking }: { booking: Booking }) {
  const cancelled = booking.status === BookingStatus.CANCELLED
  return (
    <Card className="flex flex-wrap items-center justify-between gap-x-8 gap-y-3 px-5 py-4 sm:px-7">
      <p role="status" className="flex items-center gap-2.5">
        {isSettling(booking) && <Spinner className="size-4 text-brand" />}
        {moneyWords(booking)}
      </p>
      <dl className="flex gap-8">
        <Figure word="Price" value={formatMoney(booking.price)} />
        {cancelled && (
          <Figure word="Refund" value={formatMoney(booking.refund)} testId="refund-amount" />
        )}
      </dl>
    </Card>
  )
}

function Figure({ word, value, testId }: { word: string; value: string; testId?: string }) {
  return (
    <div>
      <dt className="text-sm text-ink-soft">{word}</dt>
      <dd className="text-lg font-semibold tabular-nums" {...(testId && { 'data-testid': testId })}>
        {value}
      </dd>
    </div>
  )
}
