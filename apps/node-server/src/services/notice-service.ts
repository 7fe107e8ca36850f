import type { ServiceImpl } from '@connectrpc/connect'
import { type NoticeKind as Muted, mutedNotices, noticesOn } from '@quorail/booking-fsm'
import {
  NoticeKind,
  type NoticeService,
  SetNoticePreferencesRequestSchema,
} from '@quorail/proto/quorail/booking/v1/notice_service_pb'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

export function createNoticeService({
  host,
}: ServiceDependencies): ServiceImpl<typeof NoticeService> {
  return {
    async getNoticePreferences(_, context) {
      const { accountId } = callerOf(context).account
      await settleRead(host)
      const muted = mutedNotices(host.state, accountId)
      return {
        muted: kinds.filter(([, word]) => muted.includes(word)).map(([kind]) => kind),
        noticesOn: noticesOn(host.state),
      }
    },

    async setNoticePreferences(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SetNoticePreferences',
        request.requestId,
        SetNoticePreferencesRequestSchema,
        request,
      )
      const muted = kinds.filter(([kind]) => request.muted.includes(kind)).map(([, word]) => word)
      await submit(host, accountId, key, { type: 'setNoticePreferences', muted }, 'done')
      return {}
    },
  }
}

const kinds: readonly (readonly [NoticeKind, Muted])[] = [
  [NoticeKind.REFUND_SENT, 'refundSent'],
  [NoticeKind.RUN_DELAYED, 'runDelayed'],
  [NoticeKind.DRAW_LOST, 'drawLost'],
]
