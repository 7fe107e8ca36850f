import type { Reason as Word } from '@quorail/booking-fsm'
import { Reason } from '@quorail/proto/quorail/booking/v1/types_pb'

/** Validation has seen that a reason is named. */
export const overrideReasons = {
  [Reason.UNSPECIFIED]: 'other',
  [Reason.STRIKE]: 'strike',
  [Reason.DISRUPTION]: 'disruption',
  [Reason.CONNECTION_BROKEN]: 'connectionBroken',
  [Reason.TECHNICAL_FAILURE]: 'technicalFailure',
  [Reason.STAFF_ERROR]: 'staffError',
  [Reason.GOODWILL]: 'goodwill',
  [Reason.MEDICAL]: 'medical',
  [Reason.OTHER]: 'other',
} as const satisfies Record<Reason, Word>

export const reasonMessages: Readonly<Record<Word, Reason>> = {
  strike: Reason.STRIKE,
  disruption: Reason.DISRUPTION,
  connectionBroken: Reason.CONNECTION_BROKEN,
  technicalFailure: Reason.TECHNICAL_FAILURE,
  staffError: Reason.STAFF_ERROR,
  goodwill: Reason.GOODWILL,
  medical: Reason.MEDICAL,
  other: Reason.OTHER,
}
