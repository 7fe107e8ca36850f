/** What people do with a connection that they have found: hold it, pay for it or not, think better of it. */
import {
  applyEntry,
  type Command,
  type ConnectionView,
  pendingOutbox,
  type Reply,
  refundQuote,
} from '@quorail/booking-fsm'
import type { Railway } from '../fsm/railway.ts'
import { Durations } from '../harness/sample.ts'
import type { Books } from './books.ts'
import type { Invariants } from './invariants.ts'

export class Customers {
  readonly entries = new Durations()
  /** What was asked for and answered, by words. */
  readonly counts = new Map<string, number>()
  /** Bookings that have been made. */
  booked = 0
  readonly #railway: Railway
  readonly #books: Books
  readonly #invariants: Invariants | undefined
  readonly #random: () => number
  readonly #accounts: readonly number[]
  readonly #confirmed: { readonly actor: number; readonly bookingIds: readonly number[] }[] = []

  constructor(
    railway: Railway,
    books: Books,
    random: () => number,
    accounts: number,
    invariants?: Invariants,
  ) {
    this.#invariants = invariants
    this.#railway = railway
    this.#books = books
    this.#random = random
    this.#accounts = Array.from({ length: accounts }, (_, i) => {
      const email = `passenger${i}@example.org`
      const by = { email, displayName: `Passenger ${i}`, passwordHash: 'h', role: 'passenger' }
      const reply = this.#send({ type: 'registerAccount', ...by } as Command, 0)
      if (reply.type !== 'accountRegistered') throw new Error(reply.type)
      return reply.accountId
    })
  }

  /** Three in four pay; some cards are declined; who does not pay lets the hold expire, or gives it back. */
  buy(connection: ConnectionView, passengers: number): void {
    const actor = this.#pick(this.#accounts)
    const held = this.#hold(connection, passengers, actor)
    if (held === undefined) return
    const { bookingIds, priceMinor } = held
    const [bookingId = 0] = bookingIds
    this.booked += bookingIds.length
    const mood = this.#random()
    if (mood < 0.15) this.#count('left to expire')
    else if (mood < 0.25) {
      this.#send({ type: 'releaseHold', bookingId }, actor)
      this.#count('released')
    } else this.#pay(actor, bookingIds, priceMinor, mood > 0.97)
  }

  #pay(actor: number, bookingIds: readonly number[], amountMinor: number, declines: boolean): void {
    const [bookingId = 0] = bookingIds
    const paymentToken = 'tok_0123456789'
    this.#send({ type: 'startPayment', bookingId, paymentToken, amountMinor }, actor)
    this.settle(declines)
    this.#count(declines ? 'declined' : 'paid')
    if (!declines) this.#confirmed.push({ actor, bookingIds })
  }

  /** One of those who have paid, and have not left. */
  cancelOne(): void {
    const at = Math.floor(this.#random() * this.#confirmed.length)
    const [chosen] = this.#confirmed.splice(at, 1)
    for (const bookingId of chosen?.bookingIds ?? []) {
      const { state, nowMs } = this.#railway
      const quote = refundQuote(state, bookingId, nowMs)
      if (chosen === undefined || quote === undefined) continue
      const expectedRefundMinor = quote.refundMinor
      this.#send({ type: 'cancelBooking', bookingId, expectedRefundMinor }, chosen.actor)
      this.settle(false)
      this.#count('cancelled')
    }
  }

  tick(): void {
    this.#send({ type: 'tick' }, 0)
  }

  /** The provider answers what it is asked, until it is asked nothing more. */
  settle(declines: boolean): void {
    for (;;) {
      const asked = pendingOutbox(this.#railway.state, 100)
      if (asked.length === 0) return
      for (const { outboxId, kind } of asked) {
        const refuses = declines && kind === 'authorise'
        const outcome = refuses
          ? ({ type: 'refused', reason: 'card_declined' } as const)
          : ({ type: 'done', providerReference: `ref_${outboxId}` } as const)
        this.#send({ type: 'recordOutcome', outboxId, outcome }, 0)
      }
    }
  }

  #hold({ legs, offers }: ConnectionView, passengers: number, actor: number) {
    const classCode = (offers.find((offer) => offer.enoughSeats) ?? offers[0])?.classCode ?? '2'
    const party = Array.from({ length: passengers }, (_, i) => ({ name: `Passenger ${i}` }))
    const journeys = legs.map(({ runId, fromStop, toStop }) => ({
      ...{ runId, fromStop, toStop, classCode, seats: [] },
    }))
    const [only] = journeys
    if (only === undefined) return undefined
    const reply =
      journeys.length === 1
        ? this.#send({ type: 'holdSeats', ...only, passengers: party }, actor)
        : this.#send({ type: 'holdTrip', legs: journeys, passengers: party }, actor)
    if (reply.type === 'seatsHeld') {
      return { bookingIds: [reply.bookingId], priceMinor: reply.priceMinor }
    }
    if (reply.type === 'tripHeld') {
      return { bookingIds: reply.legs.map((leg) => leg.bookingId), priceMinor: reply.priceMinor }
    }
    this.#count(`not held: ${reply.type === 'refused' ? reply.code : reply.type}`)
    return undefined
  }

  #send(command: Command, actor: number): Reply {
    const { state } = this.#railway
    const entry = this.#railway.entry(command, actor)
    const began = performance.now()
    const { reply, changes } = applyEntry(state, entry)
    this.entries.add(performance.now() - began)
    this.#books.follow(state, changes)
    this.#invariants?.follow(state, entry, reply, changes)
    const expected = command.type === 'holdSeats' || command.type === 'holdTrip'
    if (reply.type === 'refused' && !expected) {
      throw new Error(`${command.type}: ${JSON.stringify(reply)}`)
    }
    return reply
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T
  }

  #count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1)
  }
}
