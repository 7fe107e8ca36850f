/** Stubs as their rows, and back. */
import { type Cursor, int, text } from '../loading/cursor.ts'
import type { Value } from '../rows.ts'
import type { Stub, StubFare, StubPayment } from './things.ts'

export function stubValues(it: Stub): Value[] {
  return [
    it.bookingId,
    // Most are alone: nothing needs to be said then.
    it.familyId === it.bookingId ? 0 : it.familyId,
    it.accountId,
    it.passengers,
    it.bought ? 1 : 0,
    it.overMs,
    it.fares.map(fareText).join(' '),
    it.owedMinor,
    it.requests,
  ]
}

export function stubFrom(row: Cursor): Stub {
  const bookingId = int(row)
  return {
    bookingId,
    familyId: int(row) || bookingId,
    accountId: int(row),
    passengers: int(row),
    bought: int(row) === 1,
    overMs: int(row),
    fares: faresFrom(text(row)),
    owedMinor: int(row),
    requests: text(row),
  }
}

export function stubPaymentValues(it: StubPayment): Value[] {
  return [it.paymentId, it.bookingId, it.amountMinor, it.leftMinor, it.providerReference]
}

export function stubPaymentFrom(row: Cursor): StubPayment {
  return {
    paymentId: int(row),
    bookingId: int(row),
    amountMinor: int(row),
    leftMinor: int(row),
    providerReference: text(row),
  }
}

/** Without tax, or with nothing left, the price says nothing more. */
function fareText({ keptMinor, priceMinor, taxMinor }: StubFare): string {
  return taxMinor === 0 || keptMinor === 0
    ? String(keptMinor)
    : `${keptMinor}/${priceMinor}/${taxMinor}`
}

function faresFrom(packed: string): StubFare[] {
  if (packed === '') return []
  return packed.split(' ').map((fare) => {
    const [keptMinor = 0, priceMinor = 0, taxMinor = 0] = fare.split('/').map(Number)
    return { keptMinor, priceMinor, taxMinor }
  })
}
