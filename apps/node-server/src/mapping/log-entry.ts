/**
 * The data of one Raft entry: a submission with the leader's stamp, as `quorail.command.v1.LogEntry`.
 * The schema mirrors booking-fsm's commands field by field, so the mapping is generic; that the two
 * still match is checked by the compiler below and by the test.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  type AccountRole,
  type Command,
  type CounterMeans,
  type Entry,
  LATEST_FEATURE_LEVEL,
  type MemberRole,
  type NoticeKind,
  type PassengerDatum,
  type Reason,
  type Rounding,
  type SeatProperty,
  type TravelState,
} from '@quorail/booking-fsm'
import { type LogEntry, LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import type { Submission } from '../host/types.ts'
import { MappingError } from './mapping-error.ts'
import { messageCodec } from './message-codec.ts'
import type { Plain } from './plain.ts'

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

const codec = messageCodec(LogEntrySchema, {
  required: new Set([
    'quorail.command.v1.RecordOutcome.outcome',
    'quorail.command.v1.RecordNotice.outcome',
    'quorail.command.v1.ResolveRequest.key',
  ]),
  words: new Map([
    ['quorail.command.v1.SetMember.role', Object.keys(memberRoles)],
    ['quorail.command.v1.PayAtCounter.means', Object.keys(counterMeans)],
    ['quorail.command.v1.CancelRun.reason', Object.keys(reasonWords)],
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
})

/** Throws a `MappingError` for what the log could not give back exactly. */
export function encodeLogEntry(submission: Submission, timestampMs: number): Uint8Array {
  const { actor, key, command } = submission
  const message = codec.toMessage({ timestampMs, actor, key, command }, 'entry')
  return toBinary(LogEntrySchema, message as LogEntry)
}

/**
 * Throws a `MappingError` for bytes that this version does not understand completely. For a committed
 * entry that is fatal to the node: to skip it would be to disagree with the others in silence.
 */
export function decodeLogEntry(index: number, data: Uint8Array): Entry {
  const plain = codec.toPlain(parse(index, data), `entry ${index}`) as unknown as PlainLogEntry
  mustKnowLevel(index, plain.command)
  return { index, ...plain }
}

/** What counts from the next entry on would be unknown here: to go on would be to disagree in silence. */
function mustKnowLevel(index: number, command: Command): void {
  const founds = command.type === 'foundCluster'
  if (!founds && command.type !== 'raiseFeatureLevel') return
  const level = founds ? (command.featureLevel ?? 1) : command.level
  if (level <= LATEST_FEATURE_LEVEL) return
  const text = `asks for feature level ${level}, and this version knows up to ${LATEST_FEATURE_LEVEL}`
  throw new MappingError(`entry ${index}`, text)
}

/** The command of a message that was made elsewhere, e.g. by an importer's program. */
export function commandOfMessage(message: LogEntry): Command {
  return (codec.toPlain(message, 'entry') as unknown as PlainLogEntry).command
}

function parse(index: number, data: Uint8Array): LogEntry {
  try {
    return fromBinary(LogEntrySchema, data)
  } catch (error) {
    throw new MappingError(`entry ${index}`, `is not a log entry (${String(error)})`)
  }
}

type PlainLogEntry = Omit<Entry, 'index'>

// What the schema and the commands have in common, checked by the compiler: every command has its
// case and nothing else has, and the fields of each have the same names and fit.
type PlainCommand = Plain<LogEntry>['command']
type FieldsOf<C, Type> = keyof Extract<C, { type: Type }>
type SameFields = {
  [Type in Command['type']]: [
    Exclude<FieldsOf<Command, Type>, FieldsOf<PlainCommand, Type>>,
    Exclude<FieldsOf<PlainCommand, Type>, FieldsOf<Command, Type>>,
  ] extends [never, never]
    ? true
    : false
}
type Check<T extends true> = T
export type SchemaFitsCommands = [
  Check<Command extends PlainCommand ? true : false>,
  Check<Command['type'] extends PlainCommand['type'] ? true : false>,
  Check<PlainCommand['type'] extends Command['type'] ? true : false>,
  Check<SameFields[Command['type']]>,
]
