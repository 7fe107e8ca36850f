/** Buying without an account, through the API. */
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import { findAccount, findBooking, pendingNotices } from '@quorail/booking-fsm'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { GuestService } from '@quorail/proto/quorail/booking/v1/guest_service_pb'
import { beforeEach, expect, test } from 'vitest'
import type { MailPort } from '../mail/mail-port.ts'
import { sendNotices } from '../mail/notice-worker.ts'
import type { MemoryHost } from '../testing/memory-host.ts'
import { loginTo, memoryServices } from '../testing/memory-services.ts'
import { soldBooking } from '../testing/sold-booking.ts'

let host: MemoryHost
let transport: Transport

beforeEach(() => {
  ;({ host, transport } = memoryServices(Date.UTC(2026, 10, 22, 9, 0)))
  host.run({ type: 'switchNotices', on: true })
})

const guests = () => createClient(GuestService, transport)
const bookings = () => createClient(BookingService, transport)
const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })
const codeOf = async (call: Promise<unknown>) =>
  (await call.then(() => undefined, ConnectError.from))?.code

let asked = 0
async function open(email = 'Gil@Example.org') {
  const requestId = `request-of-a-guest-${asked++}`
  const answer = await guests().openGuest({ requestId, email, displayName: 'Gil' })
  return { ...withToken(answer.sessionToken), accountId: Number(answer.guestId), requestId }
}

function buy({ accountId }: { accountId: number }) {
  const bookingId = soldBooking(host, accountId)
  return { bookingId: BigInt(bookingId), pnr: findBooking(host.state, bookingId)?.pnr ?? '' }
}

/** Sends what is to be sent; gives the last link that a mail had. */
async function mailedLink(): Promise<{ to: string; link: string }> {
  const sent: { to: string; text: string }[] = []
  const stop = new AbortController()
  const mail: MailPort = {
    close: () => undefined,
    send: (message) => {
      sent.push(message)
      return Promise.resolve('taken')
    },
  }
  const working = sendNotices({ host, mail, log: { warn: () => undefined }, lookEveryMs: 5 })(
    stop.signal,
  )
  await expect.poll(() => pendingNotices(host.state, 10).length).toBe(0)
  stop.abort()
  await working
  const found = sent.findLast(({ text }) => /\d+\.[\w-]{43}/.test(text))
  return { to: found?.to ?? '', link: /\d+\.[\w-]{43}/.exec(found?.text ?? '')?.[0] ?? '' }
}

test('a guest buys, and the link of the mail opens that booking and no other', async () => {
  const guest = await open()
  const { bookingId } = buy(guest)
  const other = await open('other@example.org')
  const foreign = buy(other)
  const { link } = await mailedLink()
  expect(link.startsWith(`${other.accountId}.`)).toBe(true)
  const opened = await guests().openGuestLink({ link })
  const auth = withToken(opened.sessionToken)
  const { booking } = await bookings().getBooking({ bookingId: foreign.bookingId }, auth)
  expect(booking?.pnr).toBe(foreign.pnr)
  expect(await codeOf(bookings().getBooking({ bookingId }, auth))).toBe(Code.NotFound)
})

test('the same request gives the same guest, until something was held', async () => {
  const guest = await open()
  const again = { requestId: guest.requestId, email: 'Gil@Example.org', displayName: 'Gil' }
  expect(Number((await guests().openGuest(again)).guestId)).toBe(guest.accountId)
  buy(guest)
  expect(await codeOf(guests().openGuest(again))).toBe(Code.NotFound)
})

test('a lost link is mailed to the address alone, and the one before opens nothing', async () => {
  const guest = await open()
  const { pnr } = buy(guest)
  const first = await mailedLink()
  await guests().requestGuestLink({ pnr, email: 'somebody@example.org' })
  expect(pendingNotices(host.state, 10)).toEqual([])
  await guests().requestGuestLink({ pnr, email: 'gil@example.org' })
  const second = await mailedLink()
  expect(second.to).toBe('gil@example.org')
  expect(await codeOf(guests().openGuestLink({ link: first.link }))).toBe(Code.NotFound)
  await guests().openGuestLink({ link: second.link })
})

test('links are not guessed: after ten in vain none of the guest is tried any more', async () => {
  const { accountId } = await open()
  const link = `${accountId}.${'x'.repeat(43)}`
  for (let i = 0; i < 10; i++) {
    expect(await codeOf(guests().openGuestLink({ link }))).toBe(Code.NotFound)
  }
  expect(await codeOf(guests().openGuestLink({ link }))).toBe(Code.ResourceExhausted)
  expect(await codeOf(guests().openGuestLink({ link: 'anything' }))).toBe(Code.NotFound)
})

test('an account with the address takes over what the guest bought', async () => {
  const guest = await open('ann@example.org')
  const { bookingId } = buy(guest)
  const { link } = await mailedLink()
  const ann = loginTo(host, 'ann@example.org', 'passenger')
  const ben = loginTo(host, 'ben@example.org', 'passenger')
  const claim = { requestId: 'claim-request', link }
  expect(await codeOf(guests().claimGuest(claim, ben))).toBe(Code.FailedPrecondition)
  await guests().claimGuest(claim, ann)
  const { booking } = await bookings().getBooking({ bookingId }, ann)
  expect(booking?.bookingId).toBe(bookingId)
  expect(findAccount(host.state, guest.accountId)?.isClosed).toBe(true)
  expect(await codeOf(bookings().getBooking({ bookingId }, guest))).toBeDefined()
})

test('staff say how guests may buy; a guest is no staff', async () => {
  const rule = { requestId: 'rule-request', maxHolds: 0, retentionDays: 30, validFrom: {} }
  expect(await codeOf(guests().setGuestRule(rule, await open()))).toBe(Code.PermissionDenied)
  await guests().setGuestRule(rule, loginTo(host, 'staff@example.org', 'staff'))
  expect(await codeOf(open())).toBe(Code.FailedPrecondition)
})
