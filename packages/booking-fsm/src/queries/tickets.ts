/** Tickets as they are shown, and what is signed of them. */
import { arrivalMs, departureMs } from '../fares.ts'
import { coachOf, letterOf, rowOf } from '../inventory/layout.ts'
import { travelling } from '../live.ts'
import { faresPaid, namesOf } from '../party.ts'
import type { BookingState } from '../state.ts'
import type { Booking } from '../things.ts'
import { ticketName, ticketNumber } from '../tickets/number.ts'
import type { Ticket } from '../tickets/ticket.ts'

export interface TicketView {
  readonly ticketNumber: string
  readonly bookingId: number
  /** In the booking's passengers. */
  readonly position: number
  /** From 1; a passenger's tickets with lower ones are void. */
  readonly version: number
  readonly issuedAtMs: number
  /** 0: it is valid. */
  readonly voidedAtMs: number
  /** The first scan in order; 0 when there was none. */
  readonly inspectedAtMs: number
  readonly inspectedStop: number
  readonly inspectedBy: string
}

export interface TicketKeyView {
  readonly keyId: string
  /** Ed25519, 64 hexadecimal digits. */
  readonly publicKey: string
  readonly registeredAtMs: number
  /** 0: it counts. */
  readonly withdrawnAtMs: number
}

/** Who should be on a run, and whether their ticket was seen. */
export interface TravellerView {
  readonly bookingId: number
  readonly pnr: string
  readonly position: number
  readonly name: string
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly coachLabel: string
  readonly seatLabel: string
  /** '' when no ticket was issued, or it is void. */
  readonly ticketNumber: string
  /** 0: nobody has seen it. */
  readonly inspectedAtMs: number
}

/** By position: each passenger's latest ticket, valid or void. */
export function ticketsOf(state: BookingState, bookingId: number): TicketView[] {
  return (state.tickets.get(bookingId) ?? []).map((it) => ticketView(state, it))
}

/** The ticket of that number while it is its passenger's latest. */
export function findTicket(state: BookingState, text: string): TicketView | undefined {
  const name = ticketName(state.meta.pnrKey, text)
  const ticket = name && ticketAt(state, name.bookingId, name.position)
  return ticket?.version === name?.version ? ticket && ticketView(state, ticket) : undefined
}

/** In the order of their ids. */
export function ticketKeys(state: BookingState): TicketKeyView[] {
  const keys = [...state.ticketKeys.values()].sort((a, b) => (a.keyId < b.keyId ? -1 : 1))
  return keys.map(({ keyId, publicKey, registeredAtMs, withdrawnAtMs }) => ({
    keyId,
    publicKey,
    registeredAtMs,
    withdrawnAtMs,
  }))
}

/** Everybody who travels on the run, by booking and position. */
export function travellersOn(state: BookingState, runId: number): TravellerView[] {
  const views: TravellerView[] = []
  for (const bookingId of [...state.bookings.idsOnRun(runId)].reverse()) {
    const booking = state.bookings.get(bookingId)
    if (booking?.status !== 'confirmed') continue
    const names = namesOf(booking)
    for (const position of travelling(booking)) {
      const ticket = ticketAt(state, booking.bookingId, position)
      const valid = ticket !== undefined && ticket.voidedAtMs === 0
      views.push({
        bookingId: booking.bookingId,
        pnr: booking.pnr,
        position,
        name: names[position] as string,
        fromStop: booking.fromStop,
        toStop: booking.toStop,
        classCode: booking.classCode,
        ...placeOf(booking, position),
        ticketNumber: valid ? ticketNumber(state.meta.pnrKey, ticket) : '',
        inspectedAtMs: valid ? (ticket.scan?.atMs ?? 0) : 0,
      })
    }
  }
  return views
}

/** A ticket is good from so long before the departure to so long behind the arrival: trains are late. */
const BEFORE_MS = 6 * 3_600_000
const BEHIND_MS = 12 * 3_600_000

/**
 * What is signed: a list as JSON, the same on every node, its order fixed by the version in front. Undefined
 * when the passenger has no valid ticket.
 */
export function ticketPayload(
  state: BookingState,
  bookingId: number,
  position: number,
): string | undefined {
  const ticket = ticketAt(state, bookingId, position)
  const booking = state.bookings.get(bookingId)
  if (ticket === undefined || ticket.voidedAtMs > 0 || booking === undefined) return undefined
  const { run, fromStop, toStop, classCode, pnr } = booking
  const { coachLabel, seatLabel } = placeOf(booking, position)
  const passengerType = faresPaid(booking)?.[position]?.passengerType ?? ''
  return JSON.stringify([
    1,
    state.meta.clusterId,
    ticketNumber(state.meta.pnrKey, ticket),
    pnr,
    run.runId,
    run.train.number,
    run.serviceDate,
    fromStop,
    stationCode(state, booking, fromStop),
    toStop,
    stationCode(state, booking, toStop),
    classCode,
    coachLabel,
    seatLabel,
    namesOf(booking)[position] ?? '',
    passengerType,
    departureMs(run, fromStop) - BEFORE_MS,
    arrivalMs(run, toStop) + BEHIND_MS,
  ])
}

function ticketAt(state: BookingState, bookingId: number, position: number): Ticket | undefined {
  return state.tickets.get(bookingId)?.find((it) => it.position === position)
}

function ticketView(state: BookingState, ticket: Ticket): TicketView {
  const { bookingId, position, version, issuedAtMs, voidedAtMs, scan } = ticket
  return {
    ticketNumber: ticketNumber(state.meta.pnrKey, ticket),
    bookingId,
    position,
    version,
    issuedAtMs,
    voidedAtMs,
    inspectedAtMs: scan?.atMs ?? 0,
    inspectedStop: scan?.stop ?? 0,
    inspectedBy: scan?.deviceId ?? '',
  }
}

function placeOf(
  { run, seats }: Booking,
  position: number,
): Pick<TravellerView, 'coachLabel' | 'seatLabel'> {
  const seat = seats[position] as number
  const coach = coachOf(run.layout, seat)
  if (coach === undefined) return { coachLabel: '', seatLabel: '' }
  return { coachLabel: coach.label, seatLabel: `${rowOf(coach, seat)}${letterOf(coach, seat)}` }
}

function stationCode(state: BookingState, { run }: Booking, stop: number): string {
  return state.stations.get(run.train.stationIds[stop] ?? 0)?.code ?? ''
}
