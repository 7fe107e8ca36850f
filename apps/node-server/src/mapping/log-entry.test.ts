import { create, type DescMessage, toBinary } from '@bufbuild/protobuf'
import { type Command, LATEST_FEATURE_LEVEL, type RequestKey } from '@quorail/booking-fsm'
import { LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { arbitraryMessage } from '../../test/arbitrary-message.ts'
import { commandOfMessage, decodeLogEntry, encodeLogEntry } from './log-entry.ts'

// Written out by hand, so that the compiler compares it with the union and the test with the schema.
const commandTypes: Readonly<Record<Command['type'], true>> = {
  foundCluster: true,
  raiseFeatureLevel: true,
  setFareRule: true,
  setTariff: true,
  setRefundRule: true,
  setCancellationRule: true,
  setSalesRule: true,
  setFareProducts: true,
  issueVoucher: true,
  applyVoucher: true,
  removeVoucher: true,
  registerAccount: true,
  openSession: true,
  closeSession: true,
  setRole: true,
  changePassword: true,
  requestPasswordReset: true,
  grantPasswordReset: true,
  resetPassword: true,
  setAccountOpen: true,
  deleteAccount: true,
  setSecondFactorRule: true,
  beginSecondFactor: true,
  enableSecondFactor: true,
  disableSecondFactor: true,
  openSecuredSession: true,
  askSecondFactorReset: true,
  approveSecondFactorReset: true,
  endSessions: true,
  savePassenger: true,
  forgetPassenger: true,
  setCompany: true,
  setMember: true,
  payOnAccount: true,
  issueInvoice: true,
  recordInvoicePayment: true,
  setAgentRule: true,
  nameCustomer: true,
  openTill: true,
  closeTill: true,
  payAtCounter: true,
  payOut: true,
  setGuestRule: true,
  openGuest: true,
  grantGuestLink: true,
  requestGuestLink: true,
  openGuestLink: true,
  claimGuest: true,
  putStations: true,
  addTrain: true,
  addRuns: true,
  setCalendar: true,
  beginImport: true,
  commitImport: true,
  abortImport: true,
  holdSeats: true,
  holdTrip: true,
  releaseHold: true,
  extendHold: true,
  startPayment: true,
  recordOutcome: true,
  cancelBooking: true,
  offerRefund: true,
  acceptRefund: true,
  payRefund: true,
  recordChargeback: true,
  settleChargeback: true,
  setWaitingRule: true,
  joinWaitingList: true,
  leaveWaitingList: true,
  closeChart: true,
  holdExchange: true,
  confirmBooking: true,
  issueTickets: true,
  inspectTicket: true,
  registerTicketKey: true,
  withdrawTicketKey: true,
  registerNode: true,
  forgetNode: true,
  setSeatRule: true,
  setSeatPromiseRule: true,
  setOverbookingRule: true,
  openDraw: true,
  enterDraw: true,
  revealSeed: true,
  blockSeats: true,
  unblockSeats: true,
  setQuotas: true,
  moveQuota: true,
  switchNotices: true,
  setNoticePreferences: true,
  recordNotice: true,
  cancelRun: true,
  changeConsist: true,
  recordDelay: true,
  continueDisruption: true,
  archiveRun: true,
  rebookFree: true,
  takeRefund: true,
  setCompensationRule: true,
  overrideRefund: true,
  decideOverride: true,
  tick: true,
  resolveRequest: true,
}

const cases = new Map(
  LogEntrySchema.oneofs
    .find((oneof) => oneof.localName === 'command')
    ?.fields.map((field) => [field.localName, field.message as DescMessage]),
)

const key: RequestKey = {
  principal: 'a:7',
  method: 'HoldSeats',
  requestId: 'r1',
  contentHash: 'ab12',
}

/** Another level is an entry that this version must not go on after. */
function knownLevel(fields: Record<string, unknown>): object {
  if (typeof fields.level === 'number') return { level: 1 + (fields.level % LATEST_FEATURE_LEVEL) }
  if (typeof fields.featureLevel !== 'number') return {}
  return { featureLevel: 1 + (fields.featureLevel % LATEST_FEATURE_LEVEL) }
}

describe('the schema of log entries', () => {
  test('has a case for every command, and no other', () => {
    expect([...cases.keys()].sort()).toEqual(Object.keys(commandTypes).sort())
  })

  test.each([...cases.keys()])('%s comes back as it was', (type) => {
    fc.assert(
      fc.property(
        arbitraryMessage(cases.get(type) as DescMessage),
        fc.option(fc.constant(key), { nil: undefined }),
        fc.nat(Number.MAX_SAFE_INTEGER),
        fc.nat(2 ** 41),
        (fields, requestKey, actor, timestampMs) => {
          const command = { type, ...fields, ...knownLevel(fields) } as unknown as Command
          const bytes = encodeLogEntry({ actor, key: requestKey, command }, timestampMs)
          const entry = decodeLogEntry(9, bytes)
          expect(entry).toStrictEqual({ index: 9, timestampMs, actor, key: requestKey, command })
        },
      ),
      { numRuns: 50 },
    )
  })

  test('is not read where it asks for a feature level that this version does not know', () => {
    const level = LATEST_FEATURE_LEVEL + 1
    const bytes = encodeLogEntry(
      { actor: 0, key: undefined, command: { type: 'raiseFeatureLevel', level } },
      5,
    )
    expect(() => decodeLogEntry(9, bytes)).toThrow(`feature level ${level}`)
  })

  test('keeps an outcome, whose schema is nothing but a choice, as one flat object', () => {
    const command: Command = {
      type: 'recordOutcome',
      outboxId: 5,
      outcome: { type: 'refused', reason: 'card_declined' },
    }
    const bytes = encodeLogEntry({ actor: 0, key: undefined, command }, 1)
    expect(decodeLogEntry(1, bytes).command).toStrictEqual(command)
  })
})

describe('what does not fit is refused by name', () => {
  const encode = (command: object) => () =>
    encodeLogEntry({ actor: 0, key: undefined, command: command as Command }, 1)

  test.each([
    [{ type: 'noSuchThing' }, 'noSuchThing'],
    [{ type: 'releaseHold', bookingId: 1.5 }, 'bookingId'],
    [{ type: 'releaseHold', bookingId: -1 }, 'bookingId'],
    [{ type: 'releaseHold', bookingId: 2 ** 53 }, 'bookingId'],
    [{ type: 'releaseHold' }, 'bookingId'],
    [{ type: 'releaseHold', bookingId: 1, extra: 1 }, 'extra'],
    [{ type: 'recordOutcome', outboxId: 1 }, 'outcome'],
    [{ type: 'resolveRequest' }, 'key'],
    [{ type: 'beginImport', source: '\ud800' }, 'source'],
    [
      { type: 'registerAccount', email: '', displayName: '', passwordHash: '', role: 'king' },
      'role',
    ],
  ])('%j', (command, place) => {
    expect(encode(command)).toThrow(place)
  })

  test('bytes that are no entry', () => {
    expect(() => decodeLogEntry(3, Uint8Array.of(255, 255, 255))).toThrow('entry 3')
  })

  test('an entry without a command', () => {
    const bytes = toBinary(LogEntrySchema, create(LogEntrySchema, { timestampMs: 1n }))
    expect(() => decodeLogEntry(3, bytes)).toThrow('nothing this version knows is chosen')
  })

  test('a field of a later version', () => {
    const tick = encodeLogEntry({ actor: 0, key: undefined, command: { type: 'tick' } }, 1)
    // Field 99, varint 1.
    const later = Uint8Array.from([...tick, 0x98, 0x06, 0x01])
    expect(() => decodeLogEntry(3, later)).toThrow('field 99')
  })
})

test('the command of a message made elsewhere', () => {
  const message = create(LogEntrySchema, {
    command: { case: 'releaseHold', value: { bookingId: 12n } },
  })
  expect(commandOfMessage(message)).toStrictEqual({ type: 'releaseHold', bookingId: 12 })
})
