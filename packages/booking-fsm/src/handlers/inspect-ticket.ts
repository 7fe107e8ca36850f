import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isId, isInstant, isInt, isText, matches } from '../checks.ts'
import type { InspectTicket } from '../commands.ts'
import { refuse } from '../refusal.ts'
import type { Refusal, Reply, TicketVerdict } from '../replies.ts'
import { type Work, writeRecord, writeRow } from '../store.ts'
import type { Booking } from '../things.ts'
import { ticketName } from '../tickets/number.ts'
import type { Scan, Ticket } from '../tickets/ticket.ts'

/**
 * The first scan in order leaves its mark on the ticket, for good: so the same scan sent again is in order
 * again, however much later, and any other one a duplicate.
 */
export function inspectTicket(work: Work, command: InspectTicket): Reply {
  const { state } = work
  const refusal = checkScan(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { atMs, stop, deviceId, scanId } = command
  if (!state.runs.has(command.runId)) return refuse('runNotFound')
  const name = ticketName(state.meta.pnrKey, command.ticketNumber)
  const ticket =
    name && state.tickets.get(name.bookingId)?.find((it) => it.position === name.position)
  const booking = name && state.bookings.get(name.bookingId)
  if (name !== undefined && state.archive.has(name.bookingId)) return refuse('bookingArchived')
  if (ticket === undefined || booking === undefined || name === undefined)
    return refuse('ticketNotFound')
  if (name.version === 0 || name.version > ticket.version) return refuse('ticketNotFound')
  const scan: Scan = { atMs, stop, deviceId, scanId }
  const verdict =
    name.version < ticket.version ? 'voided' : verdictOf(work, command, ticket, booking)
  if (verdict === 'ok' && ticket.scan === undefined) {
    ticket.scan = scan
    writeRow(work, 'tickets', ticket)
  }
  record(work, command, ticket, verdict)
  const { bookingId, position } = ticket
  work.subject = `booking:${bookingId}`
  const earlier = verdict === 'duplicate' ? ticket.scan : undefined
  return {
    type: 'ticketInspected',
    verdict,
    bookingId,
    position,
    earlierAtMs: earlier?.atMs ?? 0,
    earlierStop: earlier?.stop ?? 0,
    earlierDeviceId: earlier?.deviceId ?? '',
  }
}

function verdictOf(
  { state }: Work,
  { runId, stop, deviceId, scanId }: InspectTicket,
  { voidedAtMs, scan }: Ticket,
  { run, fromStop, toStop }: Booking,
): TicketVerdict {
  if (voidedAtMs > 0) return 'voided'
  if (run.runId !== runId)
    return state.runs.get(runId)?.train === run.train ? 'wrongDay' : 'wrongRun'
  if (stop < fromStop || stop >= toStop) return 'wrongStretch'
  if (scan === undefined) return 'ok'
  return scan.deviceId === deviceId && scan.scanId === scanId ? 'ok' : 'duplicate'
}

/** What every scan gave: written and not kept. */
function record(
  work: Work,
  { deviceId, scanId, ticketNumber, runId, stop, atMs }: InspectTicket,
  { bookingId, position }: Ticket,
  verdict: TicketVerdict,
): void {
  const found = [ticketNumber, bookingId, position, runId, stop, atMs, verdict]
  const uploaded = [work.actor, work.index, work.state.meta.nowMs]
  writeRecord(work, 'ticket_inspections', [deviceId, scanId, ...found, ...uploaded])
}

function checkScan(command: InspectTicket): Refusal | undefined {
  const { ticketNumber, runId, stop, atMs, deviceId, scanId } = command
  return firstInvalid([
    [isText(ticketNumber, 1, 64), 'ticketNumber'],
    [isId(runId), 'runId'],
    [isInt(stop, 0, 119), 'stop'],
    [isInstant(atMs), 'atMs'],
    [matches(deviceId, /^[!-~]{1,64}$/), 'deviceId'],
    [matches(scanId, /^[!-~]{1,64}$/), 'scanId'],
  ])
}
