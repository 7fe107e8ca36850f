import type { DescribedError } from '@quorail/cluster-client'
import type { Booking } from '@quorail/proto/quorail/booking/v1/types_pb'
import { BookingStatus, PaymentStatus } from '@/lib/api/enums'

/** Where the page's own attempt to pay stands; the booking says the rest. */
export type Attempt =
  | { readonly phase: 'none' }
  /** The provider is asked for a token. Nothing is charged by that. */
  | { readonly phase: 'token' }
  /** Pay is on its way. */
  | { readonly phase: 'sending'; readonly sinceMs: number }
  /** No definite answer to Pay; the same request is sent again and again. */
  | { readonly phase: 'waiting'; readonly sinceMs: number; readonly problem: DescribedError }
  /** The intent is in the log: the cluster pays, with or without this page. */
  | { readonly phase: 'accepted'; readonly sinceMs: number }
  /** Definitely not done. */
  | { readonly phase: 'refused'; readonly problem: DescribedError }

export type CheckoutView =
  | { readonly name: 'form'; readonly declined: string | undefined }
  | { readonly name: 'sending' }
  | { readonly name: 'paying' }
  | { readonly name: 'slow' }
  /** We do not know, and keep asking. */
  | { readonly name: 'waiting' }
  | { readonly name: 'confirmed' }
  | { readonly name: 'expired'; readonly money: 'none' | 'pending' | 'returning' | 'returned' }
  | { readonly name: 'released' }
  | { readonly name: 'cancelled' }
  /** On a waiting list, off it, exchanged or without a train: its own page says more. */
  | { readonly name: 'elsewhere' }

export interface CheckoutFacts {
  readonly booking: Pick<Booking, 'status' | 'payments'>
  readonly attempt: Attempt
  /** The last reads of the booking got no answer. */
  readonly unanswered: boolean
  readonly holdIsOver: boolean
  readonly nowMs: number
}

/** Longer than this is slow, and worth a word. */
const slowMs = 4_000

/** Pay itself is answered within a second; after so long we say that we do not know. */
const unansweredMs = 5_000

/** What the checkout shows. The booking decides; the attempt fills in what it can not know yet. */
export function checkoutView(facts: CheckoutFacts): CheckoutView {
  const { booking, attempt, unanswered, holdIsOver, nowMs } = facts
  switch (booking.status) {
    case BookingStatus.CONFIRMED:
      return { name: 'confirmed' }
    case BookingStatus.CANCELLED:
      return { name: 'cancelled' }
    case BookingStatus.RELEASED:
      return { name: 'released' }
    case BookingStatus.EXCHANGED:
    case BookingStatus.WAITING:
    case BookingStatus.LAPSED:
    case BookingStatus.DISRUPTED:
      return { name: 'elsewhere' }
    case BookingStatus.EXPIRED:
      return { name: 'expired', money: moneyOf(booking) }
    case BookingStatus.PAYING:
      if (unanswered || attempt.phase === 'waiting') return { name: 'waiting' }
      return { name: isSlow(attempt, nowMs) ? 'slow' : 'paying' }
    default:
      if (attempt.phase === 'waiting') return { name: 'waiting' }
      if (attempt.phase === 'sending' || attempt.phase === 'accepted') {
        return { name: nowMs - attempt.sinceMs > unansweredMs ? 'waiting' : 'sending' }
      }
      if (holdIsOver && attempt.phase !== 'token') return { name: 'expired', money: 'none' }
      return { name: 'form', declined: declineOf(booking, attempt) }
  }
}

/** The page asks often at first, when most payments settle, and then more calmly. */
export function pollEveryMs(sinceMs: number, nowMs: number): number {
  const age = nowMs - sinceMs
  if (age < 5_000) return 500
  return age < 15_000 ? 1_000 : 2_000
}

/** The attempt is over and its record can go. */
export function isSettled(status: Booking['status']): boolean {
  return status !== BookingStatus.PAYING && status !== BookingStatus.EXPIRED
}

function isSlow(attempt: Attempt, nowMs: number): boolean {
  return 'sinceMs' in attempt && nowMs - attempt.sinceMs > slowMs
}

function declineOf(booking: Pick<Booking, 'payments'>, attempt: Attempt): string | undefined {
  const last = booking.payments.at(-1)
  const declined = last?.status === PaymentStatus.DECLINED && attempt.phase === 'none'
  return declined ? declineWords(last.declineReason) : undefined
}

const declineReasons: Readonly<Record<string, string>> = {
  card_declined: '',
  insufficient_funds: 'There is not enough money on it.',
  expired_card: 'It has expired.',
}

/** The provider's word as a sentence; '' when it tells a person nothing. */
function declineWords(reason: string): string {
  const known = declineReasons[reason]
  if (known !== undefined || reason === '') return known ?? ''
  return `The bank says: ${reason.replaceAll('_', ' ')}.`
}

function moneyOf({ payments }: Pick<Booking, 'payments'>) {
  switch (payments.at(-1)?.status) {
    case PaymentStatus.AUTHORISING:
    case PaymentStatus.AUTHORISED:
      return 'pending'
    case PaymentStatus.VOIDING:
      return 'returning'
    case PaymentStatus.VOIDED:
      return 'returned'
    default:
      return 'none'
  }
}
