import { describe, expect, it } from 'vitest'
import {
  confirmed,
  DAY,
  done,
  type Held,
  HOUR,
  held,
  MONDAY,
  must,
  pay,
  type Railway,
  railway,
  refused,
  register,
  runs,
  send,
} from '../../test/world.ts'
import type { InspectTicket } from '../commands.ts'
import { loadState } from '../load.ts'
import { findTicket, ticketPayload, ticketsOf, travellersOn } from '../queries/tickets.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

function party(): { world: Railway; booking: Held; staff: number } {
  const world = railway()
  const staff = register(world, 'staff@example.org', 'staff')
  const booking = confirmed(world, world.ann, world.runId, { passengers: 2, from: 1, to: 3 })
  must(done(world, world.state.meta.nextOutboxId - 1), 'done')
  return { world, booking, staff }
}
const ask = (world: Railway, { bookingId }: Held, passengers: number[] = [], actor = world.ann) =>
  send(world, { type: 'issueTickets', bookingId, passengers }, { actor })
const numbers = (world: Railway, booking: Held, passengers: number[] = []) =>
  must(ask(world, booking, passengers), 'ticketsIssued').tickets.map((it) => it.ticketNumber)
const scanOf = (world: Railway, ticketNumber: string, scanId: string): InspectTicket => ({
  type: 'inspectTicket',
  ticketNumber,
  runId: world.runId,
  stop: 1,
  atMs: MONDAY + 2 * DAY + 7 * HOUR,
  deviceId: 'gate-1',
  scanId,
})
const isValid = (world: Railway, { bookingId }: Held) =>
  ticketsOf(world.state, bookingId).map(({ voidedAtMs }) => voidedAtMs === 0)
const refusal = (reply: ReturnType<typeof ask>) => {
  const { code, field, figure } = must(reply, 'refused')
  return [code, field, figure]
}

