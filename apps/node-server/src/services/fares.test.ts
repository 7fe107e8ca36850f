import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { rowsOf, searchJourneys } from '@quorail/booking-fsm'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  AdministrationService,
  Rounding,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { FareService } from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import {
  PassengerDatum,
  Reason,
  VoucherUseStatus,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { beforeEach, expect, test } from 'vitest'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { makeVoucherCode } from './voucher-code.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
const day = 86_400_000
let host: MemoryHost
let transport: Transport
let requests = 0
const requestId = () => `request-${++requests}`

beforeEach(() => {
  ;({ host, transport } = memoryServices(now))
})

const login = (email: string, role: 'passenger' | 'staff') => loginTo(host, email, role)

async function codeOf(call: Promise<unknown>) {
  const error = await call.then(() => undefined, ConnectError.from)
  return { code: error?.code, detail: error?.findDetails(ErrorDetailSchema)[0]?.code }
}

/** Somewhere in the demo timetable, the day after tomorrow. */
function journey() {
  const pairs = Array.from({ length: 900 }, (_, i) => [1 + (i % 30), 1 + Math.floor(i / 30)])
  const window = { earliestMs: now + 2 * day, latestMs: now + 3 * day, nowMs: now }
  const found = pairs
    .flatMap(([fromStationId = 0, toStationId = 0]) =>
      searchJourneys(host.state, {
        ...{ fromStationId, toStationId },
        ...window,
        passengers: 2,
        limit: 1,
      }),
    )
    .find((it) => it.classes.length > 0)
  if (found === undefined) throw new Error('the demo timetable has no journey')
  const { fromStop, toStop } = found
  const classCode = found.classes[0]?.classCode ?? ''
  return { runId: BigInt(found.runId), fromStop, toStop, classCode }
}

const product = (code: string, fareBasisPoints: number, places: number) => ({
  ...{ code, name: `Fare ${code}`, classCode: '', trainPrefix: '', fareBasisPoints, places },
  ...{ soldUntilMinutesBeforeDeparture: 60, refundable: false, exchangeable: false },
})

test('staff set fares in limited numbers; they are quoted, held, and say when they are sold out', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const fares = createClient(FareService, transport)
  const bookings = createClient(BookingService, transport)
  const timetable = createClient(TimetableService, transport)
  const products = [product('saver', 5_000, 1)]
  const rule = { requestId: requestId(), validFrom: timestampFromMs(now), products }
  expect((await codeOf(fares.setFareProducts(rule, anna))).code).toBe(Code.PermissionDenied)
  await fares.setFareProducts(rule, staff)
  const asked = journey()
  const quoted = await timetable.quoteFares({ ...asked, passengerTypes: [''] })
  expect(quoted.products[0]).toMatchObject({ code: 'saver', placesLeft: 1, refundable: false })
  const passengers = [{ name: 'Anna' }]
  const hold = (wanted: string) =>
    bookings.holdSeats({ requestId: requestId(), ...asked, passengers, product: wanted }, anna)
  const { booking } = await hold('cheapest')
  expect(booking?.product).toMatchObject({ code: 'saver', name: 'Fare saver' })
  expect(booking?.price?.minor).toBe(quoted.products[0]?.priceOfParty?.minor)
  expect((await codeOf(hold('saver'))).detail).toBe('PRODUCT_SOLD_OUT')
  expect((await codeOf(hold('none'))).detail).toBe('PRODUCT_NOT_FOUND')
  const full = await hold('cheapest')
  expect(full.booking?.product).toBeUndefined()
  expect(full.booking?.price?.minor).toBe(quoted.price?.minor)
})

test('a quote says until when it stands; past it another price is an expired quote, and before it one that staff changed', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const administration = createClient(AdministrationService, transport)
  const bookings = createClient(BookingService, transport)
  const asked = journey()
  const quote = () =>
    createClient(TimetableService, transport).quoteFares({ ...asked, passengerTypes: [''] })
  const first = await quote()
  const standsMs = (of: typeof first) => timestampMs(of.validUntil ?? timestampFromMs(0)) - now
  expect(standsMs(first)).toBe(15 * 60_000)
  const tariff = (atMs: number, baseMinor: bigint) =>
    administration.setTariff(
      {
        ...{ requestId: requestId(), validFrom: timestampFromMs(atMs) },
        ...{ roundToMinor: 1, rounding: Rounding.HALF_UP },
        classes: [{ classCode: asked.classCode, baseMinor }],
      },
      staff,
    )
  await tariff(now + 5 * 60_000, 77_700n)
  const quoted = await quote()
  expect(standsMs(quoted)).toBe(5 * 60_000)
  const shown = { expectedPriceMinor: quoted.price?.minor ?? 0n, quotedUntil: quoted.validUntil }
  const passengers = [{ name: 'Anna' }]
  const one = () =>
    bookings.holdSeats({ requestId: requestId(), ...asked, passengers, ...shown }, anna)
  const trip = () =>
    bookings.holdTrip({ requestId: requestId(), legs: [asked], passengers, ...shown }, anna)
  host.advance(5 * 60_000 - 1)
  expect((await one()).booking?.price).toEqual(quoted.price)
  host.advance(1)
  expect((await codeOf(one())).detail).toBe('QUOTE_EXPIRED')
  expect((await codeOf(trip())).detail).toBe('QUOTE_EXPIRED')
  const again = await quote()
  shown.expectedPriceMinor = again.price?.minor ?? 0n
  // The quote is over, its price is still the price.
  expect((await trip()).bookings[0]?.price).toEqual(again.price)
  shown.quotedUntil = again.validUntil
  await tariff(host.nowMs(), 88_800n)
  expect((await codeOf(one())).detail).toBe('PRICE_CHANGED')
})

