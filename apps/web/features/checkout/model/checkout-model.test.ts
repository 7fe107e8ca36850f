import { create } from '@bufbuild/protobuf'
import type { DescribedError } from '@quorail/cluster-client'
import {
  BookingSchema,
  BookingStatus,
  PaymentStatus,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { describe, expect, it } from 'vitest'
import { type Attempt, checkoutView, pollEveryMs } from './checkout-view'
import { announcementBetween, countdown } from './countdown'
import { clearRecord, readRecord, writeRecord } from './payment-record'

const problem: DescribedError = {
  code: 'NO_NODE_REACHABLE',
  sentence: 'Nobody answers.',
  nextStep: '',
  outcome: 'unknown',
  field: '',
  retryable: true,
  seats: [],
  figure: 0,
}

function view(
  status: BookingStatus,
  attempt: Attempt = { phase: 'none' },
  more: {
    payment?: PaymentStatus
    reason?: string
    unanswered?: boolean
    holdIsOver?: boolean
    nowMs?: number
  } = {},
) {
  const {
    payment,
    reason = 'card_declined',
    unanswered = false,
    holdIsOver = false,
    nowMs = 1_000,
  } = more
  const payments = payment === undefined ? [] : [{ status: payment, declineReason: reason }]
  const booking = create(BookingSchema, { status, payments })
  return checkoutView({ booking, attempt, unanswered, holdIsOver, nowMs })
}

const { HELD, PAYING, CONFIRMED, EXPIRED, RELEASED, CANCELLED } = BookingStatus
const { WAITING, LAPSED, EXCHANGED, DISRUPTED } = BookingStatus

describe('what the checkout shows', () => {
  it('is the form for a hold, and the reason when a card was declined', () => {
    expect(view(HELD)).toEqual({ name: 'form', declined: undefined })
    expect(view(HELD, { phase: 'none' }, { payment: PaymentStatus.DECLINED })).toEqual({
      name: 'form',
      declined: '',
    })
    const words = (reason: string) =>
      view(HELD, { phase: 'none' }, { payment: PaymentStatus.DECLINED, reason })
    expect(words('insufficient_funds')).toMatchObject({ declined: expect.stringMatching(/money/) })
    expect(words('do_not_honour')).toMatchObject({ declined: 'The bank says: do not honour.' })
  })

  it('forgets the old decline while the next card is on its way', () => {
    const shown = view(HELD, { phase: 'token' }, { payment: PaymentStatus.DECLINED })
    expect(shown).toEqual({ name: 'form', declined: undefined })
  })

  it('says that it does not know when Pay stays unanswered', () => {
    expect(view(HELD, { phase: 'sending', sinceMs: 0 }).name).toBe('sending')
    expect(view(HELD, { phase: 'sending', sinceMs: 0 }, { nowMs: 6_000 }).name).toBe('waiting')
    expect(view(HELD, { phase: 'waiting', sinceMs: 0, problem }).name).toBe('waiting')
  })

  it('follows a payment, calls it slow after a while, and says when nobody answers', () => {
    const accepted = { phase: 'accepted', sinceMs: 0 } as const
    expect(view(PAYING, accepted).name).toBe('paying')
    expect(view(PAYING, accepted, { nowMs: 9_000 }).name).toBe('slow')
    expect(view(PAYING, accepted, { unanswered: true }).name).toBe('waiting')
    expect(view(PAYING).name).toBe('paying')
  })

  it('goes by the booking once that has settled, whatever the page was doing', () => {
    const waiting = { phase: 'waiting', sinceMs: 0, problem } as const
    expect(view(CONFIRMED, waiting).name).toBe('confirmed')
    expect(view(CANCELLED, waiting).name).toBe('cancelled')
    expect(view(RELEASED).name).toBe('released')
  })

  it('has no form for what is neither held nor being paid', () => {
    for (const status of [WAITING, LAPSED, EXCHANGED, DISRUPTED]) {
      expect(view(status).name).toBe('elsewhere')
    }
  })

  it('says where the money is when the hold has ended', () => {
    expect(view(HELD, { phase: 'none' }, { holdIsOver: true })).toMatchObject({ name: 'expired' })
    const money = (payment?: PaymentStatus) =>
      view(EXPIRED, { phase: 'none' }, payment === undefined ? {} : { payment })
    expect(money()).toEqual({ name: 'expired', money: 'none' })
    expect(money(PaymentStatus.AUTHORISING)).toEqual({ name: 'expired', money: 'pending' })
    expect(money(PaymentStatus.VOIDING)).toEqual({ name: 'expired', money: 'returning' })
    expect(money(PaymentStatus.VOIDED)).toEqual({ name: 'expired', money: 'returned' })
  })

  it('does not end a hold under a payment that is on its way', () => {
    const sending = { phase: 'sending', sinceMs: 900 } as const
    expect(view(HELD, sending, { holdIsOver: true }).name).toBe('sending')
    expect(view(HELD, { phase: 'token' }, { holdIsOver: true }).name).toBe('form')
  })

  it('asks often at first and then more calmly', () => {
    expect([100, 6_000, 60_000].map((age) => pollEveryMs(0, age))).toEqual([500, 1_000, 2_000])
  })
})

describe('the countdown', () => {
  it('goes by the clock of the node, however wrong the browser is', () => {
    const hour = 3_600_000
    expect(countdown(hour + 600_000, hour, 0)).toMatchObject({ clock: '10:00', phase: 'calm' })
    expect(countdown(600_000, 0, 599_500)).toMatchObject({ clock: '0:01', phase: 'soon' })
    expect(countdown(600_000, 0, 700_000)).toMatchObject({ leftMs: 0, phase: 'over' })
  })

  it('warns from two minutes on', () => {
    expect(countdown(121_000, 0, 0).phase).toBe('calm')
    expect(countdown(120_000, 0, 0).phase).toBe('soon')
  })

  it('says each mark once, and only the latest after a gap', () => {
    expect(announcementBetween(300_500, 300_000)).toMatch(/5 more minutes/)
    expect(announcementBetween(300_000, 299_500)).toBeUndefined()
    expect(announcementBetween(500_000, 50_000)).toMatch(/1 more minute\./)
    expect(announcementBetween(500, 0)).toMatch(/ended/)
  })
})

describe('the record of an attempt', () => {
  it('comes back as it was, per booking, and goes when it has settled', () => {
    const map = new Map<string, string>()
    const store = {
      getItem: (key: string) => map.get(key) ?? null,
      setItem: (key: string, value: string) => void map.set(key, value),
      removeItem: (key: string) => void map.delete(key),
    }
    const record = { requestId: 'r', token: 'tok_x', amountMinor: 3780n, card: 'Visa 4242' }
    writeRecord(store, '7', record)
    expect(readRecord(store, '7')).toEqual(record)
    expect(readRecord(store, '8')).toBeUndefined()
    clearRecord(store, '7')
    expect(readRecord(store, '7')).toBeUndefined()
    store.setItem('quorail.payment.7', '{"requestId":1}')
    expect(readRecord(store, '7')).toBeUndefined()
  })
})
