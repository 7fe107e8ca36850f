/** Refusals about fares, products, vouchers, seats and quotas. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, AlreadyExists } = Code

export const saleRefusals = {
  classNotFound: text(
    NotFound,
    'CLASS_NOT_FOUND',
    'This train has no such class.',
    'Choose one of the classes shown.',
  ),
  noFare: text(
    FailedPrecondition,
    'NO_FARE',
    'There is no fare for this class at the moment.',
    'Choose another class.',
  ),
  passengerTypeNotFound: text(
    NotFound,
    'PASSENGER_TYPE_NOT_FOUND',
    'A passenger is of a type that is not sold at the moment.',
    'Choose one of the types shown.',
  ),
  concessionLimit: text(
    FailedPrecondition,
    'CONCESSION_LIMIT',
    'There are too many passengers of a reduced type for those who pay the full fare.',
    'Add a passenger who pays in full, or choose another type.',
  ),
  notEnoughSeats: text(
    FailedPrecondition,
    'NOT_ENOUGH_SEATS',
    (r) =>
      r.figure === 0
        ? 'This class is sold out on your journey.'
        : r.figure === 1
          ? 'Only one seat is left in this class on your journey.'
          : `Only ${r.figure} seats are left in this class on your journey.`,
    'Choose another class, another train, or fewer passengers.',
  ),
  seatTaken: text(
    FailedPrecondition,
    'SEAT_TAKEN',
    (r) =>
      r.seats.length === 1
        ? 'Somebody else has just taken one of your seats. The others are still free.'
        : `Somebody else has just taken ${r.seats.length} of your seats.`,
    'Choose another seat in place of what was taken.',
  ),
  seatNotFound: text(
    NotFound,
    'SEAT_NOT_FOUND',
    'This train has no such seat.',
    'Load the seats again and choose from them.',
  ),
  seatInOtherClass: text(
    FailedPrecondition,
    'SEAT_IN_OTHER_CLASS',
    'A chosen seat belongs to another class.',
    'Choose seats of one class.',
  ),
  voucherCodeTaken: text(
    AlreadyExists,
    'VOUCHER_CODE_TAKEN',
    () => 'Another voucher has this code.',
    'Let a new code be made.',
  ),
  voucherNotFound: text(
    NotFound,
    'VOUCHER_NOT_FOUND',
    () => 'There is no such voucher for you here.',
    'Look at the code again, and whether you are logged in as who it was given to.',
  ),
  voucherNotValid: text(
    FailedPrecondition,
    'VOUCHER_NOT_VALID',
    () => 'The voucher can not be used now: it is too early, or its time is over.',
    'Pay without it, or look when it is valid.',
  ),
  voucherUsedUp: text(
    FailedPrecondition,
    'VOUCHER_USED_UP',
    () => 'Nothing is left of this voucher.',
    'If another booking of yours has it, give that back first.',
  ),
  voucherMinimum: text(
    FailedPrecondition,
    'VOUCHER_MINIMUM',
    (r) => `The voucher is for sums of at least ${r.figure} minor units.`,
    'Pay without it.',
  ),
  voucherApplied: text(
    FailedPrecondition,
    'VOUCHER_APPLIED',
    () => 'Another voucher pays for this booking.',
    'Take that back first.',
  ),
  passengerDataRequired: text(
    InvalidArgument,
    'PASSENGER_DATA_REQUIRED',
    () => 'This fare asks for more than the name of each passenger.',
    'Fill in the field that is named, or hold at another fare.',
  ),
  productNotFound: text(
    NotFound,
    'PRODUCT_NOT_FOUND',
    () => 'This fare is not sold on this train and class.',
    'Search again, or hold at the cheapest or the full fare.',
  ),
  productNotOnSale: text(
    FailedPrecondition,
    'PRODUCT_NOT_ON_SALE',
    () => 'It is too late for this fare.',
    'Hold at another fare.',
  ),
  productSoldOut: text(
    FailedPrecondition,
    'PRODUCT_SOLD_OUT',
    (r) => `At this fare ${r.figure} places are left.`,
    'Hold at another fare, on another train, or for fewer passengers.',
  ),
  tooManyHolds: text(
    FailedPrecondition,
    'TOO_MANY_HOLDS',
    (r) => `You hold ${r.figure} bookings that are not paid yet, and may not hold more.`,
    'Pay for one of them or give it back.',
  ),
  saleNotOpen: text(
    FailedPrecondition,
    'SALE_NOT_OPEN',
    (r) => `This journey is on sale from ${new Date(r.figure).toISOString()}.`,
    'Come back then.',
  ),
  saleClosed: text(
    FailedPrecondition,
    'SALE_CLOSED',
    'It is too late to book this journey here.',
    'Ask the staff at the station, or take a later train.',
  ),
  extensionNotAllowed: text(
    FailedPrecondition,
    'EXTENSION_NOT_ALLOWED',
    'Reservations can not be extended now.',
    'Pay before the reservation expires.',
  ),
  alreadyExtended: text(
    FailedPrecondition,
    'ALREADY_EXTENDED',
    'This reservation has had its extension.',
    'Pay before it expires, or hold the seats again afterwards.',
  ),
  seatBlocked: text(
    FailedPrecondition,
    'SEAT_BLOCKED',
    'A seat is off sale already.',
    'Leave it out, or unblock it first.',
  ),
  seatGivenLater: text(
    FailedPrecondition,
    'SEAT_GIVEN_LATER',
    'In this class seats are given shortly before departure: they can not be chosen.',
    'Hold places without choosing, and say what you would like as a wish.',
  ),
  seatsNeeded: text(
    FailedPrecondition,
    'SEATS_NEEDED',
    'So many seats are needed for those who are promised a place and get their seats later.',
    'Leave some out, or wait until the chart of the run is closed.',
  ),
  blockNotFound: text(
    NotFound,
    'BLOCK_NOT_FOUND',
    'There is no such block of seats.',
    'Load the blocks again; somebody may have put the seats on sale.',
  ),
  poolNotFound: text(
    NotFound,
    'POOL_NOT_FOUND',
    'The run has no such pool of places.',
    'Leave the pool out, or choose one of those there are.',
  ),
  poolNotAllowed: text(
    PermissionDenied,
    'POOL_NOT_ALLOWED',
    'The pool keeps its places for others.',
    'Leave the pool out.',
  ),
  quotaExhausted: text(
    FailedPrecondition,
    'QUOTA_EXHAUSTED',
    (r) => `The other places are kept for others; ${r.figure} are left.`,
    'Choose another class or another train, or fewer passengers; kept places may be released before departure.',
  ),
  quotaInUse: text(
    FailedPrecondition,
    'QUOTA_IN_USE',
    (r) => `On run ${r.figure}, more places are taken than the pools would leave.`,
    'Keep fewer places, or set the quotas from a later date on.',
  ),
  seatNotOffered: text(
    FailedPrecondition,
    'SEAT_NOT_OFFERED',
    'A chosen seat is kept for people in wheelchairs, or would leave a gap that nobody could book on this busy train.',
    'Choose among the seats that are offered, or let one be chosen.',
  ),
} as const
