/**
 * Which refusals each command can answer, and when. The fuzzer finds every one of them and no other;
 * docs/reference/refusals.md is made of this.
 */
import type { Command } from '../src/commands.ts'
import type { RefusalCode } from '../src/replies.ts'

export type Refusals = Readonly<Partial<Record<RefusalCode, string>>>

/** Before the command itself is looked at. */
export const ofEveryCommand: Refusals = {
  invalidField: 'index, stamp, actor, type or key is none',
  notAllowed: 'the key is of another account',
  requestIdReused: 'the request id was used for something else',
  requestBurned: 'the request was resolved as not done, and can not happen any more',
  notFounded: 'the cluster is not founded yet',
  featureNotActive: 'the cluster is at a lower feature level; the figure is the one it needs',
  accountNotFound: 'there is no account of the actor',
  accountClosed: 'the account of the actor is closed',
  secondFactorRequired: 'the role of the actor needs a second factor, and the account has none',
}

const field = 'a field is none; it is named'
const staff = 'for staff, operators and the cluster'
const imported: Refusals = {
  importNotFound: 'there is no such import',
  importNotOpen: 'the import is over',
}
const mine = "there is none, or it is somebody else's"
const notPayable: Refusals = {
  bookingNotFound: mine,
  holdExpired: 'its time is over',
  notHeld: 'it was released',
  waitingOver: 'it has waited in vain',
  alreadyCancelled: 'it is cancelled',
  alreadyConfirmed: 'it is paid',
  alreadyPaying: 'a payment is on its way',
  alreadyExchanged: 'another one has taken its place',
}
const notHeld: Refusals = { ...notPayable, onWaitingList: 'it waits for seats' }
const notCancellable: Refusals = {
  bookingNotFound: mine,
  alreadyCancelled: 'it is cancelled',
  notConfirmed: 'it is not paid',
  runCancelled: 'its train does not go: all of it comes back',
  runDeparted: 'it has left the stop',
  alreadyExchanged: 'another one has taken its place',
  exchangeOpen: 'another one is held to take its place',
}

const limited: Refusals = {
  tooManyHolds: 'the passenger holds as many as the rule of sale allows; the figure is that',
  saleNotOpen: 'it is too early for the run; the figure is the instant from which it is on sale',
  saleClosed: 'it is too late for the run',
}
const ofGuests: Refusals = { guestHasBooking: 'the actor is a guest, who buys once' }

const noJourney: Refusals = {
  runNotFound: 'there is no such run',
  runNotOnSale: 'its import is open',
  runInDraw: 'its seats go to those who entered a draw, until that is done',
  runCancelled: 'it does not go',
  stopNotAllowed: 'no boarding, or no alighting, at that stop',
  runDeparted: 'it has left the stop',
  classNotFound: 'no coach of that class',
  passengerTypeNotFound: 'the fares in force have no such type; the passenger is named',
  concessionLimit:
    'more of the type than may go with those who pay in full; the first too many is named',
  noFare: 'the class has no fare now',
}
const noSeats: Refusals = {
  ...noJourney,
  seatNotFound: 'beyond the train',
  seatInOtherClass: 'in a coach of another class',
  seatTaken: 'somebody has it; all that are taken are named',
  seatNotOffered:
    'kept for people in wheelchairs, or not among those that fit best on a busy run; it is named',
  seatGivenLater: 'its class promises a place, and the seat is given when the chart closes',
  poolNotFound: 'the run has no such pool',
  poolNotAllowed: 'the pool is for others',
  quotaExhausted: 'the rest is kept in pools; the figure says how many places are left',
  notEnoughSeats: 'fewer are free than passengers; the figure says how many',
}

const noProduct: Refusals = {
  productNotFound: 'nothing is sold under that name there',
  productNotOnSale: 'it is too late for it',
  productSoldOut: 'fewer places are left than passengers; the figure says how many',
}

/** What a fuzzer would have to be lucky for, and the unit test that shows it instead. */
export const outOfReach: Readonly<
  Partial<Record<Command['type'], Readonly<Partial<Record<RefusalCode, string>>>>>
