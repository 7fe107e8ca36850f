import { timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type SeatService,
  SetSeatRuleRequestSchema,
} from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  submit,
} from './dependencies.ts'

const minuteMs = 60_000

export function createSeatService({ host }: ServiceDependencies): ServiceImpl<typeof SeatService> {
  return {
    async setSeatRule(request, context) {
      const { accountId } = callerOf(context).account
      const { validFrom, wheelchairReleaseMinutes, choiceLimits } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      const key = requestKey(
        accountPrincipal(accountId),
        'SetSeatRule',
        request.requestId,
        SetSeatRuleRequestSchema,
        request,
      )
      const command = {
        type: 'setSeatRule',
        validFromMs: timestampMs(validFrom),
        wheelchairReleaseMs: wheelchairReleaseMinutes * minuteMs,
        choiceLimits: choiceLimits.map((of) => ({
          classCode: of.classCode,
          fromLoadBasisPoints: of.fromLoadBasisPoints,
          offeredBasisPoints: of.offeredBasisPoints,
        })),
      } as const
      await submit(host, accountId, key, command, 'done')
      return {}
    },
  }
}
