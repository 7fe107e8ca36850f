/**
 * Notices: an outbox of mails. Each has a key that is fixed when it is queued, is answered once, and
 * lapses when nobody sends it in time, so that a cluster without a mail server keeps few of them.
 */
import type { NoticeKind, Outcome } from './commands.ts'
import { addToCounter, counterOf } from './counters.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work, writeRecord, writeRow } from './store.ts'
import type { Hashed } from './things.ts'

export interface Notice extends Hashed {
  readonly noticeId: number
  /** The mail's own name, whoever sends it and however often. */
  readonly key: string
  readonly kind: NoticeKind
  readonly accountId: number
  /** 0: it is about the account. */
  readonly bookingId: number
  /** As the row has it: read once, by who writes the mail. */
  readonly dataJson: string
  readonly queuedAtMs: number
}

export interface NoticePreference extends Hashed {
  readonly accountId: number
  readonly muted: readonly NoticeKind[]
}

/** Who is told about what. A booking is one. */
export interface NoticeAbout {
  readonly accountId: number
  readonly bookingId?: number | undefined
}

/** What can not be read from the booking later on, each under a plain name. */
export type NoticeData = Readonly<Record<string, number | string | readonly number[]>>

/** After so long a notice is no news any more: 72 h. */
export const NOTICE_LIFE_MS = 259_200_000
export const NOTICE_LIMIT = 100_000
const LAPSED_PER_ENTRY = 100

/** Kinds that one may do without; the others say what happened to somebody's money or seat. */
export const mutableKinds: readonly NoticeKind[] = ['refundSent', 'runDelayed', 'drawLost']

/** Tells the account, once notices are switched on and unless it does not want to know. */
export function queueNotice(
  work: Work,
  about: NoticeAbout,
  kind: NoticeKind,
  data: NoticeData = {},
): void {
  const { state } = work
  if (counterOf(state, 'noticesOn') === 0) return
  const { accountId, bookingId = 0 } = about
  if (!state.accounts.has(accountId)) return
  if (state.noticePreferences.get(accountId)?.muted.includes(kind) === true) return
  const noticeId = addToCounter(work, 'notices', 1)
  const notice: Notice = {
    hashLow: 0,
    hashHigh: 0,
    noticeId,
    key: `${state.meta.clusterId}-n${noticeId}`,
    kind,
    accountId,
    bookingId,
    dataJson: JSON.stringify(data),
    queuedAtMs: state.meta.nowMs,
  }
  state.notices.set(noticeId, notice)
  writeRow(work, 'notices', notice)
  if (state.notices.size > NOTICE_LIMIT) lapse(work, oldest(state))
}

/** It leaves the state; what became of it is recorded. */
export function settleNotice(work: Work, notice: Notice, outcome: Outcome): void {
  const detail = outcome.type === 'done' ? outcome.providerReference : outcome.reason
  remove(work, notice, outcome.type, detail)
}

/** Housekeeping: what is too old to be news goes, in bounded portions, in the order it was queued. */
export function lapseNotices(work: Work): void {
  const { state } = work
  for (let lapsed = 0; lapsed < LAPSED_PER_ENTRY && state.notices.size > 0; lapsed++) {
    const notice = oldest(state)
    if (state.meta.nowMs < notice.queuedAtMs + NOTICE_LIFE_MS) return
    lapse(work, notice)
  }
}

/** Nothing is sent to the account any more, and nothing is known of what it wants. */
export function forgetNotices(work: Work, accountId: number): void {
  for (const notice of work.state.notices.values()) {
    if (notice.accountId === accountId) lapse(work, notice)
  }
  setMuted(work, accountId, [])
}

/** An account that wants everything has no row. */
export function setMuted(work: Work, accountId: number, muted: readonly NoticeKind[]): void {
  const { noticePreferences } = work.state
  const before = noticePreferences.get(accountId)
  if (muted.length > 0) {
    const { hashLow, hashHigh } = before ?? { hashLow: 0, hashHigh: 0 }
    const preference: NoticePreference = { hashLow, hashHigh, accountId, muted }
    noticePreferences.set(accountId, preference)
    writeRow(work, 'notice_preferences', preference)
  } else if (before !== undefined) {
    noticePreferences.delete(accountId)
    deleteRow(work, 'notice_preferences', before, [accountId])
  }
}

/** They are kept in the order they were queued in. */
function oldest(state: BookingState): Notice {
  return state.notices.values().next().value as Notice
}

function lapse(work: Work, notice: Notice): void {
  remove(work, notice, 'lapsed', '')
}

function remove(
  work: Work,
  notice: Notice,
  outcome: Outcome['type'] | 'lapsed',
  detail: string,
): void {
  const { noticeId, key, kind, accountId, bookingId, queuedAtMs } = notice
  const { state, index } = work
  state.notices.delete(noticeId)
  deleteRow(work, 'notices', notice, [noticeId])
  writeRecord(work, 'notice_outcomes', [
    noticeId,
    key,
    kind,
    accountId,
    bookingId,
    queuedAtMs,
    outcome,
    detail,
    index,
    state.meta.nowMs,
  ])
}
