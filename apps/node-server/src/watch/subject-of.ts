import type { Subscription } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { isStaff, type Principal } from '../auth/principal.ts'
import { invalidField } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { watchBooking } from './booking-subject.ts'
import { watchNode } from './node-subject.ts'
import { watchSeatMap } from './seat-map-subject.ts'
import type { Subject } from './subject.ts'

export function subjectOf(
  host: NodeHost,
  { subject }: Subscription,
  principal: Principal | undefined,
): Subject {
  switch (subject.case) {
    case 'seatMap':
      return watchSeatMap(host, subject.value)
    case 'booking':
      return watchBooking(host, subject.value)
    case 'node':
      return watchNode(host, isStaff(principal?.account.role))
    default:
      throw invalidField('subject', 'Say what is to be watched.')
  }
}
