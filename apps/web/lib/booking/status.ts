import type { Booking, Payment } from '@quorail/proto/quorail/booking/v1/types_pb'
import { BookingStatus, PaymentStatus } from '@/lib/api/enums'
import { formatMoney } from '@/lib/format/money'
import { toMs } from '@/lib/format/time'

export interface StatusWords {
  readonly word: string
  readonly tone: 'plain' | 'brand' | 'amber' | 'danger'
}

/** One word for each status, the same on every page. */
export function statusWords({ status }: Pick<Booking, 'status'>): StatusWords {
  switch (status) {
    case BookingStatus.HELD:
      return { word: 'Held', tone: 'amber' }
    case BookingStatus.PAYING:
      return { word: 'Paying', tone: 'amber' }
    case BookingStatus.CONFIRMED:
      return { word: 'Confirmed', tone: 'brand' }
    case BookingStatus.CANCELLED:
      return { word: 'Cancelled', tone: 'danger' }
    case BookingStatus.EXPIRED:
      return { word: 'Expired', tone: 'plain' }
    case BookingStatus.RELEASED:
      return { word: 'Given back', tone: 'plain' }
    case BookingStatus.EXCHANGED:
      return { word: 'Exchanged', tone: 'plain' }
    case BookingStatus.WAITING:
      return { word: 'On the waiting list', tone: 'amber' }
    case BookingStatus.LAPSED:
      return { word: 'Waited in vain', tone: 'plain' }
    case BookingStatus.DISRUPTED:
      return { word: 'Train cancelled', tone: 'danger' }
    default:
      return { word: 'Unknown', tone: 'plain' }
  }
}

/** The payment that counts: the last one that was not declined, else the last. */
export function mainPayment({ payments }: Pick<Booking, 'payments'>): Payment | undefined {
  return payments.findLast(({ status }) => status !== PaymentStatus.DECLINED) ?? payments.at(-1)
}

/** Where the money is, in a sentence. */
export function moneyWords(booking: Pick<Booking, 'payments' | 'status' | 'refund'>): string {
  const payment = mainPayment(booking)
  if (payment === undefined) return 'Nothing was charged.'
  const amount = formatMoney(payment.amount)
  const refund = formatMoney(booking.refund)
  if (payment.refundPending) return `Your refund of ${refund} is on its way.`
  if ((payment.refunded?.minor ?? 0n) > 0n) {
    return `${formatMoney(payment.refunded)} was given back to your card.`
  }
  switch (payment.status) {
    case PaymentStatus.AUTHORISING:
      return `The bank is asked for ${amount}.`
    case PaymentStatus.AUTHORISED:
      return booking.status === BookingStatus.WAITING
        ? `${amount} is reserved on your card. Nothing is taken until you get seats.`
        : `${amount} is reserved on your card and will be taken in a moment.`
    case PaymentStatus.CAPTURED:
      return booking.status === BookingStatus.CANCELLED
        ? `${amount} was paid; no refund was due.`
        : `${amount} was paid.`
    case PaymentStatus.DECLINED:
      return 'The card was declined. Nothing was charged.'
    case PaymentStatus.VOIDING:
      return `The reservation of ${amount} is being given back.`
    default:
      return 'Nothing was charged.'
  }
}

/** Something about the money is still going to change by itself. */
export function isSettling(booking: Pick<Booking, 'payments' | 'status'>): boolean {
  const payment = mainPayment(booking)
  if (booking.status === BookingStatus.PAYING) return true
  if (payment === undefined) return false
  return (
    payment.refundPending ||
    payment.status === PaymentStatus.AUTHORISING ||
    (payment.status === PaymentStatus.AUTHORISED && booking.status !== BookingStatus.WAITING) ||
    payment.status === PaymentStatus.VOIDING
  )
}

export interface TripGroups {
  readonly open: readonly Booking[]
  readonly upcoming: readonly Booking[]
  readonly past: readonly Booking[]
  readonly over: readonly Booking[]
}

/** Still to be travelled, waited for or decided: neither over nor to be paid. */
export function isLive({ status }: Pick<Booking, 'status'>): boolean {
  return (
    status === BookingStatus.CONFIRMED ||
    status === BookingStatus.WAITING ||
    status === BookingStatus.DISRUPTED
  )
}

/** What waits for payment first, then what is next, then what was. */
export function groupTrips(bookings: readonly Booking[], nowMs: number): TripGroups {
  const departure = (booking: Booking) => toMs(booking.journey?.departure)
  const soonest = bookings.toSorted((a, b) => departure(a) - departure(b))
  const confirmed = soonest.filter(({ status }) => status === BookingStatus.CONFIRMED)
  const isThere = ({ journey }: Booking) => toMs(journey?.arrival) <= nowMs
  const isOpen = ({ status }: Booking) =>
    status === BookingStatus.HELD || status === BookingStatus.PAYING
  return {
    open: bookings.filter(isOpen),
    upcoming: soonest.filter((booking) => isLive(booking) && !isThere(booking)),
    past: confirmed.filter(isThere).toReversed(),
    over: bookings.filter(
      (booking) =>
        !isOpen(booking) &&
        booking.status !== BookingStatus.CONFIRMED &&
        (!isLive(booking) || isThere(booking)),
    ),
  }
}
