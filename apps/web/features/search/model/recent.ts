import type { SearchQuery } from './search-params'
import type { StationChoice } from './station-combobox'

/** A search that was made here before, kept in this browser only. */
export interface RecentSearch {
  readonly from: StationChoice
  readonly to: StationChoice
}

const key = 'quorail.recent-searches'
const most = 4

export function readRecent(storage: Pick<Storage, 'getItem'>): readonly RecentSearch[] {
  try {
    const list: unknown = JSON.parse(storage.getItem(key) ?? '[]')
    return Array.isArray(list) ? list.filter(isRecent).slice(0, most) : []
  } catch {
    return []
  }
}

export function rememberSearch(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  search: RecentSearch,
): void {
  const others = readRecent(storage).filter(
    ({ from, to }) => from.code !== search.from.code || to.code !== search.to.code,
  )
  try {
    storage.setItem(key, JSON.stringify([search, ...others].slice(0, most)))
  } catch {
    // A full or forbidden storage costs a convenience, no more.
  }
}

export function withDate(recent: RecentSearch, date: string, passengers: number): SearchQuery {
  return { from: recent.from.code, to: recent.to.code, date, passengers }
}

function isRecent(value: unknown): value is RecentSearch {
  const { from, to } = (value ?? {}) as Record<'from' | 'to', unknown>
  return [from, to].every((end) => {
    const { code, name } = (end ?? {}) as Record<string, unknown>
    return typeof code === 'string' && typeof name === 'string' && code !== '' && name !== ''
  })
}
