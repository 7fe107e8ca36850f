/** What a change of consist would do: nothing is changed by asking. */
import type { ConsistChange } from '../commands.ts'
import { MAX_PARTIES, partyOf } from '../consist/list.ts'
import { isOn, planOf, stageOf } from '../consist/plan.ts'
import { maskAt, placeAt } from '../consist/run-consist.ts'
import { nextParties, seatParty } from '../consist/seat.ts'
import type { Party, Reseating } from '../consist/things.ts'
import { checkChange, planConsist } from '../handlers/change-consist.ts'
import { propertiesIn } from '../inventory/seat-properties.ts'
import { travelling } from '../live.ts'
import { refuse } from '../refusal.ts'
import type { Refusal } from '../replies.ts'
import type { BookingState } from '../state.ts'
import { type Booking, type Run, unhashed } from '../things.ts'
import type { ConsistPreview, ReseatedView } from '../views.ts'

/** As if nobody came or left until it is done; or why it can not be. */
export function previewConsist(
  state: BookingState,
  change: ConsistChange,
): ConsistPreview | Refusal {
  const planned = checkChange(change) ?? planConsist(state, change)
  if ('type' in planned) return planned
  const { run, coaches, layout } = planned
  const reseating: Reseating = {
    ...unhashed,
    disruptionId: 0,
    runId: run.runId,
    coaches,
    blockedSeats: change.blockedSeats,
    accountId: 0,
    layout,
    moved: false,
    parties: new Map(),
  }
  const bookings = new Map<number, Booking>()
  for (const bookingId of state.bookings.idsOnRun(run.runId)) {
    const booking = state.bookings.get(bookingId)
    if (booking === undefined || !isOn(booking, run.runId)) continue
    if (bookings.size === MAX_PARTIES) return refuse('tooMany', { figure: MAX_PARTIES })
    bookings.set(bookingId, booking)
    reseating.parties.set(bookingId, partyOf(booking, 0))
  }
  seatAll(state, run, reseating)
  const views = [...reseating.parties.values()]
    .sort((a, b) => a.bookingId - b.bookingId)
    .map((party) => viewOf(bookings.get(party.bookingId) as Booking, party, reseating))
  return {
    runId: run.runId,
    capacity: layout.capacity,
    moved: views.filter(({ outcome }) => outcome === 'moved'),
    lost: views.filter(({ outcome }) => outcome === 'lost'),
    released: views.filter(({ outcome }) => outcome === 'released'),
    unchanged: views.filter(({ outcome }) => outcome === 'same').length,
    backMinor: views.reduce((sum, { backMinor }) => sum + backMinor, 0),
  }
}

function seatAll(state: BookingState, run: Run, reseating: Reseating): void {
  const plan = planOf(state, run, reseating)
  const isOpen = () => [...reseating.parties.values()].some((it) => stageOf(it) !== undefined)
  while (isOpen()) {
    for (const party of nextParties(reseating.parties.values())) seatParty(state, plan, party)
  }
}

function viewOf(
  booking: Booking,
  { status, classCode, seats, backs }: Party,
  { layout }: Reseating,
): ReseatedView & { readonly outcome: 'moved' | 'same' | 'lost' | 'released' } {
  const { bookingId, pnr, run } = booking
  const before = run.layout
  const isSeated = status === 'seated'
  const passengers = travelling(booking).map((position) => {
    const [from, to] = [booking.seats[position] ?? -1, seats[position] ?? -1]
    const [coachLabel, seatLabel] = placeAt(before, from)
    const [newCoachLabel, newSeatLabel] = placeAt(layout, isSeated ? to : -1)
    const lost = isSeated ? maskAt(before, from) & ~maskAt(layout, to) : 0
    const places = { coachLabel, seatLabel, newCoachLabel, newSeatLabel }
    return { position, ...places, lost: propertiesIn(lost) }
  })
  const isMoved =
    classCode !== booking.classCode ||
    passengers.some((it) => it.coachLabel !== it.newCoachLabel || it.seatLabel !== it.newSeatLabel)
  const gone = booking.status === 'confirmed' ? 'lost' : 'released'
  return {
    bookingId,
    pnr,
    classCode: booking.classCode,
    newClassCode: isSeated ? classCode : '',
    passengers,
    backMinor: backs.reduce((sum, back) => sum + back, 0),
    outcome: isSeated ? (isMoved ? 'moved' : 'same') : gone,
  }
}
