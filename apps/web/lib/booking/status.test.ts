import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  BookingSchema,
  BookingStatus,
  PaymentStatus,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { describe, expect, it } from 'vitest'
import { withServerTime } from './booking-query'
import { groupTrips, isSettling, moneyWords, statusWords } from './status'

const eur = (minor: bigint) => ({ minor, currency: 'EUR' })
const booking = (init: MessageInitShape<typeof BookingSchema>) => create(BookingSchema, init)

describe('where the money is', () => {
  const paid = { amount: eur(1890n), status: PaymentStatus.CAPTURED }

  it('looks past a declined card to the payment that counts', () => {
    const declined = { amount: eur(1890n), status: PaymentStatus.DECLINED }
    const status = BookingStatus.CONFIRMED
    expect(moneyWords(booking({ status, payments: [declined, paid] }))).toBe('€18.90 was paid.')
    expect(moneyWords(booking({ status, payments: [paid, declined] }))).toBe('€18.90 was paid.')
  })

  it('follows a refund until it is done', () => {
    const status = BookingStatus.CANCELLED
    const pending = booking({
      status,
      refund: eur(945n),
      payments: [{ ...paid, refundPending: true }],
    })
    expect(moneyWords(pending)).toBe('Your refund of €9.45 is on its way.')
    expect(isSettling(pending)).toBe(true)
    const done = booking({
      status,
      refund: eur(945n),
      payments: [{ ...paid, refunded: eur(945n) }],
    })
    expect(moneyWords(done)).toBe('€9.45 was given back to your card.')
    expect(isSettling(done)).toBe(false)
  })

  it('says when nothing was charged', () => {
    expect(moneyWords(booking({ status: BookingStatus.EXPIRED }))).toBe('Nothing was charged.')
  })

  it('rests while somebody waits for seats', () => {
    const reserved = { amount: eur(1890n), status: PaymentStatus.AUTHORISED }
    const waiting = booking({ status: BookingStatus.WAITING, payments: [reserved] })
    expect(moneyWords(waiting)).toBe(
      '€18.90 is reserved on your card. Nothing is taken until you get seats.',
    )
    expect(isSettling(waiting)).toBe(false)
  })
})

describe('the word for a status', () => {
  const all = Object.entries(BookingStatus).filter(([, value]) => typeof value === 'number')
  const said = all.filter(([name]) => name !== 'UNSPECIFIED')

  it.each(said)('is there for %s', (_name, status) => {
    expect(statusWords({ status: Number(status) }).word).not.toBe('Unknown')
  })
})

describe('my trips', () => {
  it('are what waits, what comes, what was and what is over', () => {
    const at = (id: bigint, status: BookingStatus, arrival: number) =>
      booking({
        bookingId: id,
        status,
        journey: { departure: timestampFromMs(arrival - 1), arrival: timestampFromMs(arrival) },
      })
    const { CONFIRMED, HELD, PAYING, CANCELLED, WAITING, LAPSED, DISRUPTED } = BookingStatus
    const groups = groupTrips(
      [
        at(1n, CONFIRMED, 300),
        at(2n, CONFIRMED, 200),
        at(3n, CONFIRMED, 50),
        at(4n, CONFIRMED, 60),
        at(5n, HELD, 400),
        at(6n, PAYING, 400),
        at(7n, CANCELLED, 400),
        at(8n, WAITING, 250),
        at(9n, LAPSED, 400),
        at(10n, DISRUPTED, 350),
        at(11n, DISRUPTED, 70),
      ],
      100,
    )
    const ids = (list: readonly { bookingId: bigint }[]) => list.map((one) => Number(one.bookingId))
    expect(ids(groups.open)).toEqual([5, 6])
    expect(ids(groups.upcoming)).toEqual([2, 8, 1, 10])
    expect(ids(groups.past)).toEqual([4, 3])
    expect(ids(groups.over)).toEqual([7, 9, 11])
  })
})

describe('the clock of the node', () => {
  it('is kept as its distance from the clock of the browser', () => {
    const answer = { booking: booking({}), now: timestampFromMs(5_000) }
    expect(withServerTime(answer, 3_000)?.serverOffsetMs).toBe(2_000)
    expect(withServerTime({ booking: booking({}) }, 3_000)?.serverOffsetMs).toBe(0)
    expect(withServerTime({})).toBeUndefined()
  })
})
