import { AccountRole as WireRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  BookingStatus as WireBooking,
  PaymentStatus as WirePayment,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { Role as WireNodeRole } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { describe, expect, it } from 'vitest'
import { AccountRole, BookingStatus, NodeRole, PaymentStatus } from './enums'

/** A generated enum has its numbers as names too. */
function numbersOf(wire: object): Record<string, number> {
  const entries = Object.entries(wire) as [string, unknown][]
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] !== 0,
    ),
  )
}

describe('the numbers of the enums', () => {
  it.each([
    [AccountRole, WireRole],
    [BookingStatus, WireBooking],
    [PaymentStatus, WirePayment],
    [NodeRole, WireNodeRole],
  ])('are those of the schema', (ours, wire) => {
    expect(ours).toEqual(numbersOf(wire))
  })
})