test('a voucher that staff gave out pays a part; its code is nowhere but with who has it', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const fares = createClient(FareService, transport)
  const bookings = createClient(BookingService, transport)
  const { code } = await fares.makeVoucherCode({}, staff)
  const voucher = {
    ...{ requestId: requestId(), code, amountMinor: 100n, reason: Reason.GOODWILL },
    ...{ validFrom: timestampFromMs(now), validTo: timestampFromMs(now + 9 * day) },
  }
  expect((await codeOf(fares.issueVoucher(voucher, anna))).code).toBe(Code.PermissionDenied)
  const { voucherId } = await fares.issueVoucher(voucher, staff)
  expect(await fares.issueVoucher(voucher, staff)).toMatchObject({ voucherId })
  const again = { ...voucher, requestId: requestId() }
  expect((await codeOf(fares.issueVoucher(again, staff))).detail).toBe('VOUCHER_CODE_TAKEN')
  const held = await bookings.holdSeats(
    { requestId: requestId(), ...journey(), passengers: [{ name: 'Anna' }] },
    anna,
  )
  const { bookingId = 0n, price } = held.booking ?? {}
  const typed = ` ${code.toLowerCase()} `
  const { booking } = await fares.applyVoucher(
    { requestId: requestId(), bookingId, code: typed },
    anna,
  )
  expect(booking?.due?.minor).toBe((price?.minor ?? 0n) - 100n)
  expect(booking?.voucher).toMatchObject({ voucherId, status: VoucherUseStatus.RESERVED })
  const { vouchers, outstanding } = await fares.listVouchers({}, staff)
  expect(vouchers[0]).toMatchObject({ left: { minor: 0n }, taken: { minor: 100n } })
  expect(outstanding?.minor).toBe(100n)
  expect(JSON.stringify(rowsOf(host.state))).not.toContain(code.replaceAll('-', ''))
  const back = await fares.removeVoucher({ requestId: requestId(), bookingId }, anna)
  expect(back.booking?.due?.minor).toBe(price?.minor)
})

test('who guesses codes is slowed down soon, whoever it is', async () => {
  const anna = login('anna@example.org', 'passenger')
  const fares = createClient(FareService, transport)
  const guess = () =>
    codeOf(
      fares.applyVoucher({ requestId: requestId(), bookingId: 1n, code: makeVoucherCode() }, anna),
    )
  for (let at = 0; at < 10; at++) expect((await guess()).code).toBe(Code.NotFound)
  expect((await guess()).code).toBe(Code.ResourceExhausted)
})

test('what a fare requires of a passenger is asked for, shown and exported', async () => {
  const [anna, staff] = [login('anna@example.org', 'passenger'), login('st@example.org', 'staff')]
  const fares = createClient(FareService, transport)
  const bookings = createClient(BookingService, transport)
  const requires = [PassengerDatum.BIRTH_DATE, PassengerDatum.CONTACT]
  const rule = { requestId: requestId(), validFrom: timestampFromMs(now), requires }
  await fares.setFareProducts(rule, staff)
  const asked = journey()
  const quoted = await createClient(TimetableService, transport).quoteFares({
    ...asked,
    passengerTypes: [''],
  })
  expect(quoted.requires).toEqual(requires)
  const hold = (said: object) =>
    bookings.holdSeats(
      { requestId: requestId(), ...asked, passengers: [{ name: 'Anna', ...said }] },
      anna,
    )
  expect((await codeOf(hold({ contact: '+47 1' }))).detail).toBe('PASSENGER_DATA_REQUIRED')
  const noDay = { birthDate: '2001-02-29', contact: '+47 1' }
  expect((await codeOf(hold(noDay))).code).toBe(Code.InvalidArgument)
  const said = { birthDate: '2001-02-28', contact: '+47 1' }
  expect((await hold(said)).booking?.passengers[0]).toMatchObject(said)
  const accounts = createClient(AccountService, transport)
  const { json } = await accounts.exportPersonalData({}, anna)
  expect(JSON.parse(json)).toMatchObject({
    bookings: [{ passengers: [{ birthDate: 20_010_228, contact: '+47 1' }] }],
  })
})
