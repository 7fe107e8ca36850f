import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt'
import type { SetSalesRule } from '@quorail/booking-fsm'
import type { SetSalesRuleRequest } from '@quorail/proto/quorail/booking/v1/administration_service_pb'

const minute = 60_000

/** The request as a command; its shape is checked by the schema. */
export function salesRule(request: SetSalesRuleRequest): SetSalesRule {
  return {
    type: 'setSalesRule',
    validFromMs: timestampMs(request.validFrom as Timestamp),
    holdMs: request.holdSeconds * 1_000,
    extensionMs: request.extensionSeconds * 1_000,
    maxOpenHolds: request.maxOpenHolds,
    maxPassengers: request.maxPassengers,
    opensBeforeMs: request.opensMinutesBeforeDeparture * minute,
    closesBeforeMs: request.closesMinutesBeforeDeparture * minute,
  }
}
