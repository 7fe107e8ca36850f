import { findBooking, pendingNotices } from '@quorail/booking-fsm'
import { beforeEach, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { registered, settleEffects, soldBooking } from '../testing/sold-booking.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { type Mail, MailDelayedError, type MailPort, MailRefusedError } from './mail-port.ts'
import { sendNotices } from './notice-worker.ts'

const now = Date.UTC(2026, 10, 22, 9, 0)
let host: MemoryHost
let ann: number
let sent: Mail[]
let trouble: Error | undefined
let warnings: string[]

const mail: MailPort = {
  send: async (one) => {
    if (trouble !== undefined) throw trouble
    sent.push(one)
    return '250 taken\r\nas 7'
  },
  close: () => undefined,
}

beforeEach(() => {
  host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
  host.run({ type: 'switchNotices', on: true })
  ann = registered(host, 'ann@example.org')
  sent = []
  warnings = []
  trouble = undefined
})

/** Lets the leader work until it has nothing to do. */
async function work(attempts = 3, rounds = 20): Promise<void> {
  const controller = new AbortController()
  const log = { warn: (_: object, message: string) => warnings.push(message) }
  const job = sendNotices({ host, mail, log, attempts, pauseFirstMs: 1_000, lookEveryMs: 1 })
  const done = job(controller.signal)
  for (let round = 0; round < rounds; round++) {
    await new Promise((resolve) => setTimeout(resolve, 2))
    host.advance(10_000)
  }
  controller.abort()
  await done
}

const waiting = () => pendingNotices(host.state, 99).map(({ kind }) => kind)

test('a sale is told with train, local times, seats, price and reference, once', async () => {
  const bookingId = soldBooking(host, ann)
  expect(waiting()).toEqual(['bookingConfirmed'])
  await work()
  expect(waiting()).toEqual([])
  await work()
  expect(sent).toHaveLength(1)
  const [{ to, subject, text, key } = {} as Mail] = sent
  const booking = findBooking(host.state, bookingId)
  expect(to).toBe('ann@example.org')
  expect(key).toBe(`${'00'.repeat(16)}-n1`)
  expect(subject).toContain('Your tickets: ')
  expect(text).toContain('Dear ann,')
  expect(text).toContain(`Your reference: ${booking?.pnr}`)
  expect(text).toContain(`You paid €${((booking?.priceMinor ?? 0) / 100).toFixed(2)}.`)
  expect(text).toMatch(/Ben: coach \S+, seat \d+[A-Z]/)
  expect(text).toMatch(/24 Nov 2026, \d\d:\d\d/)
})

test('a cancellation tells the refund, and another mail that it was sent', async () => {
  const bookingId = soldBooking(host, ann)
  const expectedRefundMinor = findBooking(host.state, bookingId)?.priceMinor ?? 0
  host.run({ type: 'cancelBooking', bookingId, expectedRefundMinor }, ann)
  settleEffects(host)
  await work()
  const refund = `€${(expectedRefundMinor / 100).toFixed(2)}`
  expect(sent.map(({ subject }) => subject.split(':')[0])).toEqual([
    'Your tickets',
    'Cancelled',
    'Your refund is on its way',
  ])
  expect(sent[1]?.text).toContain(`You get ${refund} back`)
  expect(sent[2]?.text).toContain(`We have sent ${refund}`)
})

test('some of a party leave: the mail names them', async () => {
  const bookingId = soldBooking(host, ann)
  const offered = host.run({ type: 'offerRefund', bookingId, passengers: [1] }, ann)
  if (offered.type !== 'refundOffered') throw new Error(offered.type)
  const { offerId } = offered
  host.run({ type: 'acceptRefund', bookingId, offerId, payLater: false }, ann)
  await work()
  expect(sent[1]?.subject).toContain('Cancelled for Ben')
  expect(sent[1]?.text).not.toContain('Ben: coach')
})

test('a mailbox that is none ends it; one that is full is tried again, and given up in the end', async () => {
  soldBooking(host, ann)
  trouble = new MailRefusedError('550 no such box')
  await work()
  expect([waiting(), warnings]).toEqual([[], []])
  soldBooking(host, ann)
  trouble = new MailDelayedError('452 full')
  await work(3)
  expect(waiting()).toEqual([])
  expect(warnings).toHaveLength(3)
  expect(sent).toEqual([])
})

test('a mail server that is not there costs no mail: it waits', async () => {
  soldBooking(host, ann)
  trouble = new Error('connect ECONNREFUSED')
  await work(1)
  expect(waiting()).toEqual(['bookingConfirmed'])
  expect(warnings[0]).toContain('can not be sent now')
  trouble = undefined
  await work(1)
  expect([waiting(), sent.length]).toEqual([[], 1])
})

test('a node that does not lead any more sends nothing', async () => {
  soldBooking(host, ann)
  host.follow(undefined)
  await work()
  expect(sent).toEqual([])
})

test('what a mail server says is kept without the address, and nobody is told who is forgotten', async () => {
  const outcomes: string[] = []
  const submit = host.submit.bind(host)
  host.submit = async (submission) => {
    outcomes.push(JSON.stringify(submission.command))
    return submit(submission)
  }
  soldBooking(host, ann)
  trouble = new MailRefusedError('550 5.1.1 <ann@example.org>: no such box')
  await work()
  expect(outcomes.some((it) => it.includes('550 5.1.1 <(address)>: no such box'))).toBe(true)
  expect(outcomes.join()).not.toContain('ann@example.org')
  trouble = undefined
  host.advance(30 * 86_400_000)
  expect(host.run({ type: 'deleteAccount', accountId: ann }).type).toBe('done')
  await work()
  expect(sent).toEqual([])
})
