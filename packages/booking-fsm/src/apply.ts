/** One log entry after the other: the order of the steps is written in docs/internals/booking-rules.md. */
import { isRecorded, markMoney, writeAudit, writeTimeAudit } from './audit/keep.ts'
import { checkRequestKey, isId, isInstant, isInt, isObject, keyText } from './checks.ts'
import { cleanAbortedImports } from './cleanup.ts'
import type { Entry, RequestKey } from './commands.ts'
import { writeInvoices } from './companies/write-invoices.ts'
import { dispatch, levelOf } from './dispatch.ts'
import { continueDraws } from './draws/continue-draws.ts'
import { eraseSomeNames } from './erasing.ts'
import { expireHolds, expireSessions } from './expiry.ts'
import { forgetGuests } from './guests/forget-guests.ts'
import { lapseNotices } from './notices.ts'
import { checkSecondFactor } from './people/second-factor.ts'
import { invalid, refuse } from './refusal.ts'
import type { Refusal, Reply } from './replies.ts'
import { earlierAnswer, evictOldRequests, isArchivedAnswer, remember } from './requests.ts'
import type { RowChange } from './rows.ts'
import { giveSeats } from './seat-promise/give-seats.ts'
import type { BookingState } from './state.ts'
import { type Work, writeRow } from './store.ts'
import { expireVouchers } from './vouchers/using.ts'
import { closeDueChart, lapseDue } from './waiting/ending.ts'
import { offerFreed } from './waiting/promote.ts'
import { noteDue, noteNamed } from './waiting/timed.ts'

export interface Applied {
  readonly reply: Reply
  /** In order; a row may occur twice, the last one counts. */
  readonly changes: readonly RowChange[]
}

/** Total and deterministic: a rejected command is a reply, and changes nothing but time. */
export function applyEntry(state: BookingState, entry: Entry): Applied {
  const { meta, hashLow, hashHigh } = state
  if (!isId(entry.index) || entry.index <= meta.appliedIndex) {
    return { reply: invalid('index'), changes: [] }
  }
  meta.appliedIndex = entry.index
  const refusal = checkEntry(entry)
  if (isInstant(entry.timestampMs)) meta.nowMs = Math.max(meta.nowMs, entry.timestampMs)
  const work = workOn(state, entry, refusal === undefined ? entry.key : undefined)
  const mark = markMoney(state)
  expireHolds(work)
  lapseDue(work)
  noteDue(work)
  // Before the command: what has become free is not for whoever comes first now.
  offerFreed(work)
  closeDueChart(work)
  giveSeats(work)
  evictOldRequests(work)
  expireSessions(work)
  cleanAbortedImports(work)
  eraseSomeNames(work)
  lapseNotices(work)
  expireVouchers(work)
  forgetGuests(work)
  writeInvoices(work)
  continueDraws(work)
  const reply = refusal ?? answer(work, entry)
  noteDue(work)
  offerFreed(work)
  writeRow(work, 'meta', meta)
  state.bookings.settle(({ requestKey }) => state.requests.delete(requestKey))
  if (work.recorded) writeAudit(work, entry.command, reply, hashLow, hashHigh)
  else writeTimeAudit(work, mark, hashLow, hashHigh)
  return { reply, changes: work.changes }
}

function answer(work: Work, entry: Entry): Reply {
  const { state } = work
  const { actor, command, key } = entry
  const isResolving = command.type === 'resolveRequest'
  if (key !== undefined && !isResolving) {
    const earlier = earlierAnswer(state, work.requestKey)
    if (earlier?.reply.type === 'burned') return refuse('requestBurned')
    if (earlier !== undefined) {
      if (isArchivedAnswer(earlier)) return earlier.reply
      return earlier.contentHash === key.contentHash ? earlier.reply : refuse('requestIdReused')
    }
  }
  if (state.meta.clusterId === '' && command.type !== 'foundCluster') return refuse('notFounded')
  const account = state.accounts.get(actor)
  if (actor > 0 && account === undefined) return refuse('accountNotFound', { field: 'actor' })
  if (account !== undefined && account.closedAtMs > 0)
    return refuse('accountClosed', { field: 'actor' })
  if (account !== undefined) {
    const lacking = checkSecondFactor(state, account, command.type)
    if (lacking !== undefined) return lacking
  }
  const level = levelOf(command.type) ?? 0
  if (level > state.meta.featureLevel) return refuse('featureNotActive', { figure: level })
  noteNamed(work, command)
  offerFreed(work)
  const reply = dispatch(work, command, key)
  work.recorded = isRecorded(state, command, reply)
  if (key !== undefined && !isResolving) remember(work, work.requestKey, key.contentHash, reply)
  return reply
}

/** What can be said of an entry before the state is looked at. */
function checkEntry({ timestampMs, actor, command, key }: Entry): Refusal | undefined {
  if (!isInstant(timestampMs)) return invalid('timestampMs')
  if (!isInt(actor, 0, Number.MAX_SAFE_INTEGER)) return invalid('actor')
  if (!isObject(command) || levelOf(command.type) === undefined) return invalid('type')
  if (key === undefined) return undefined
  const wrong = checkRequestKey(key)
  if (wrong !== undefined) return wrong
  return key.principal.startsWith('a:') && key.principal !== `a:${actor}`
    ? refuse('notAllowed', { field: 'key.principal' })
    : undefined
}

function workOn(state: BookingState, { index, actor }: Entry, key: RequestKey | undefined): Work {
  return {
    state,
    changes: [],
    index,
    actor,
    cluster: actor === 0 && key?.principal.startsWith('c:') !== true,
    requestKey: key === undefined ? '' : keyText(key),
    contentHash: key?.contentHash ?? '',
    effects: 0,
    subject: '',
    reason: '',
    recorded: false,
    freed: undefined,
    freedLists: 0,
  }
}
