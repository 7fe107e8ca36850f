import type {
  Entry,
  NoticeData,
  NoticeKind,
  NoticeView,
  RecordNotice,
  Reply,
  SetNoticePreferences,
  SwitchNotices,
} from '../../src/index.ts'
import { needCluster, roleOf } from './caller.ts'
import { refuse } from './refuse.ts'
import { checkBoolean, checkId, checkLength, checkText } from './shapes.ts'
import type { World } from './world.ts'

const canDoWithout = ['refundSent', 'runDelayed', 'drawLost']
const threeDays = 3 * 86_400_000

/** Tells an account something; `bookingId` 0: about itself. */
export function tell(
  world: World,
  accountId: number,
  bookingId: number,
  kind: NoticeKind,
  data: NoticeData = {},
): void {
  if (!world.noticesOn) return
  if (!world.accounts.some((account) => account.id === accountId)) return
  if (world.muted.some((it) => it.accountId === accountId && it.kind === kind)) return
  const id = world.notices.length + 1
  const key = `${world.cluster?.clusterId}-n${id}`
  const gone = false
  world.notices.push({ id, key, kind, accountId, bookingId, data, queuedAt: world.now, gone })
  const waiting = world.notices.filter((notice) => !notice.gone)
  if (waiting.length > 100_000 && waiting[0] !== undefined) waiting[0].gone = true
}

/** At most a hundred per entry, in order. */
export function dropOldNotices(world: World): void {
  const waiting = world.notices.filter((notice) => !notice.gone).slice(0, 100)
  for (const notice of waiting) {
    if (world.now < notice.queuedAt + threeDays) return
    notice.gone = true
  }
}

export function switchNotices(world: World, entry: Entry, command: SwitchNotices): Reply {
  checkBoolean(command.on, 'on')
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
  world.noticesOn = command.on
  return { type: 'done' }
}

export function setNoticePreferences(
  world: World,
  entry: Entry,
  { muted }: SetNoticePreferences,
): Reply {
  checkLength(muted, 0, 3, 'muted')
  muted.forEach((kind, i) => {
    if (!canDoWithout.includes(kind) || muted.slice(0, i).includes(kind)) {
      refuse('invalidField', { field: `muted[${i}]` })
    }
  })
  if (entry.actor === 0) refuse('notAllowed')
  world.muted = world.muted.filter((it) => it.accountId !== entry.actor)
  for (const kind of muted) world.muted.push({ accountId: entry.actor, kind })
  return { type: 'done' }
}

export function recordNotice(world: World, entry: Entry, command: RecordNotice): Reply {
  const { noticeId, outcome } = command
  checkId(noticeId, 'noticeId')
  if (outcome.type === 'done') {
    checkText(outcome.providerReference, 1, 256, 'outcome.providerReference')
  } else if (outcome.type === 'refused') checkText(outcome.reason, 0, 512, 'outcome.reason')
  else refuse('invalidField', { field: 'outcome.type' })
  needCluster(entry)
  const notice = world.notices.find((it) => it.id === noticeId)
  if (notice === undefined || notice.gone) refuse('noticeNotOpen')
  notice.gone = true
  return { type: 'done' }
}

export function modelNotices(world: World): NoticeView[] {
  return world.notices
    .filter((notice) => !notice.gone)
    .map(({ id, queuedAt, gone: _, ...rest }) => ({ ...rest, noticeId: id, queuedAtMs: queuedAt }))
}
