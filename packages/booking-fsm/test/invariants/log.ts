import { hashText, rowHash } from '../../src/hash.ts'
import { stateHash } from '../../src/index.ts'
import { BURNED_LIMIT, PRINCIPAL_LIMIT } from '../../src/request-memory.ts'
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

  I27: ({ state, changes }, { requestIndexes }) => {
    for (const change of changes) {
      if (change.table !== 'requests') continue
      const [requestKey] = change.type === 'upsert' ? change.values : change.key
      const request = String(requestKey)
      if (change.type === 'upsert') {
        const { values } = change
        requestIndexes.set(request, { index: Number(values[3]), share: shareOf(values) })
        continue
      }
      const gone = requestIndexes.get(request)
      requestIndexes.delete(request)
      // Of a principal the oldest goes first, whatever the reason.
      for (const { index, share } of requestIndexes.values()) {
        if (gone !== undefined && share === gone.share && index < gone.index) {
          return `the reply of ${index} goes too late`
        }
      }
    }
    return tooManyKept(state)
  },

  I29: ({ state }) => {
    let [low, high] = [0, 0]
    for (const { table, values } of rowsOf(state)) {
      const hash = rowHash(table, values)
      low = (low + hash.low) >>> 0
      high = (high + hash.high) >>> 0
    }
    return hashText(low, high) === stateHash(state) ? undefined : 'the hash is not that of the rows'
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

function tooManyKept({
  remembered,
  meta,
  sessions,
  sessionQueue,
}: BookingState): string | undefined {
  const counts = new Map<string, number>()
  let before = 0
  for (const kept of remembered.values()) {
    const share = shareOf([kept.requestKey, '', kept.replyJson])
    counts.set(share, (counts.get(share) ?? 0) + 1)
  }
  for (const [share, count] of counts) {
    const limit = share.startsWith('burned') ? BURNED_LIMIT : PRINCIPAL_LIMIT
    const bounded = meta.featureLevel >= 2 && !share.startsWith('p:')
    if (bounded && count > limit) return `${count} replies of ${share} are kept`
    before += count
  }
  if (before !== remembered.size || before > 140_000) return `${before} replies are kept`
  const { items } = sessionQueue
  return items.length === sessions.size ? undefined : 'a session is not in its queue'
}
