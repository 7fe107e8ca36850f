import type {
  Entry,
  InspectTicket,
  IssueTickets,
  RegisterTicketKey,
  Reply,
  TicketVerdict,
  WithdrawTicketKey,
} from '../../src/index.ts'
import { needCluster, needStaff, roleOf } from './caller.ts'
import { stillThere } from './cancel-commands.ts'
import { noBooking, ownBooking } from './own-booking.ts'
import { refuse } from './refuse.ts'
import {
  checkId,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  hash64,
  maxInstant,
} from './shapes.ts'
import { type ModelTicket, runOf, trainOf, type World } from './world.ts'

/** Numbers are given as ''. */
export function issueTickets(world: World, entry: Entry, command: IssueTickets): Reply {
  const { bookingId, passengers } = command
  checkId(bookingId, 'bookingId')
  checkLength(passengers, 0, 6, 'passengers')
  passengers.forEach((position, i) => {
    checkInt(position, i === 0 ? 0 : (passengers[i - 1] ?? 0) + 1, 5, `passengers[${i}]`)
  })
  const isStaff = ['staff', 'operator', 'cluster'].includes(roleOf(world, entry))
  const booking = isStaff
    ? world.bookings.find((b) => b.id === bookingId)
    : ownBooking(world, entry, bookingId)
  if (booking === undefined) noBooking(world, entry, bookingId, isStaff)
  if (booking.status === 'cancelled') refuse('alreadyCancelled')
  if (booking.status !== 'confirmed') refuse('notConfirmed')
  const run = runOf(world, booking)
  const arrival = trainOf(world, run).stops[booking.toStop]?.arrivalSeconds ?? 0
  if (run.baseMs + arrival * 1_000 <= world.now) refuse('runDeparted')
  const there = stillThere(booking)
  const all = passengers.length > 0 ? passengers : there
  const made = (position: number) =>
    world.tickets.filter((t) => t.bookingId === bookingId && t.position === position)
  all.forEach((position, i) => {
    const field = passengers.length > 0 ? `passengers[${i}]` : 'passengers'
    if (position >= booking.passengers.length) refuse('invalidField', { field })
    if (!there.includes(position)) refuse('passengerCancelled', { field })
    const inUse = validOf(world, bookingId, position)?.scan !== undefined
    if (inUse && passengers.length > 0 && !isStaff) refuse('alreadyInspected', { field })
    const fresh = passengers.length > 0 || validOf(world, bookingId, position) === undefined
    if (fresh && made(position).length >= 127) refuse('tooMany', { field, figure: 127 })
  })
  for (const position of all) {
    const before = validOf(world, bookingId, position)
    if (passengers.length === 0 && before !== undefined) continue
    if (before !== undefined) before.voidedAt = world.now
    world.tickets.push({
      bookingId,
      position,
      version: made(position).length + 1,
      issuedAt: world.now,
      voidedAt: 0,
      scan: undefined,
    })
  }
  return {
    type: 'ticketsIssued',
    tickets: all.map((position) => ({ position, ticketNumber: '' })),
  }
}

export function inspectTicket(world: World, entry: Entry, command: InspectTicket): Reply {
  const { ticketNumber, runId, stop, atMs, deviceId, scanId } = command
  checkText(ticketNumber, 1, 64, 'ticketNumber')
  checkId(runId, 'runId')
  checkInt(stop, 0, 119, 'stop')
  checkInt(atMs, 0, maxInstant, 'atMs')
  checkPattern(deviceId, /^[!-~]{1,64}$/, 'deviceId')
  checkPattern(scanId, /^[!-~]{1,64}$/, 'scanId')
  needStaff(world, entry)
  const run = world.runs.find((r) => r.id === runId)
  if (run === undefined) refuse('runNotFound')
  const printed = world.printed.find((p) => p.ticketNumber === ticketNumber)
  if (printed === undefined) refuse('ticketNotFound')
  const { bookingId, position } = printed
  if (world.archived.some((b) => b.id === bookingId)) refuse('bookingArchived')
  const ticket = world.tickets.find(
    (t) => t.bookingId === bookingId && t.position === position && t.version === printed.version,
  )
  const booking = world.bookings.find((b) => b.id === bookingId)
  if (ticket === undefined || booking === undefined) throw new Error('printed and not made')
  const answer = (verdict: TicketVerdict, earlier?: ModelTicket['scan']): Reply => ({
    type: 'ticketInspected',
    verdict,
    bookingId,
    position,
    earlierAtMs: earlier?.atMs ?? 0,
    earlierStop: earlier?.stop ?? 0,
    earlierDeviceId: earlier?.deviceId ?? '',
  })
  if (ticket.voidedAt > 0) return answer('voided')
  if (booking.runId !== runId) {
    return answer(runOf(world, booking).trainId === run.trainId ? 'wrongDay' : 'wrongRun')
  }
  if (stop < booking.fromStop || stop >= booking.toStop) return answer('wrongStretch')
  ticket.scan ??= { atMs, stop, deviceId, scanId }
  const { scan } = ticket
  return scan.deviceId === deviceId && scan.scanId === scanId
    ? answer('ok')
    : answer('duplicate', scan)
}

export function registerTicketKey(world: World, entry: Entry, command: RegisterTicketKey): Reply {
  const { keyId, publicKey } = command
  checkPattern(keyId, /^[0-9a-f]{16}$/, 'keyId')
  checkPattern(publicKey, hash64, 'publicKey')
  needCluster(entry)
  const known = world.ticketKeys.find((k) => k.keyId === keyId)
  if (known === undefined && world.ticketKeys.length >= 64) refuse('tooMany', { figure: 64 })
  if (known === undefined) world.ticketKeys.push({ keyId, publicKey, withdrawn: false })
  else if (known.withdrawn || known.publicKey !== publicKey) {
    refuse('ticketKeyTaken', { field: 'keyId' })
  }
  return { type: 'done' }
}

export function withdrawTicketKey(world: World, entry: Entry, command: WithdrawTicketKey): Reply {
  checkPattern(command.keyId, /^[0-9a-f]{16}$/, 'keyId')
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
  const known = world.ticketKeys.find((k) => k.keyId === command.keyId && !k.withdrawn)
  if (known === undefined) refuse('ticketKeyNotFound')
  known.withdrawn = true
  return { type: 'done' }
}

/** Who does not travel any more has no ticket: looked at after every entry. */
export function voidTickets(world: World): void {
  for (const ticket of world.tickets) {
    const booking = world.bookings.find((b) => b.id === ticket.bookingId)
    const travels = booking?.status === 'confirmed' && stillThere(booking).includes(ticket.position)
    if (!travels && ticket.voidedAt === 0) ticket.voidedAt = world.now
  }
}

function validOf(world: World, bookingId: number, position: number): ModelTicket | undefined {
  return world.tickets.find(
    (t) => t.bookingId === bookingId && t.position === position && t.voidedAt === 0,
  )
}
