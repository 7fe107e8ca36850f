import { Code, type ConnectError } from '@connectrpc/connect'
import type { Refusal, RefusalCode } from '@quorail/booking-fsm'
import { serviceError } from './service-error.ts'

interface RefusalText {
  readonly connectCode: Code
  readonly code: string
  readonly sentence: (refusal: Refusal) => string
  readonly nextStep: string
}

const text = (
  connectCode: Code,
  code: string,
  sentence: string | ((refusal: Refusal) => string),
  nextStep: string,
): RefusalText => ({
  connectCode,
  code,
  sentence: typeof sentence === 'string' ? () => sentence : sentence,
  nextStep,
})

const { FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, AlreadyExists } = Code

/**
 * One line for each refusal of the state machine: complete by its type, so that a new refusal
 * can not be forgotten here.
 */
export const refusalTexts: Readonly<Record<RefusalCode, RefusalText>> = {
  notFounded: text(
    Code.Unavailable,
    'CLUSTER_STARTING',
    'The cluster has just been set up and is not open yet.',
    'Try again in a few seconds.',
  ),
  featureNotActive: text(
    FailedPrecondition,
    'FEATURE_NOT_ACTIVE',
    (r) => `The cluster has not been raised to feature level ${r.figure}, which this needs.`,
    'It is raised when every node runs a version that knows the level: finish the upgrade of all nodes.',
  ),
  featureActive: text(
    FailedPrecondition,
    'FEATURE_ACTIVE',
    (r) => `The cluster is at feature level ${r.figure} already; a level is never taken back.`,
    'Nothing to do.',
  ),
  alreadyFounded: text(
    AlreadyExists,
    'ALREADY_FOUNDED',
    'This cluster has been founded before.',
    'Nothing to do.',
  ),
  invalidField: text(
    InvalidArgument,
    'INVALID_FIELD',
    (r) => `The field ${r.field || 'of the request'} is not valid.`,
    'Correct the field and send the request again.',
  ),
  notAllowed: text(
    PermissionDenied,
    'NOT_ALLOWED',
    'This account may not do that.',
    'Log in with an account that may, for example one of the staff.',
  ),
  requestIdReused: text(
    InvalidArgument,
    'REQUEST_ID_REUSED',
    'This request id was used before for a different request.',
    'Use a new request id for a new request.',
  ),
  requestBurned: text(
    FailedPrecondition,
    'REQUEST_BURNED',
    'This request was given up earlier and can not happen any more.',
    'Start again with a new request.',
  ),
  emailTaken: text(
    AlreadyExists,
    'EMAIL_TAKEN',
    'There is an account with this email already.',
    'Log in, or register with another email.',
  ),
  accountNotFound: text(
    NotFound,
    'ACCOUNT_NOT_FOUND',
    'There is no such account.',
    'Log in again.',
  ),
  accountClosed: text(
    PermissionDenied,
    'ACCOUNT_CLOSED',
    'This account is closed.',
    'Ask the railway.',
  ),
  lastOperator: text(
    FailedPrecondition,
    'LAST_OPERATOR',
    'Nobody else is an operator.',
    'Make somebody else an operator first.',
  ),
  resetNotFound: text(
    NotFound,
    'RESET_NOT_FOUND',
    'This code for a new password was used, replaced or is too old.',
    'Ask for a new code.',
  ),
  secondFactorRequired: text(
    PermissionDenied,
    'SECOND_FACTOR_REQUIRED',
    'Your role needs a second factor, and your account has none.',
    'Set one up under your account; until then nothing else can be done.',
  ),
  secondFactorNeeded: text(
    Code.Unauthenticated,
    'SECOND_FACTOR_NEEDED',
    'This account has a second factor.',
    'Log in again with the code that your device shows, or with a recovery code.',
  ),
  secondFactorOn: text(
    FailedPrecondition,
    'SECOND_FACTOR_ON',
    'This account has a second factor already.',
    'Switch it off first to set up another device.',
  ),
  secondFactorOff: text(
    FailedPrecondition,
    'SECOND_FACTOR_OFF',
    'This account has no second factor, or none was begun.',
    'Begin with a new one.',
  ),
  codeUsed: text(
    Code.Unauthenticated,
    'CODE_USED',
    'This code, or a later one, has been used.',
    'Wait for the next code, up to 30 seconds.',
  ),
  recoveryCodeNotFound: text(
    Code.Unauthenticated,
    'RECOVERY_CODE_NOT_FOUND',
    'This is no recovery code of the account, or it has been used.',
    'Use another one; who has none left asks the operators for a reset.',
  ),
  factorResetNotAsked: text(
    FailedPrecondition,
    'FACTOR_RESET_NOT_ASKED',
    'No operator has asked for this reset within a day.',
    'One operator asks for it, another one approves it.',
  ),
  guestsNotAllowed: text(
    FailedPrecondition,
    'GUESTS_NOT_ALLOWED',
    'Tickets are sold to accounts only.',
    'Make an account, or log in.',
  ),
  guestHasBooking: text(
    FailedPrecondition,
    'GUEST_HAS_BOOKING',
    'A guest buys once.',
    'Begin anew for another purchase, or make an account.',
  ),
  guestNotFound: text(
    NotFound,
    'GUEST_NOT_FOUND',
    'There is no such guest, or not any more.',
    'Check what you have typed.',
  ),
  guestLinkNotFound: text(
    NotFound,
    'GUEST_LINK_NOT_FOUND',
    'This link was replaced by a newer one, or is too old.',
    'Ask for a new link with your reference and your address.',
  ),
  otherAddress: text(
    FailedPrecondition,
    'OTHER_ADDRESS',
    'This was bought with another address than your account has.',
    'Open it with the link, without taking it over.',
  ),
  companyNotFound: text(
    NotFound,
    'COMPANY_NOT_FOUND',
    'There is no such company.',
    'Check the number.',
  ),
  creditExceeded: text(
    FailedPrecondition,
    'CREDIT_EXCEEDED',
    (r) => `The company would owe more than it may; ${r.figure} is left.`,
    'Pay otherwise, or have the company pay its invoices.',
  ),
  invoiceOverdue: text(
    FailedPrecondition,
    'INVOICE_OVERDUE',
    'An invoice of the company is overdue.',
    'Pay otherwise, or have the company pay its invoices.',
  ),
  invoiceOpen: text(
    FailedPrecondition,
    'INVOICE_OPEN',
    'An invoice of the company is being written.',
    'Wait a moment.',
  ),
  invoiceNotFound: text(
    NotFound,
    'INVOICE_NOT_FOUND',
    'There is no such invoice, or it is paid.',
    'Check the number.',
  ),
  nothingToInvoice: text(
    FailedPrecondition,
    'NOTHING_TO_INVOICE',
    'All sales of the company stand on invoices.',
    'Nothing to do.',
  ),
  tooMuchPaid: text(
    FailedPrecondition,
    'TOO_MUCH_PAID',
    (r) => `Only ${r.figure} is left to pay of this invoice.`,
    'Record the rest for another invoice.',
  ),
  tillOpen: text(
    FailedPrecondition,
    'TILL_OPEN',
    'A till is open already.',
    'Count and close it first.',
  ),
  tillNotOpen: text(
    FailedPrecondition,
    'TILL_NOT_OPEN',
    'No till is open.',
    'Open one with what is in it.',
  ),
  tillTooLow: text(
    FailedPrecondition,
    'TILL_TOO_LOW',
    (r) => `There is too little cash in the till (${r.figure}).`,
    'Fetch cash: close the till and open it with more.',
  ),
  passengerNotFound: text(
    NotFound,
    'PASSENGER_NOT_FOUND',
    'You have saved no such passenger.',
    'Choose one from the list.',
  ),
  bookingNotOver: text(
    FailedPrecondition,
    'BOOKING_NOT_OVER',
    (r) => `The account has a booking that is not over (number ${r.figure}).`,
    'Travel or cancel first, and wait until the refund was paid.',
  ),
  sessionNotFound: text(
    Code.Unauthenticated,
    'SESSION_NOT_FOUND',
    'You are not logged in any more.',
    'Log in again.',
  ),
  stationNotFound: text(
    NotFound,
    'STATION_NOT_FOUND',
    (r) => `There is no station with that code${r.field ? ` (${r.field})` : ''}.`,
    'Choose a station from the list.',
  ),
  trainNotFound: text(
    NotFound,
    'TRAIN_NOT_FOUND',
    'There is no such train.',
    'Choose one from the list.',
  ),
  importNotFound: text(
    NotFound,
    'IMPORT_NOT_FOUND',
    'There is no such import.',
    'Start the import again.',
  ),
  importNotOpen: text(
    FailedPrecondition,
    'IMPORT_NOT_OPEN',
    (r) =>
      r.figure > 0
        ? `Another import (number ${r.figure}) is open, and one is open at a time.`
        : 'This import was finished or given up before.',
    'Wait for the other import to end, or give it up; then start again.',
  ),
  runNotFound: text(
    NotFound,
    'RUN_NOT_FOUND',
    'This train does not run on that day.',
    'Search again and choose a train from the results.',
  ),
  runDeparted: text(
    FailedPrecondition,
    'RUN_DEPARTED',
    'This train has already left your station.',
    'Search for a later train.',
  ),
  runNotOnSale: text(
    FailedPrecondition,
    'RUN_NOT_ON_SALE',
    'Tickets for this train are not on sale yet.',
    'Try again later or choose another train.',
  ),
  stopNotAllowed: text(
    FailedPrecondition,
    'STOP_NOT_ALLOWED',
    (r) =>
      r.field === 'toStop'
        ? 'Passengers may not get off this train at that station.'
        : 'Passengers may not board this train at that station.',
    'Choose another station or another train.',
  ),
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
  bookingNotFound: text(
    NotFound,
    'BOOKING_NOT_FOUND',
    'There is no such booking in your account.',
    'Look at “My trips” for your bookings.',
  ),
  bookingArchived: text(
    FailedPrecondition,
    'BOOKING_ARCHIVED',
    'This journey was over long ago: it can be looked at, and not be changed any more.',
    'If something went wrong with it, ask the railway’s staff: they can still pay money back.',
  ),
  requestArchived: text(
    FailedPrecondition,
    'REQUEST_ARCHIVED',
    'This request was carried out long ago, for a booking that is in the archive by now.',
    'Nothing was done again. Look at “My trips” for the booking; for something new, start again.',
  ),
  holdExpired: text(
    FailedPrecondition,
    'HOLD_EXPIRED',
    'The time for this booking ran out, and the seats are free for others again. You have not been charged.',
    'Choose seats again.',
  ),
  alreadyPaying: text(
    FailedPrecondition,
    'ALREADY_PAYING',
    'A payment for this booking is under way.',
    'Wait for it to settle; you will not be charged twice.',
  ),
  alreadyConfirmed: text(
    FailedPrecondition,
    'ALREADY_CONFIRMED',
    'This booking is paid and confirmed.',
    'Nothing more to do: your ticket is in “My trips”.',
  ),
  notHeld: text(
    FailedPrecondition,
    'NOT_HELD',
    'These seats are not held any more. You have not been charged.',
    'Choose seats again.',
  ),
  notConfirmed: text(
    FailedPrecondition,
    'NOT_CONFIRMED',
    'Only a confirmed booking can be cancelled.',
    'Wait until the payment has settled, or give the hold back.',
  ),
  alreadyCancelled: text(
    FailedPrecondition,
    'ALREADY_CANCELLED',
    'This booking was cancelled before.',
    'Its refund stands in “My trips”.',
  ),
  priceChanged: text(
    FailedPrecondition,
    'PRICE_CHANGED',
    'The price is not the one that was sent.',
    'Look at the price and pay again.',
  ),
  refundChanged: text(
    FailedPrecondition,
    'REFUND_CHANGED',
    'The refund is not what was shown any more.',
    'Look at the new refund and decide again. Nothing was cancelled.',
  ),
  passengerCancelled: text(
    FailedPrecondition,
    'PASSENGER_CANCELLED',
    'One of these passengers was cancelled before.',
    'Look at the booking and choose among those who still travel.',
  ),
  offerNotOpen: text(
    FailedPrecondition,
    'OFFER_NOT_OPEN',
    'This offer was accepted before, or a newer one has taken its place.',
    'Look at the booking, and ask for a new offer if you still need one.',
  ),
  offerExpired: text(
    FailedPrecondition,
    'OFFER_EXPIRED',
    'This offer has run out. Nothing was cancelled.',
    'Ask for a new offer and decide again.',
  ),
  nothingOwed: text(
    FailedPrecondition,
    'NOTHING_OWED',
    'Nothing is owed for this booking: its refund is paid or on its way.',
    'Look at its payments in “My trips”.',
  ),
  notExchangeable: text(
    FailedPrecondition,
    'NOT_EXCHANGEABLE',
    'This booking can not be exchanged: its fare does not allow it now, it is part of a trip, or it has changed meanwhile.',
    'Look at the booking again. Cancelling it may be possible.',
  ),
  exchangeOpen: text(
    FailedPrecondition,
    'EXCHANGE_OPEN',
    'Another journey is being held in place of this booking.',
    'Confirm the other journey, or give it back first.',
  ),
  alreadyExchanged: text(
    FailedPrecondition,
    'ALREADY_EXCHANGED',
    'This booking was exchanged for another one.',
    'Look for the new booking in “My trips”.',
  ),
  paymentDue: text(
    FailedPrecondition,
    'PAYMENT_DUE',
    'Something is still to be paid for this booking.',
    'Pay what is due.',
  ),
  nothingToPay: text(
    FailedPrecondition,
    'NOTHING_TO_PAY',
    'This exchange costs nothing more.',
    'Confirm it without a payment.',
  ),
  runCancelled: text(
    FailedPrecondition,
    'RUN_CANCELLED',
    'This train does not run on that day.',
    'Choose another train. Who has paid for it can choose one at no extra price, or gets the whole money back.',
  ),
  consistChanging: text(
    FailedPrecondition,
    'CONSIST_CHANGING',
    'This train is being given other coaches, and its passengers other seats.',
    'Try again in a moment.',
  ),
  coachNotFound: text(
    NotFound,
    'COACH_NOT_FOUND',
    'The train has no such coach.',
    'Name one of its coaches as it is painted.',
  ),
  disruptionNotFound: text(
    NotFound,
    'DISRUPTION_NOT_FOUND',
    'There is no such disruption.',
    'Choose one from the list.',
  ),
  nothingDue: text(
    FailedPrecondition,
    'NOTHING_DUE',
    'Passengers may still choose, or all of this disruption is done.',
    'Nothing to do.',
  ),
  arrivalRecorded: text(
    FailedPrecondition,
    'ARRIVAL_RECORDED',
    'It is known when this train arrived there.',
    'Record the arrival again, if it was another time.',
  ),
  notArrived: text(
    FailedPrecondition,
    'NOT_ARRIVED',
    'This train can not have arrived there yet.',
    'Record what is expected, or wait until it has arrived.',
  ),
  notDisrupted: text(
    FailedPrecondition,
    'NOT_DISRUPTED',
    'This booking has its train, or its choice was made before.',
    'Cancel or exchange it in the usual way.',
  ),
  otherStations: text(
    FailedPrecondition,
    'OTHER_STATIONS',
    'That train does not go between the stations of the booking.',
    'Choose a train between the same stations.',
  ),
  tooFarApart: text(
    FailedPrecondition,
    'TOO_FAR_APART',
    'That train leaves too long before or after the one that was lost.',
    'Choose one nearer in time, or take the money.',
  ),
  ticketNotFound: text(
    NotFound,
    'TICKET_NOT_FOUND',
    'No ticket with this number was made.',
    'Compare the number; its last character checks the others.',
  ),
  nodeNotFound: text(
    NotFound,
    'NODE_NOT_FOUND',
    'There is no such node in the cluster.',
    'Look at the list of members for its name.',
  ),
  nodeAddressTaken: text(
    FailedPrecondition,
    'NODE_ADDRESS_TAKEN',
    'Another node of the cluster is reached at this address.',
    'Give each node two addresses of its own: one for clients, one for the other nodes.',
  ),
  ticketKeyNotFound: text(
    NotFound,
    'TICKET_KEY_NOT_FOUND',
    'There is no such key for tickets, or it was withdrawn.',
    'Choose one from the list.',
  ),
  ticketKeyTaken: text(
    FailedPrecondition,
    'TICKET_KEY_TAKEN',
    'This key for tickets is known with another content, or was withdrawn.',
    'Make a new key.',
  ),
  overrideNotFound: text(
    NotFound,
    'OVERRIDE_NOT_FOUND',
    'There is no such override.',
    'Choose one from the list.',
  ),
  overrideDecided: text(
    FailedPrecondition,
    'OVERRIDE_DECIDED',
    'This override is paid, or was declined.',
    'Nothing to do.',
  ),
  secondPersonNeeded: text(
    PermissionDenied,
    'SECOND_PERSON_NEEDED',
    'Who has asked for an override can not approve or decline it.',
    'Ask a colleague to look at it.',
  ),
  refundTooHigh: text(
    FailedPrecondition,
    'REFUND_TOO_HIGH',
    'That is more than is kept of what these passengers have paid.',
    'Look at the booking and choose a smaller sum.',
  ),
  outboxNotFound: text(NotFound, 'EFFECT_NOT_FOUND', 'There is no such effect.', 'Nothing to do.'),
  outboxResolved: text(
    AlreadyExists,
    'EFFECT_RESOLVED',
    'The outcome of this effect was recorded before.',
    'Nothing to do: it counts once.',
  ),
  drawNotFound: text(
    NotFound,
    'DRAW_NOT_FOUND',
    'There is no such draw.',
    'Look at the list of draws.',
  ),
  drawNotOpen: text(
    FailedPrecondition,
    'DRAW_NOT_OPEN',
    'The draw does not take this now.',
    'Look at its times: entries in the window, the seed between window and deadline.',
  ),
  alreadyEntered: text(
    AlreadyExists,
    'ALREADY_ENTERED',
    (r) => `You are in this draw already, with the number ${r.figure}.`,
    'Nothing to do: everybody has one entry.',
  ),
  seedMismatch: text(
    InvalidArgument,
    'SEED_MISMATCH',
    'This is not the seed that was committed to.',
    'Send the seed whose SHA-256 the draw shows.',
  ),
  runInDraw: text(
    FailedPrecondition,
    'RUN_IN_DRAW',
    'The seats of this train are drawn among those who entered.',
    'Enter the draw in its window, or try again when it is done.',
  ),
  noWaitingList: text(
    FailedPrecondition,
    'NO_WAITING_LIST',
    'There are no waiting lists at the moment.',
    'Choose another train or another class.',
  ),
  seatsAvailable: text(
    FailedPrecondition,
    'SEATS_AVAILABLE',
    (r) =>
      r.field === ''
        ? 'There are seats: nobody needs to wait.'
        : 'There are seats on one of the alternatives: nobody needs to wait.',
    'Book them.',
  ),
  waitingListFull: text(
    FailedPrecondition,
    'WAITING_LIST_FULL',
    'So many wait for this class that your chances would be poor: nobody else can join.',
    'Choose another train or another class.',
  ),
  alreadyWaiting: text(
    AlreadyExists,
    'ALREADY_WAITING',
    'You are waiting for this class of this train already.',
    'Look at “My trips” for your place in the list.',
  ),
  chartClosed: text(
    FailedPrecondition,
    'CHART_CLOSED',
    'The waiting list of this train is closed.',
    'Look for seats that are given back, or choose another train.',
  ),
  onWaitingList: text(
    FailedPrecondition,
    'ON_WAITING_LIST',
    'This booking waits for seats and holds none.',
    'Leave the waiting list if you do not want it any more.',
  ),
  notWaiting: text(
    FailedPrecondition,
    'NOT_WAITING',
    'This booking is not on a waiting list.',
    'Look at the booking: it may have seats by now.',
  ),
  waitingOver: text(
    FailedPrecondition,
    'WAITING_OVER',
    'No seats came free in time. You have not been charged.',
    'Choose another train.',
  ),
  noticeNotOpen: text(
    NotFound,
    'NOTICE_NOT_OPEN',
    'There is no such notice, or it was settled before.',
    'Nothing to do: it counts once.',
  ),
  tooMany: text(
    InvalidArgument,
    'TOO_MANY',
    (r) =>
      `There are too many${r.field ? ` (${r.field})` : ''}${r.figure > 0 ? `: at most ${r.figure}` : ''}.`,
    'Send fewer.',
  ),
}

/** A refusal of the state machine, as an error of the service. It certainly changed nothing. */
export function refusalError(refusal: Refusal): ConnectError {
  const line = refusalTexts[refusal.code]
  return serviceError({
    connectCode: line.connectCode,
    code: line.code,
    sentence: line.sentence(refusal),
    nextStep: line.nextStep,
    field: refusal.field,
    figure: refusal.figure,
    seats: refusal.seats,
  })
}
