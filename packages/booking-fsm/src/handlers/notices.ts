import { mustBeCluster } from '../actors.ts'
import { checkLength, firstInvalid, isId } from '../checks.ts'
import type { RecordNotice, SetNoticePreferences, SwitchNotices } from '../commands.ts'
import { addToCounter, counterOf } from '../counters.ts'
import { mutableKinds, setMuted, settleNotice } from '../notices.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { Work } from '../store.ts'
import { checkOutcome } from './record-outcome.ts'

export function switchNotices(work: Work, { on }: SwitchNotices): Reply {
  const { state } = work
  if (typeof on !== 'boolean') return invalid('on')
  const isOperator = state.accounts.get(work.actor)?.role === 'operator'
  if (!work.cluster && !isOperator) return refuse('notAllowed')
  const change = (on ? 1 : 0) - counterOf(state, 'noticesOn')
  if (change !== 0) addToCounter(work, 'noticesOn', change)
  return { type: 'done' }
}

export function setNoticePreferences(work: Work, { muted }: SetNoticePreferences): Reply {
  const length = checkLength(muted, 0, mutableKinds.length, 'muted')
  if (length !== undefined) return length
  const wrong = muted.findIndex(
    (kind, i) => !mutableKinds.includes(kind) || muted.indexOf(kind) < i,
  )
  if (wrong >= 0) return invalid(`muted[${wrong}]`)
  if (work.actor === 0) return refuse('notAllowed')
  setMuted(work, work.actor, [...muted])
  return { type: 'done' }
}

export function recordNotice(work: Work, command: RecordNotice): Reply {
  const { noticeId, outcome } = command
  const refusal =
    firstInvalid([[isId(noticeId), 'noticeId']]) ?? checkOutcome(outcome) ?? mustBeCluster(work)
  if (refusal !== undefined) return refusal
  const notice = work.state.notices.get(noticeId)
  if (notice === undefined) return refuse('noticeNotOpen')
  settleNotice(work, notice, outcome)
  return { type: 'done' }
}
