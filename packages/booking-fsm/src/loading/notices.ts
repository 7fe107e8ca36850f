/** What passengers are to be told, and what they do not want to be told. */
import type { NoticeKind } from '../commands.ts'
import type { Notice, NoticePreference } from '../notices.ts'
import type { BookingState } from '../state.ts'
import type { Hashed } from '../things.ts'
import { type Cursor, int, list, text, word } from './cursor.ts'

export function loadNotice(state: BookingState, row: Cursor): Hashed {
  const notice: Notice = {
    hashLow: 0,
    hashHigh: 0,
    noticeId: int(row),
    key: text(row),
    kind: word(row) as NoticeKind,
    accountId: int(row),
    bookingId: int(row),
    dataJson: text(row),
    queuedAtMs: int(row),
  }
  state.notices.set(notice.noticeId, notice)
  return notice
}

export function loadNoticePreference(state: BookingState, row: Cursor): Hashed {
  const preference: NoticePreference = {
    hashLow: 0,
    hashHigh: 0,
    accountId: int(row),
    muted: list<NoticeKind>(row),
  }
  state.noticePreferences.set(preference.accountId, preference)
  return preference
}
