import type { AccountRole as WireRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import type {
  BookingStatus as WireBooking,
  PaymentStatus as WirePayment,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import type { Role as WireNodeRole } from '@quorail/proto/quorail/cluster/v1/cluster_pb'

// The numbers of the schema's enums. The generated ones come with the whole protobuf runtime, which
// the first load of a page does without; a test compares the two.

export const AccountRole = {
  PASSENGER: 1,
  STAFF: 2,
  OPERATOR: 3,
  GUEST: 4,
  AGENT: 5,
} as const satisfies Mirror<typeof WireRole>

export const BookingStatus = {
  HELD: 1,
  PAYING: 2,
  CONFIRMED: 3,
  CANCELLED: 4,
  EXPIRED: 5,
  RELEASED: 6,
  EXCHANGED: 7,
  WAITING: 9,
  LAPSED: 10,
  DISRUPTED: 11,
} as const satisfies Mirror<typeof WireBooking>

export const PaymentStatus = {
  AUTHORISING: 1,
  AUTHORISED: 2,
  CAPTURED: 3,
  DECLINED: 4,
  VOIDING: 5,
  VOIDED: 6,
} as const satisfies Mirror<typeof WirePayment>

export const NodeRole = {
  FOLLOWER: 1,
  PRE_CANDIDATE: 2,
  CANDIDATE: 3,
  LEADER: 4,
} as const satisfies Mirror<typeof WireNodeRole>

/** Every name but the unspecified one. */
type Mirror<Wire> = { readonly [Name in Exclude<keyof Wire, 'UNSPECIFIED'>]: number }