> = {
  deleteAccount: { tooMany: 'handlers/account-changes.test.ts' },
  blockSeats: {
    seatBlocked: 'handlers/seats-on-sale.test.ts',
    seatsNeeded: 'handlers/later-seats.test.ts',
  },
  holdSeats: {
    seatGivenLater: 'handlers/later-seats.test.ts',
    quotaExhausted: 'handlers/seats-on-sale.test.ts',
    tooManyHolds: 'handlers/sales-rule.test.ts',
    saleClosed: 'handlers/sales-rule.test.ts',
  },
  holdTrip: {
    seatGivenLater: 'handlers/later-seats.test.ts',
    quotaExhausted: 'handlers/seats-on-sale.test.ts',
    tooManyHolds: 'handlers/sales-rule.test.ts',
    saleClosed: 'handlers/sales-rule.test.ts',
  },
  claimGuest: { tooMany: 'handlers/guests.test.ts' },
  extendHold: { alreadyExtended: 'handlers/sales-rule.test.ts' },
  enterDraw: {
    drawNotOpen: 'handlers/draws.test.ts',
    alreadyEntered: 'handlers/draws.test.ts',
  },
  revealSeed: { seedMismatch: 'handlers/draws.test.ts' },
  // Its seats are found and its fares are made by what does it for a hold.
  holdExchange: {
    seatGivenLater: 'handlers/later-seats.test.ts',
    passengerTypeNotFound: 'handlers/tariff.test.ts',
    concessionLimit: 'handlers/tariff.test.ts',
    seatNotOffered: 'handlers/seats-on-sale.test.ts',
    poolNotFound: 'handlers/seats-on-sale.test.ts',
    poolNotAllowed: 'handlers/seats-on-sale.test.ts',
    quotaExhausted: 'handlers/seats-on-sale.test.ts',
    productNotOnSale: 'handlers/fare-products.test.ts',
    productSoldOut: 'handlers/fare-products.test.ts',
    productNotFound: 'handlers/fare-products.test.ts',
  },
  rebookFree: { quotaExhausted: 'handlers/seats-on-sale.test.ts' },
}