describe('tickets', () => {
  it('are made once for everybody, each with a number of its own', () => {
    const { world, booking } = party()
    const first = numbers(world, booking)
    expect(first).toHaveLength(2)
    expect(new Set(first).size).toBe(2)
    for (const number of first) expect(number).toMatch(/^[2-9A-HJKMNP-Z]{9}$/)
    expect(numbers(world, booking)).toEqual(first)
    expect(first.map((number) => findTicket(world.state, number)?.position)).toEqual([0, 1])
    expect(isValid(world, booking)).toEqual([true, true])
  })

  it('are void when a new one is made, of that passenger alone', () => {
    const { world, booking, staff } = party()
    const [old = '', other = ''] = numbers(world, booking)
    const [fresh = ''] = numbers(world, booking, [0])
    expect(fresh).not.toBe(old)
    expect(findTicket(world.state, old)).toBeUndefined()
    expect(findTicket(world.state, fresh)).toMatchObject({ version: 2, voidedAtMs: 0 })
    expect(findTicket(world.state, other)).toMatchObject({ version: 1, voidedAtMs: 0 })
    const verdict = (number: string, scanId: string) =>
      must(send(world, scanOf(world, number, scanId), { actor: staff }), 'ticketInspected').verdict
    expect([verdict(old, 'a'), verdict(fresh, 'b')]).toEqual(['voided', 'ok'])
  })

  it('are void when the passenger leaves, and with the booking', () => {
    const { world, booking } = party()
    numbers(world, booking)
    const { bookingId } = booking
    const by = { actor: world.ann }
    const { offerId } = must(
      send(world, { type: 'offerRefund', bookingId, passengers: [1] }, by),
      'refundOffered',
    )
    must(
      send(world, { type: 'acceptRefund', bookingId, offerId, payLater: false }, by),
      'bookingCancelled',
    )
    expect(isValid(world, booking)).toEqual([true, false])
    expect(refusal(ask(world, booking, [1]))).toEqual(['passengerCancelled', 'passengers[0]', 0])
    expect(numbers(world, booking)).toHaveLength(1)
    const expectedRefundMinor = booking.priceMinor / 2
    must(
      send(world, { type: 'cancelBooking', bookingId, expectedRefundMinor }, by),
      'bookingCancelled',
    )
    expect(isValid(world, booking)).toEqual([false, false])
    expect(ticketPayload(world.state, bookingId, 0)).toBeUndefined()
    expect(refusal(ask(world, booking))).toEqual(['alreadyCancelled', '', 0])
  })

  it('are void when the fare turns out not to be paid', () => {
    const world = railway()
    const booking = confirmed(world, world.ann, world.runId)
    numbers(world, booking)
    must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
    expect(isValid(world, booking)).toEqual([false])
  })

  it('are for the owner and for staff, of what is confirmed and still under way', () => {
    const { world, booking, staff } = party()
    expect(refusal(ask(world, booking, [], world.bob))).toEqual(['bookingNotFound', '', 0])
    must(ask(world, booking, [], staff), 'ticketsIssued')
    const hold = held(world, world.ann, world.runId)
    expect(refusal(ask(world, hold))).toEqual(['notConfirmed', '', 0])
    must(pay(world, world.ann, hold), 'paymentStarted')
    expect(refusal(ask(world, hold))).toEqual(['notConfirmed', '', 0])
    expect(refusal(ask(world, booking, [0, 5]))).toEqual(['invalidField', 'passengers[1]', 0])
    expect(refusal(ask(world, booking, [1, 0]))).toEqual(['invalidField', 'passengers[1]', 0])
    // It arrives at 08:50.
    world.nowMs = MONDAY + 2 * DAY + 8 * HOUR + 50 * 60_000 - 1
    must(ask(world, booking, [0]), 'ticketsIssued')
    world.nowMs += 1
    expect(refusal(ask(world, booking, [0]))).toEqual(['runDeparted', '', 0])
  })

  it('that were seen on a train are made anew by staff alone: who was on it has not missed it', () => {
    const { world, booking, staff } = party()
    const [seen = ''] = numbers(world, booking)
    must(send(world, scanOf(world, seen, 'a'), { actor: staff }), 'ticketInspected')
    expect(refusal(ask(world, booking, [0, 1]))).toEqual(['alreadyInspected', 'passengers[0]', 0])
    expect(numbers(world, booking)[0]).toBe(seen)
    must(ask(world, booking, [1]), 'ticketsIssued')
    must(ask(world, booking, [0], staff), 'ticketsIssued')
    expect(findTicket(world.state, seen)).toBeUndefined()
  })

  it('of one passenger end with the hundred-and-twenty-seventh', () => {
    const { world, booking } = party()
    const all = new Set<string>()
    for (let times = 0; times < 127; times++) all.add(numbers(world, booking, [1])[0] ?? '')
    expect(all.size).toBe(127)
    expect(refusal(ask(world, booking, [0, 1]))).toEqual(['tooMany', 'passengers[1]', 127])
    expect(isValid(world, booking)).toEqual([true])
  })

  it('say the same on every node, and after a restart', () => {
    const { world, booking, staff } = party()
    const [number = ''] = numbers(world, booking)
    must(send(world, scanOf(world, number, 'a'), { actor: staff }), 'ticketInspected')
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toBe(stateHash(world.state))
    expect(ticketsOf(loaded, booking.bookingId)).toEqual(ticketsOf(world.state, booking.bookingId))
    const payload = ticketPayload(world.state, booking.bookingId, 0)
    expect(ticketPayload(loaded, booking.bookingId, 0)).toBe(payload)
    const { pnr } = travellersOn(world.state, world.runId)[0] ?? {}
    const hours = [1, 21].map((hour) => MONDAY + 2 * DAY + hour * HOUR)
    expect(JSON.parse(payload ?? '')).toEqual([
      ...[1, '0123456789abcdef0123456789abcdef', number, pnr, world.runId, 'IC 1', 20261125],
      ...[1, 'B', 3, 'D', '2', '2', '1A', 'Passenger 1', '', hours[0], (hours[1] ?? 0) - 600_000],
    ])
    const rows = rowsOf(world.state).filter(
      ({ table }) => !/^(bookings|payments|outbox)$/.test(table),
    )
    expect(() => loadState(rows)).toThrow('tickets of booking 1, which is not there')
  })
})

