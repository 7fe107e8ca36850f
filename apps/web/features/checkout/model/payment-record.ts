/**
 * One attempt to pay, kept in this tab until it has settled: after a reload the same request is sent
 * again under the same id, so it can not be charged twice. A token is no card number; it is good for
 * this payment only.
 */
export interface PaymentRecord {
  readonly requestId: string
  readonly token: string
  readonly amountMinor: bigint
  readonly card: string
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

export function readRecord(storage: Store, bookingId: string): PaymentRecord | undefined {
  try {
    const value: unknown = JSON.parse(storage.getItem(keyOf(bookingId)) ?? 'null')
    const { requestId, token, amountMinor, card } = (value ?? {}) as Record<string, unknown>
    if (![requestId, token, amountMinor, card].every((part) => typeof part === 'string')) return
    return {
      requestId: String(requestId),
      token: String(token),
      amountMinor: BigInt(String(amountMinor)),
      card: String(card),
    }
  } catch {
    return undefined
  }
}

export function writeRecord(storage: Store, bookingId: string, record: PaymentRecord): void {
  const text = JSON.stringify({ ...record, amountMinor: String(record.amountMinor) })
  try {
    storage.setItem(keyOf(bookingId), text)
  } catch {
    // Without storage the attempt lives as long as the page.
  }
}

export function clearRecord(storage: Store, bookingId: string): void {
  storage.removeItem(keyOf(bookingId))
}

function keyOf(bookingId: string): string {
  return `quorail.payment.${bookingId}`
}
