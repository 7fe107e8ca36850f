import { hashText, rowHash } from '../../src/hash.ts'
import { stateHash } from '../../src/index.ts'
import { REQUEST_LIMIT } from '../../src/requests.ts'
import { rowsOf } from '../../src/snapshot.ts'
import type { Check } from './check.ts'

export const logChecks: Readonly<Record<string, Check>> = {
  I26: ({ state }, seen) => {
    const { nowMs } = state.meta
    if (nowMs < seen.nowMs) return `the clock went from ${seen.nowMs} to ${nowMs}`
    seen.nowMs = nowMs
    return undefined
  },

  I27: ({ state, changes }, seen) => {
    const kept = state.requestQueue.slice(state.requestHead)
    if (kept.length > REQUEST_LIMIT) return `${kept.length} replies are kept`
    for (const [i, { index }] of kept.entries()) {
      if (i > 0 && index < (kept[i - 1]?.index ?? 0)) return 'replies are not in log order'
    }
    for (const change of changes) {
      if (change.table !== 'requests') continue
      if (change.type === 'upsert') {
        seen.requestIndexes.set(String(change.values[0]), Number(change.values[3]))
        continue
      }
      const index = seen.requestIndexes.get(String(change.key[0])) ?? seen.lastEvictedIndex
      if (index < seen.lastEvictedIndex) return `the reply of ${index} goes too late`
      seen.lastEvictedIndex = index
    }
    const { items } = state.sessionQueue
    return items.length === state.sessions.size ? undefined : 'a session is not in its queue'
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
    const other = changes.find(({ table }) => ['ledger_lines', 'effect_outcomes'].includes(table))
    return other === undefined ? undefined : `a refused command wrote to ${other.table}`
  },
}
