import type { NoticeKind } from '../commands.ts'
import { counterOf } from '../counters.ts'
import type { Notice, NoticeData } from '../notices.ts'
import type { BookingState } from '../state.ts'

/** A mail to be written and sent. */
export interface NoticeView {
  readonly noticeId: number
  /** The same whoever sends it and however often. */
  readonly key: string
  readonly kind: NoticeKind
  readonly accountId: number
  /** 0: it is about the account. */
  readonly bookingId: number
  readonly data: NoticeData
  readonly queuedAtMs: number
}

/** Oldest first. */
export function pendingNotices(state: BookingState, limit: number): NoticeView[] {
  const views: NoticeView[] = []
  for (const notice of state.notices.values()) {
    if (views.length >= limit) break
    views.push(noticeView(notice))
  }
  return views
}

/** Whether the cluster collects notices. */
export function noticesOn(state: BookingState): boolean {
  return counterOf(state, 'noticesOn') === 1
}

/** What the account does not want to be told. */
export function mutedNotices(state: BookingState, accountId: number): readonly NoticeKind[] {
  return state.noticePreferences.get(accountId)?.muted ?? []
}

function noticeView(notice: Notice): NoticeView {
  const { noticeId, key, kind, accountId, bookingId, queuedAtMs, dataJson } = notice
  const data = JSON.parse(dataJson) as NoticeData
  return { noticeId, key, kind, accountId, bookingId, data, queuedAtMs }
}
