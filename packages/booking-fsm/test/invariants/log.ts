import { hashText, rowHash } from '../../src/hash.ts'
import { BURNED_LIMIT, PRINCIPAL_LIMIT } from '../../src/request-memory.ts'
import { rowValues } from '../../src/row-values.ts'
import type { RowChange, Value } from '../../src/rows.ts'
import { rowsOf } from '../../src/snapshot.ts'
import type { BookingState } from '../../src/state.ts'
import type { Check } from './check.ts'

export const logChecks: Readonly<Record<string, Check>> = {
  I26: ({ state }, seen) => {
    const { nowMs } = state.meta
    if (nowMs < seen.nowMs) return `the clock went from ${seen.nowMs} to ${nowMs}`
    seen.nowMs = nowMs
    return undefined
  },

  I27: ({ state, changes, scope }, { requestIndexes, shares }) => {
    const count = (share: string, by: number) => shares.set(share, (shares.get(share) ?? 0) + by)
    for (const change of changes) {
      if (change.table !== 'requests') continue
      const [requestKey] = change.type === 'upsert' ? change.values : change.key
      const request = String(requestKey)
      if (change.type === 'upsert') {
        const { values } = change
        const share = shareOf(values)
        const before = requestIndexes.get(request)
        if (before !== undefined) count(before.share, -1)
        requestIndexes.set(request, { index: Number(values[3]), share })
        count(share, 1)
        const wrong = tooMany(state, share, shares.get(share) ?? 0)
        if (wrong !== undefined) return wrong
        continue
      }
      const gone = requestIndexes.get(request)
      requestIndexes.delete(request)
      if (gone !== undefined) count(gone.share, -1)
      // Of a principal the oldest goes first, whatever the reason.
      for (const { index, share } of requestIndexes.values()) {
        if (gone !== undefined && share === gone.share && index < gone.index) {
          return `the reply of ${index} goes too late`
        }
      }
    }
    return scope.thorough ? tooManyKept(state) : undefined
  },

  I29: ({ state, hash: stateHash, changes, scope }, { rows }) => {
    rows.write(changes)
    if (!rows.isHashOf(state)) return 'the hash is not that of the rows that were written'
    for (const booking of scope.bookings) {
      const { low, high } = rowHash('bookings', rowValues.bookings(booking))
      const written = rows.hashOf('bookings', [booking.bookingId])
      if (written.low !== low || written.high !== high) {
        return `booking ${booking.bookingId} is not as it was written`
      }
    }
    if (!scope.thorough) return undefined
    let [low, high] = [0, 0]
    for (const { table, values } of rowsOf(state)) {
      const hash = rowHash(table, values)
      low = (low + hash.low) >>> 0
      high = (high + hash.high) >>> 0
    }
    return hashText(low, high) === stateHash ? undefined : 'the hash is not that of the rows'
  },

  I30: ({ reply, changes }) => {
    if (reply.type !== 'refused') return undefined
    // Besides clock and memory of requests only what time itself brings, which never sells or pays.
    const other = changes.find(
      (change) => ['ledger_lines', 'effect_outcomes'].includes(change.table) && !isExpiry(change),
    )
    return other === undefined ? undefined : `a refused command wrote to ${other.table}`
  },
}

/** A voucher's time was over. */
export function isExpiry(change: RowChange): boolean {
  return change.type === 'upsert' && change.values.at(-1) === 'voucher expired'
}

/** Whose they are, and whether they are burned. */
function shareOf([requestKey, , reply]: readonly Value[]): string {
  const principal = String(requestKey).split(' ')[0]
  return reply === '{"type":"burned"}' ? `burned ${principal}` : `${principal}`
}

function tooMany({ meta }: BookingState, share: string, count: number): string | undefined {
  const limit = share.startsWith('burned') ? BURNED_LIMIT : PRINCIPAL_LIMIT
  const bounded = meta.featureLevel >= 2 && !share.startsWith('p:')
  return bounded && count > limit ? `${count} replies of ${share} are kept` : undefined
}

function tooManyKept(state: BookingState): string | undefined {
  const { remembered, sessions, sessionQueue } = state
  const counts = new Map<string, number>()
  let before = 0
  for (const kept of remembered.values()) {
    const share = shareOf([kept.requestKey, '', kept.replyJson])
    counts.set(share, (counts.get(share) ?? 0) + 1)
  }
  for (const [share, count] of counts) {
    const wrong = tooMany(state, share, count)
    if (wrong !== undefined) return wrong
    before += count
  }
  if (before !== remembered.size || before > 140_000) return `${before} replies are kept`
  const { items } = sessionQueue
  return items.length === sessions.size ? undefined : 'a session is not in its queue'
}
