import type {
  AccountRole,
  CounterMeans,
  MemberRole,
  NoticeKind,
  PassengerDatum,
  Reason,
  Rounding,
  SeatProperty,
  TravelState,
} from '@quorail/booking-fsm'
import type { MappingRules } from './message-codec.ts'

const roles: Readonly<Record<AccountRole, true>> = {
  passenger: true,
  agent: true,
  staff: true,
  operator: true,
  guest: true,
}
const roundings: Readonly<Record<Rounding, true>> = { halfUp: true, up: true, down: true }
const travelStates: Readonly<Record<TravelState, true>> = {
  confirmed: true,
  rac: true,
  waiting: true,
}

const seatProperties: Readonly<Record<SeatProperty, true>> = {
  window: true,
  aisle: true,
  table: true,
  facing: true,
  quiet: true,
  lowerBerth: true,
  middleBerth: true,
  upperBerth: true,
  sideLowerBerth: true,
  sideUpperBerth: true,
  wheelchair: true,
  companion: true,
}
const noticeKinds: Readonly<Record<NoticeKind, true>> = {
  bookingConfirmed: true,
  bookingCancelled: true,
  refundSent: true,
  latePaymentAccepted: true,
  latePaymentVoided: true,
  fareNotPaid: true,
  promoted: true,
  notPromoted: true,
  runCancelled: true,
  runDelayed: true,
  reseated: true,
  seatsLost: true,
  exchanged: true,
  guestLink: true,
  passwordReset: true,
  passwordChanged: true,
  drawWon: true,
  seatsGiven: true,
  berthShared: true,
  berthGiven: true,
  berthStaysShared: true,
  noSeats: true,
  drawLost: true,
}

const reasonWords: Readonly<Record<Reason, true>> = {
  strike: true,
  disruption: true,
  connectionBroken: true,
  technicalFailure: true,
  staffError: true,
  goodwill: true,
  medical: true,
  other: true,
}

const passengerData: Readonly<Record<PassengerDatum, true>> = {
  birthDate: true,
  document: true,
  contact: true,
}
const counterMeans: Readonly<Record<CounterMeans, true>> = { cash: true, terminal: true }

const memberRoles: Readonly<Record<MemberRole | 'none', true>> = {
  none: true,
  traveller: true,
  booker: true,
  admin: true,
}

/** What the schema of log entries can not say of them. */
export const logEntryRules: MappingRules = {
  required: new Set([
    'quorail.command.v1.RecordOutcome.outcome',
    'quorail.command.v1.RecordNotice.outcome',
    'quorail.command.v1.ResolveRequest.key',
  ]),
  words: new Map([
    ['quorail.command.v1.SetMember.role', Object.keys(memberRoles)],
    ['quorail.command.v1.PayAtCounter.means', Object.keys(counterMeans)],
    ['quorail.command.v1.CancelRun.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.SetCalendar.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.ChangeConsist.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.RecordDelay.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.OverrideRefund.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.RegisterAccount.role', Object.keys(roles)],
    ['quorail.command.v1.SetSecondFactorRule.roles', Object.keys(roles)],
    ['quorail.command.v1.SetRole.role', Object.keys(roles)],
    ['quorail.command.v1.SetCancellationRule.rounding', Object.keys(roundings)],
    ['quorail.command.v1.SetTariff.rounding', Object.keys(roundings)],
    ['quorail.command.v1.SetNoticePreferences.muted', Object.keys(noticeKinds)],
    ['quorail.command.v1.CancellationLine.state', Object.keys(travelStates)],
    ['quorail.command.v1.SetFareProducts.requires', Object.keys(passengerData)],
    ['quorail.command.v1.FareProduct.requires', Object.keys(passengerData)],
    ['quorail.command.v1.IssueVoucher.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.BlockSeats.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.UnblockSeats.reason', Object.keys(reasonWords)],
    ['quorail.command.v1.QuotaPool.roles', Object.keys(roles)],
    ['quorail.command.v1.SeatRuleLine.properties', Object.keys(seatProperties)],
    ['quorail.command.v1.SeatPreferences.required', Object.keys(seatProperties)],
    ['quorail.command.v1.SeatPreferences.wished', Object.keys(seatProperties)],
  ]),
}
