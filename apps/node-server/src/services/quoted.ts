import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt'
import { quoteExpired } from '../errors/quote-expired.ts'
import type { Plan } from './plan.ts'

/** Quotes stand no longer, whatever the rules say: long enough for names to be typed. */
export const quoteMostMs = 15 * 60_000

/** A hold at a price that was quoted: another price says after the quote's end that it has expired. */
export function quoted<Output>(
  plan: Plan<Output>,
  quotedUntil: Timestamp | undefined,
  nowMs: () => number,
): Plan<Output> {
  if (quotedUntil === undefined) return plan
  return {
    submission: plan.submission,
    answer(submitted) {
      const { reply } = submitted
      const isOther = reply.type === 'refused' && reply.code === 'priceChanged'
      if (isOther && timestampMs(quotedUntil) <= nowMs()) throw quoteExpired(reply)
      return plan.answer(submitted)
    },
  }
}