export const refusals: Readonly<Record<Command['type'], Refusals>> = {
  foundCluster: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    alreadyFounded: 'it is founded',
  },
  raiseFeatureLevel: {
    invalidField: 'not a level that this version knows',
    notAllowed: 'for the cluster alone',
    featureActive: 'the cluster is at it or above; the figure is its level',
  },
  setFareRule: { invalidField: field, tooMany: 'more than 32 classes', notAllowed: staff },
  setTariff: {
    invalidField: field,
    tooMany: 'more than 32 classes, 16 passenger types or 16 supplements',
    notAllowed: staff,
  },
  setRefundRule: { invalidField: field, tooMany: 'more than 16 bands', notAllowed: staff },
  setCancellationRule: {
    invalidField: field,
    tooMany: 'more than 64 lines, or 16 bands of one',
    notAllowed: staff,
  },
  blockSeats: {
    invalidField: field,
    tooMany: 'more than 200 seats or 400 runs',
    notAllowed: staff,
    runNotFound: 'there is no such run, or it is not on sale yet',
    trainNotFound: 'there is no such train, or it is not on sale yet',
    seatNotFound: 'beyond the train',
    seatBlocked: 'it is off sale already, on a run or a date',
    seatTaken: 'somebody has it; the figure is the run',
    seatsNeeded: 'who is given a seat later would find none; the figure is the run',
  },
  unblockSeats: { invalidField: field, notAllowed: staff, blockNotFound: 'there is no such block' },
  setQuotas: {
    invalidField: field,
    tooMany:
      'more than 8 pools, 3 roles, 16 types or 100 runs with bookings, or more places than the class has',
    notAllowed: staff,
    runNotFound: 'there is no such run, or it is not on sale yet',
    trainNotFound: 'there is no such train, or it is not on sale yet',
    classNotFound: 'no coach of that class',
    quotaInUse: 'somebody has the places; the figure is the run',
  },
  moveQuota: {
    invalidField: field,
    notAllowed: staff,
    runNotFound: 'there is no such run, or it is not on sale yet',
    classNotFound: 'no coach of that class',
    poolNotFound: 'the run has no such pool; the field says which',
    quotaInUse: 'somebody has the places, or there are not so many; the figure is the run',
  },
  setSeatPromiseRule: { invalidField: field, tooMany: 'more than 64 lines', notAllowed: staff },
  setSeatRule: { invalidField: field, tooMany: 'more than 16 limits', notAllowed: staff },
  registerAccount: {
    invalidField: field,
    notAllowed: 'another role than passenger, from anybody but operators and the cluster',
    emailTaken: 'somebody has it',
  },
  openSession: {
    invalidField: `${field}; a token hash that is in use, too`,
    notAllowed: "somebody else's account",
    accountNotFound: 'there is no such account',
    accountClosed: 'it is closed',
    secondFactorNeeded: 'the account has a second factor',
  },
  setSecondFactorRule: {
    invalidField: field,
    tooMany: 'more than two roles',
    notAllowed: 'for operators and the cluster',
  },
  beginSecondFactor: {
    invalidField: field,
    notAllowed: 'for accounts only',
    secondFactorOn: 'it has one',
  },
  enableSecondFactor: {
    invalidField: field,
    tooMany: 'more than 16 recovery codes',
    notAllowed: 'for accounts only',
    secondFactorOff: 'none was begun',
    secondFactorOn: 'it has one',
  },
  disableSecondFactor: {
    invalidField: field,
    notAllowed: 'for accounts only',
    secondFactorOff: 'it has none',
    codeUsed: 'a code of that time step or a later one has counted before',
    recoveryCodeNotFound: 'there is none, or it has counted before',
  },
  openSecuredSession: {
    invalidField: `${field}; a token hash that is in use, too`,
    notAllowed: "somebody else's account",
    accountNotFound: 'there is no such account',
    accountClosed: 'it is closed',
    secondFactorOff: 'it has none',
    codeUsed: 'a code of that time step or a later one has counted before',
    recoveryCodeNotFound: 'there is none, or it has counted before',
  },
  askSecondFactorReset: {
    invalidField: field,
    notAllowed: "for operators, of somebody else's account",
    accountNotFound: 'there is no such account',
    secondFactorOff: 'it has none',
  },
  approveSecondFactorReset: {
    invalidField: field,
    notAllowed: "for operators, of somebody else's account",
    accountNotFound: 'there is no such account',
    secondFactorOff: 'it has none',
    factorResetNotAsked: 'nobody has asked for it within a day',
    secondPersonNeeded: 'the same operator has asked for it',
  },
  endSessions: {
    invalidField: field,
    notAllowed: 'for operators and the cluster',
    accountNotFound: 'there is no such account',
  },
  setRole: {
    invalidField: field,
    notAllowed: 'for operators and the cluster',
    accountNotFound: 'there is no such account',
    accountClosed: 'it is closed',
    lastOperator: 'nobody else is an operator',
  },
  changePassword: { invalidField: field, notAllowed: 'for accounts only, and not for guests' },
  requestPasswordReset: {
    invalidField: field,
    accountNotFound: 'there is no such account',
    accountClosed: 'it is closed',
  },
  grantPasswordReset: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    accountNotFound: 'there is no such account',
    accountClosed: 'it is closed',
  },
  resetPassword: {
    invalidField: field,
    resetNotFound: 'no such secret was given, or it was used, replaced or is too old',
  },
  setAccountOpen: {
    invalidField: field,
    notAllowed: 'for operators and the cluster',
    accountNotFound: 'there is no such account',
    accountClosed: 'it is erased',
    lastOperator: 'nobody else is an operator',
  },
  savePassenger: {
    invalidField: field,
    notAllowed: 'for accounts only',
    passengerNotFound: 'there is none with that id',
    tooMany: 'twenty are saved',
  },
  forgetPassenger: { invalidField: field, passengerNotFound: 'there is none with that id' },
  deleteAccount: {
    invalidField: field,
    notAllowed: "somebody else's, and one is no operator",
    accountNotFound: 'there is no such account',
    accountClosed: 'it is erased',
    lastOperator: 'nobody else is an operator',
    tooMany: 'more than 1,000 bookings',
    tillOpen: 'its till is not counted yet',
    bookingNotOver: 'it has a booking that is not over; the figure is its id',
  },
  closeSession: { invalidField: field, sessionNotFound: mine },
  putStations: {
    invalidField: field,
    tooMany: 'more than 1,000 stations, 20 aliases or 64 search terms',
    notAllowed: staff,
    ...imported,
    featureNotActive: 'a group, a time to change or a zone at a lower level',
    stationNotFound: "a group's own station is nowhere",
  },
  addTrain: {
    invalidField: field,
    tooMany: 'more than 121 stops, 40 coaches, 2,000 seats, 64 lines of seating or 12 properties',
    notAllowed: staff,
    ...imported,
    featureNotActive: 'exceptions of a calendar at a lower level',
    stationNotFound: 'a stop is nowhere',
  },
  addRuns: {
    invalidField: field,
    tooMany: 'more than 1,000 runs',
    notAllowed: staff,
    ...imported,
    trainNotFound: 'there is no such train, or it is not on sale yet',
  },
  beginImport: { invalidField: field, notAllowed: staff, importNotOpen: 'another one is open' },
  commitImport: { invalidField: field, notAllowed: staff, ...imported },
  abortImport: { invalidField: field, notAllowed: staff, ...imported },
  holdSeats: {
    invalidField: field,
    tooMany: 'more than 6 passengers, or than the rule of sale allows, or 10 properties',
    notAllowed: 'for accounts only',
    ...ofGuests,
    ...noSeats,
    ...noProduct,
    priceChanged: 'not the price that was shown; the figure is',
    ...limited,
  },
  holdTrip: {
    invalidField: `${field}; legs that overlap in one run, too`,
    tooMany:
      'more than 6 legs or passengers, passengers than the rule of sale allows, or 10 properties',
    notAllowed: 'for accounts only',
    ...ofGuests,
    ...noSeats,
    ...noProduct,
    priceChanged: 'not the price that was shown; the figure is',
    ...limited,
  },
  releaseHold: { invalidField: field, ...notHeld },
  extendHold: {
    invalidField: field,
    ...notHeld,
    runDeparted: 'it has left the stop',
    extensionNotAllowed: 'the rule of sale in force gives none',
    alreadyExtended: 'it was extended, or a payment was begun',
  },
  setSalesRule: { invalidField: field, notAllowed: staff },
  issueVoucher: {
    invalidField: `${field}; both a sum and a share or neither, and an end before the beginning, too`,
    notAllowed: staff,
    accountNotFound: 'there is no such account',
    voucherCodeTaken: 'another voucher has that code',
  },
  applyVoucher: {
    invalidField: field,
    ...notHeld,
    voucherNotFound: "there is none with that code, or it is somebody else's",
    voucherNotValid: 'too early or too late; the figure is when it begins, or ended',
    voucherUsedUp: 'nothing is left of it',
    voucherMinimum: 'less is due than it is for; the figure is how much must be',
    voucherApplied: 'another one pays for it',
    nothingToPay: 'nothing is due, or it would pay nothing',
  },
  removeVoucher: {
    invalidField: field,
    ...notHeld,
    voucherNotFound: 'none pays for it',
  },
  setFareProducts: {
    invalidField: field,
    tooMany: 'more than 32 products, or 1,000 fixed fares of one',
    notAllowed: staff,
  },
  startPayment: {
    invalidField: field,
    ...notPayable,
    runCancelled: 'its train does not go',
    runDeparted: 'it has left the stop',
    priceChanged: 'not the price, or the difference of an exchange; the figure is',
    notExchangeable: 'what it was to take the place of is not what it was',
    nothingToPay: 'the exchange costs nothing more: `confirmBooking`',
    tooMany: 'twenty payments were tried',
  },
  recordOutcome: {
    invalidField: field,
    notAllowed: 'for the cluster alone; not before an older effect of the payment is answered',
    outboxNotFound: 'there never was such an effect',
    outboxResolved: 'it is answered',
  },
  cancelBooking: {
    invalidField: field,
    ...notCancellable,
    refundChanged: 'not the refund; the figure is',
  },
  offerRefund: {
    invalidField: field,
    tooMany: 'more than 6 passengers',
    ...notCancellable,
    passengerCancelled: 'one of them is cancelled; the field says who',
  },
  acceptRefund: {
    invalidField: field,
    bookingNotFound: mine,
    offerNotOpen: 'it was accepted, replaced or withdrawn, or never made',
    runCancelled: 'its train does not go: all of it comes back',
    offerExpired: 'its time is over',
  },
  payRefund: {
    invalidField: field,
    bookingNotFound: `${mine}, and one is not staff`,
    nothingOwed: 'all is paid or on its way',
  },
  openDraw: {
    invalidField: `${field}; a window that is over, or a time out of order, too`,
    tooMany: 'more than 100 runs, or 20 draws that are not done',
    notAllowed: 'for operators and the cluster',
    runNotFound: 'there is no such run, or it is not on sale yet; it is named',
    runDeparted: 'it will have left before the seed has to be known; it is named',
    runInDraw: 'it is under another draw; it is named',
  },
  enterDraw: {
    invalidField: `${field}; a wish for a run that is not in the draw, too`,
    tooMany: 'more than 3 wishes, 6 passengers, or 200,000 entries',
    notAllowed: 'for accounts only',
    drawNotFound: 'there is no such draw',
    drawNotOpen: 'it is not the time to enter',
    alreadyEntered: 'the account has an entry; the figure is its number',
  },
  revealSeed: {
    invalidField: field,
    notAllowed: 'for operators and the cluster',
    drawNotFound: 'there is no such draw',
    drawNotOpen: 'it is not the time to reveal, or it was done',
    seedMismatch: 'not the seed that was committed to',
  },
  setWaitingRule: { invalidField: field, notAllowed: staff },
  joinWaitingList: {
    invalidField: `${field}; a choice that is there twice or of other stations, too`,
    tooMany: 'more than 6 passengers or 5 alternatives',
    notAllowed: 'for accounts only',
    ...ofGuests,
    noWaitingList: 'no rule of waiting lists is in force',
    ...noJourney,
    poolNotFound: 'the run has no such pool',
    poolNotAllowed: 'the pool is for others',
    seatsAvailable: 'there are seats: hold them',
    priceChanged: 'it costs more than was said; the figure is the price',
    alreadyWaiting: 'the account waits there already; the figure is the booking',
    waitingListFull: 'so many wait that no more may; the figure is the limit',
    chartClosed: 'the list is closed',
  },
  leaveWaitingList: {
    invalidField: field,
    bookingNotFound: mine,
    notWaiting: 'it has seats, or has left',
    waitingOver: 'it has waited in vain',
  },
  closeChart: {
    invalidField: field,
    notAllowed: staff,
    runNotFound: 'there is no such run, or it is not on sale yet',
    chartClosed: 'it is',
  },
  holdExchange: {
    invalidField: `${field}; or another leg of the trip is on the same part of the run`,
    tooMany:
      'exchanged twenty times, one after the other; or more than 6 seats, or passengers than the rule of sale allows',
    ...notCancellable,
    ...noSeats,
    ...noProduct,
    ...limited,
    runDeparted: 'it, or the other one, has left the stop',
    alreadyPaying: 'its payment is still on its way',
    notExchangeable: 'its rule has no exchange now',
  },
  confirmBooking: {
    invalidField: field,
    ...notHeld,
    runCancelled: 'it does not go',
    runDeparted: 'it has left the stop',
    notExchangeable: 'what it was to take the place of is not what it was',
    paymentDue: 'something is to be paid; the figure says how much',
  },
  setCompensationRule: { invalidField: field, tooMany: 'more than 8 bands', notAllowed: staff },
  cancelRun: {
    invalidField: `${field}; a stop that the run does not leave, too`,
    notAllowed: staff,
    runNotFound: 'there is no such run',
    runNotOnSale: 'its import is open',
    runCancelled: 'it is cancelled',
    runDeparted: 'it has left the stop',
  },
  recordDelay: {
    invalidField: `${field}; a stop that the run has not, too`,
    notAllowed: staff,
    runNotFound: 'there is no such run',
    runNotOnSale: 'its import is open',
    runCancelled: 'it does not go',
    arrivalRecorded: 'it is known when it arrived there: nothing is expected any more',
    notArrived: 'it can not have arrived there yet, so late',
  },
  continueDisruption: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    disruptionNotFound: 'there is no such disruption',
    nothingDue: 'passengers may still choose, or all is done',
  },
  rebookFree: {
    invalidField: `${field}; a run that another leg is on at the time, too`,
    tooMany: 'more than 6 seats',
    bookingNotFound: `${mine}, and one is not staff`,
    notDisrupted: 'neither it nor another leg of its trip has lost its train',
    offerExpired: 'the time to choose is over',
    runNotFound: 'there is no such run',
    runNotOnSale: 'its import is open',
    runCancelled: 'the other run does not go either',
    runInDraw: 'the seats of the other run go to those who entered a draw',
    stopNotAllowed: 'no boarding, or no alighting, at that stop',
    runDeparted: 'the other run has left the stop, or the leg has left that still has its train',
    otherStations: 'it does not go between the same stations',
    tooFarApart: 'it leaves longer before or after than the rule allows',
    classNotFound: 'no coach of that class',
    seatNotFound: 'beyond the train',
    seatInOtherClass: 'in a coach of another class',
    seatTaken: 'somebody has it; all that are taken are named',
    notEnoughSeats: 'fewer are free than passengers; the figure says how many',
    seatNotOffered: 'a place for a wheelchair that is kept, or one that breaks up a busy train',
    quotaExhausted: 'what is free is kept for others; the figure says how many are not',
  },
  overrideRefund: {
    invalidField: field,
    tooMany: 'more than 6 passengers',
    notAllowed: "for staff and operators, and not for one's own booking",
    bookingNotFound: 'there is none',
    notConfirmed: 'it was never paid',
    refundTooHigh: 'more than is kept of the fares; the figure is what is',
  },
  decideOverride: {
    invalidField: field,
    notAllowed: "for staff and operators, and not for one's own booking",
    overrideNotFound: 'there is none',
    overrideDecided: 'it is done, or was decided',
    secondPersonNeeded: 'by who has asked for it',
    notConfirmed: 'it was never paid',
    refundTooHigh: 'more than is kept of the fares by now; the figure is what is',
  },
  takeRefund: {
    invalidField: field,
    bookingNotFound: `${mine}, and one is not staff`,
    notDisrupted: 'neither it nor another leg of its trip has lost its train',
    runDeparted: 'the leg has left, with its own train',
  },
  issueTickets: {
    invalidField: field,
    bookingNotFound: `${mine}, and one is not staff`,
    alreadyCancelled: 'it is cancelled',
    notConfirmed: 'it is not paid',
    runDeparted: 'the passengers have arrived',
    passengerCancelled: 'one of them is cancelled; the field says who',
    tooMany: 'more than 6 passengers, or 127 tickets of one',
  },
  inspectTicket: {
    invalidField: field,
    notAllowed: staff,
    runNotFound: 'there is no such run',
    ticketNotFound: 'no such ticket was made',
  },
  registerTicketKey: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    ticketKeyTaken: 'the id is known with another key, or was withdrawn',
    tooMany: 'more than 64 keys',
  },
  withdrawTicketKey: {
    invalidField: field,
    notAllowed: 'for operators and the cluster',
    ticketKeyNotFound: 'there is none, or it was withdrawn',
  },
  setGuestRule: { invalidField: field, notAllowed: staff },
  openGuest: {
    invalidField: field,
    notAllowed: 'by somebody who has an account',
    guestsNotAllowed: 'the railway sells to accounts only',
  },
  grantGuestLink: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    guestNotFound: 'there is no such guest',
  },
  requestGuestLink: {
    invalidField: field,
    guestNotFound: 'there is no such guest',
    bookingNotFound: 'it is none of the guest',
  },
  openGuestLink: {
    invalidField: `${field}; a token hash that is in use, too`,
    notAllowed: 'by somebody who is logged in',
    guestLinkNotFound: 'no such secret was given, or it was replaced or is too old',
    accountClosed: 'it is closed',
  },
  claimGuest: {
    invalidField: field,
    notAllowed: 'for passengers with an account',
    guestLinkNotFound: 'no such secret was given, or it was replaced or is too old',
    otherAddress: "the guest's address is not the account's",
    tooMany: 'more than 1,000 bookings',
  },
  setAgentRule: {
    invalidField: field,
    notAllowed: staff,
    accountNotFound: 'there is no such account',
  },
  nameCustomer: {
    invalidField: field,
    notAllowed: 'for agents and staff',
    bookingNotFound: mine,
  },
  openTill: {
    invalidField: field,
    notAllowed: 'for agents and staff',
    tillOpen: 'the actor has one',
  },
  closeTill: { invalidField: field, tillNotOpen: 'the actor has none' },
  payAtCounter: {
    invalidField: field,
    notAllowed: 'for agents and staff',
    tillNotOpen: 'the actor has none',
    ...notHeld,
    runCancelled: 'one of its trains does not go',
    runDeparted: 'it has left the stop',
    notExchangeable: 'what it was to take the place of is not there any more',
    priceChanged: 'not what is due; the figure is',
    nothingToPay: 'it costs nothing: it is confirmed without',
  },
  payOut: {
    invalidField: field,
    notAllowed: 'for agents and staff',
    tillNotOpen: 'the actor has none',
    outboxNotFound: 'nothing is to be paid out under it, or another agent sold it',
    tillTooLow: 'there is less cash in the till; the figure is what there is',
  },
  switchNotices: { invalidField: field, notAllowed: 'for operators and the cluster' },
  setNoticePreferences: {
    invalidField: `${field}; a kind that one can not do without, too`,
    tooMany: 'more kinds than there are to do without',
    notAllowed: 'for accounts only',
  },
  recordNotice: {
    invalidField: field,
    notAllowed: 'for the cluster alone',
    noticeNotOpen: 'it is answered or has lapsed, or there never was such a notice',
  },
  tick: { notAllowed: 'for the cluster alone' },
  resolveRequest: {
    invalidField: field,
    notAllowed: "somebody else's request",
    requestIdReused: 'the request id was used for something else',
  },
}

/** docs/reference/refusals.md. */
export function refusalsPage(): string {
  const table = (of: Refusals) =>
    Object.entries(of).map(([code, when]) => `| \`${code}\` | ${when} |`)
  const head = ['| code | when |', '|---|---|']
  const lines = [
    '# Refusals',
    '',
    'What the state machine answers instead of doing it, command by command. A refusal is a reply: it is logged, the same on every',
    'node, and changes nothing. The order of the checks is in [the rules](../internals/booking-rules.md); what a person is told is in',
    '[errors](errors.md). A fuzzer that sends every command with hostile fields finds each of these and no other. This page is made by a test.',
    '',
    '## Every command',
    '',
    ...head,
    ...table(ofEveryCommand),
  ]
  for (const [type, of] of Object.entries(refusals)) {
    lines.push('', `## ${type}`, '', ...head, ...table(of))
  }
  return `${lines.join('\n')}\n`
}
