/** The stubs, packed: there are far more of them than of anything else, and hardly one is asked for. */
import type { Value } from '../rows.ts'
import { sha256Text } from '../sha256.ts'
import { KeyIndex } from '../shelf/key-index.ts'
import { Links } from '../shelf/links.ts'
import { PackedRows } from '../shelf/packed-rows.ts'
import { stubFrom, stubPaymentFrom } from './stub-rows.ts'
import type { Stub, StubEffect, StubPayment } from './things.ts'

/** 64 bits of a SHA-256: enough that nobody finds two requests with the same one. */
const DIGITS = 16

export class Archive {
  /** Refunds on their way, in the order of their ids. */
  readonly effects = new Map<number, StubEffect>()
  readonly #stubs = new PackedRows()
  readonly #payments = new PackedRows()
  /** By booking: there is one in force at most. */
  readonly #paymentOf = new Links()
  readonly #requests = new KeyIndex()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(bookingId: number): boolean {
    return this.#stubs.has(bookingId)
  }

  get(bookingId: number): Stub | undefined {
    const values = this.values(bookingId)
    return values && stubFrom({ table: 'booking_stubs', values, at: 0 })
  }

  /** The row. */
  values(bookingId: number): Value[] | undefined {
    return this.#stubs.get(bookingId)
  }

  /** A new one, or one with other sums. */
  set({ bookingId, requests }: Stub, values: readonly Value[], salt: readonly number[]): void {
    if (!this.#stubs.has(bookingId)) {
      this.#size++
      for (const digest of digestsIn(requests)) this.#requests.add(digest, bookingId, salt)
    }
    this.#stubs.set(bookingId, values)
  }

  hasPayment(paymentId: number): boolean {
    return this.#payments.has(paymentId)
  }

  payment(paymentId: number): StubPayment | undefined {
    const values = this.paymentValues(paymentId)
    return values && stubPaymentFrom({ table: 'payment_stubs', values, at: 0 })
  }

  paymentValues(paymentId: number): Value[] | undefined {
    return this.#payments.get(paymentId)
  }

  /** That of a booking, or of the first leg of a trip. */
  paymentOf(bookingId: number): StubPayment | undefined {
    return this.payment(this.#paymentOf.get(bookingId))
  }

  setPayment({ paymentId, bookingId }: StubPayment, values: readonly Value[]): void {
    this.#payments.set(paymentId, values)
    this.#paymentOf.set(bookingId, paymentId)
  }

  /** Of a payment, in order. */
  effectsOf(paymentId: number): StubEffect[] {
    if (this.effects.size === 0) return []
    return [...this.effects.values()].filter(({ payment }) => payment.paymentId === paymentId)
  }

  /** The booking that a request was answered with. */
  byRequest(requestKey: string, salt: readonly number[]): number | undefined {
    if (this.#size === 0) return undefined
    const digest = requestDigest(requestKey)
    return this.#requests
      .find(digest, salt)
      .find((id) => digestsIn(this.get(id)?.requests ?? '').includes(digest))
  }

  /** By id. */
  *stubRows(): Generator<Value[]> {
    yield* this.#stubs.rows()
  }

  /** By id. */
  *paymentRows(): Generator<Value[]> {
    yield* this.#payments.rows()
  }
}

export function requestDigest(requestKey: string): string {
  return sha256Text(requestKey).slice(0, DIGITS)
}

function digestsIn(requests: string): string[] {
  const digests: string[] = []
  for (let at = 0; at < requests.length; at += DIGITS) digests.push(requests.slice(at, at + DIGITS))
  return digests
}