describe('inspection', () => {
  it('tells a second scan when, where and by what it was seen before, and the same scan again what it was told', () => {
    const { world, booking, staff } = party()
    const [number = ''] = numbers(world, booking)
    const by = { actor: staff }
    const first = send(world, scanOf(world, number, 'a'), by)
    expect(first).toMatchObject({ verdict: 'ok', bookingId: booking.bookingId, position: 0 })
    const second = { ...scanOf(world, number, 'a'), deviceId: 'gate-2', stop: 2 }
    expect(send(world, second, by)).toMatchObject({
      verdict: 'duplicate',
      earlierAtMs: MONDAY + 2 * DAY + 7 * HOUR,
      earlierStop: 1,
      earlierDeviceId: 'gate-1',
    })
    // Long after the memory of requests.
    world.nowMs += 9 * DAY
    expect(send(world, scanOf(world, number, 'a'), by)).toEqual(first)
    expect(ticketsOf(world.state, booking.bookingId)[0]).toMatchObject({ inspectedBy: 'gate-1' })
  })

  it('finds the wrong train, the wrong day, the wrong stretch', () => {
    const { world, booking, staff } = party()
    const [number = ''] = numbers(world, booking)
    const [otherDay = 0] = must(send(world, runs(world.trainId, 3)), 'runsAdded').runIds
    const verdict = (changed: Partial<InspectTicket>) => {
      const command = { ...scanOf(world, number, 'a'), ...changed }
      return must(send(world, command, { actor: staff }), 'ticketInspected').verdict
    }
    expect(verdict({ runId: otherDay })).toBe('wrongDay')
    expect(verdict({ stop: 0 })).toBe('wrongStretch')
    expect(verdict({ stop: 3 })).toBe('wrongStretch')
    expect(verdict({ stop: 2 })).toBe('ok')
  })

  it('is for staff, and of tickets that were made', () => {
    const { world, booking, staff } = party()
    const [number = ''] = numbers(world, booking)
    const scan = scanOf(world, number, 'a')
    const code = (command: InspectTicket, actor = staff) =>
      must(send(world, command, { actor }), 'refused').code
    expect(code(scan, world.ann)).toBe('notAllowed')
    expect(code({ ...scan, runId: 99 })).toBe('runNotFound')
    expect(code({ ...scan, ticketNumber: 'ABCDEFGHJ' })).toBe('ticketNotFound')
    const wrong = number.slice(0, 8) + (number.endsWith('A') ? 'B' : 'A')
    expect(code({ ...scan, ticketNumber: wrong })).toBe('ticketNotFound')
    expect(code({ ...scan, scanId: '' })).toBe('invalidField')
    const before = rowsOf(world.state).filter(({ table }) => table === 'tickets')
    code(scan, world.ann)
    expect(rowsOf(world.state).filter(({ table }) => table === 'tickets')).toEqual(before)
  })

  it('leaves a list of who was there and who was not', () => {
    const { world, booking, staff } = party()
    const [, number = ''] = numbers(world, booking)
    must(send(world, scanOf(world, number, 'a'), { actor: staff }), 'ticketInspected')
    expect(world.changes.map(({ table }) => table)).toContain('ticket_inspections')
    expect(
      travellersOn(world.state, world.runId).map((it) => [it.name, it.inspectedAtMs > 0]),
    ).toEqual([
      ['Passenger 1', false],
      ['Passenger 2', true],
    ])
  })
})

describe('ticket keys', () => {
  const publicKey = 'ab'.repeat(32)
  const registering = { type: 'registerTicketKey', keyId: '0011223344556677', publicKey } as const
  const withdrawing = { type: 'withdrawTicketKey', keyId: '0011223344556677' } as const

  it('are registered by the cluster, again without harm, and withdrawn for ever by an operator', () => {
    const { world, staff } = party()
    const operator = register(world, 'operator@example.org', 'operator')
    must(send(world, registering), 'done')
    must(send(world, registering), 'done')
    const code = (reply: ReturnType<typeof ask>) => must(reply, 'refused').code
    const other = { ...registering, publicKey: 'cd'.repeat(32) }
    expect(code(send(world, other))).toBe('ticketKeyTaken')
    expect(code(send(world, registering, { actor: operator }))).toBe('notAllowed')
    expect(code(send(world, withdrawing, { actor: staff }))).toBe('notAllowed')
    must(send(world, withdrawing, { actor: operator }), 'done')
    expect(code(send(world, withdrawing, { actor: operator }))).toBe('ticketKeyNotFound')
    expect(code(send(world, registering))).toBe('ticketKeyTaken')
  })
})
