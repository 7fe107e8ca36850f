import { type CoachView, nearestFree, type SeatState, type SeatView } from './seat-grid'

/** Which seats a person has chosen, which of them somebody else took, and what is offered instead. */
export interface Selection {
  readonly chosen: readonly number[]
  readonly lost: readonly number[]
  readonly suggested: readonly number[]
}

export const nothingChosen: Selection = { chosen: [], lost: [], suggested: [] }

/** Chooses or gives back a seat. When the party is seated already, the earliest choice moves. */
export function toggleSeat(selection: Selection, seat: number, party: number): Selection {
  const { chosen, suggested } = selection
  const rest = { lost: selection.lost.filter((lost) => lost !== seat), suggested }
  if (chosen.includes(seat)) return { ...rest, chosen: chosen.filter((other) => other !== seat) }
  const kept = chosen.length >= party ? chosen.slice(chosen.length - party + 1) : chosen
  return { ...rest, chosen: [...kept, seat] }
}

/** A smaller party keeps the seats chosen first. */
export function limitTo(selection: Selection, party: number): Selection {
  if (selection.chosen.length <= party) return selection
  return { ...selection, chosen: selection.chosen.slice(0, party) }
}

/** Somebody else has these seats now: the others are kept, and the nearest free ones are marked. */
export function loseSeats(
  selection: Selection,
  seats: readonly number[],
  coaches: readonly CoachView[],
): Selection {
  const gone = new Set(seats)
  const lost = selection.chosen.filter((seat) => gone.has(seat))
  if (lost.length === 0) return selection
  const chosen = selection.chosen.filter((seat) => !gone.has(seat))
  const excluded = new Set([...chosen, ...seats])
  const views = lost.map((seat) => findSeat(coaches, seat)).filter((view) => view !== undefined)
  const suggested = views.flatMap((view) =>
    nearestFree(coaches, view, excluded, 3).map(({ seat }) => seat),
  )
  return { chosen, lost, suggested: [...new Set(suggested)] }
}

/** What a fresh seat map means for the choice: chosen seats that are no longer free are lost. */
export function afterRefresh(selection: Selection, coaches: readonly CoachView[]): Selection {
  const gone = selection.chosen.filter((seat) => findSeat(coaches, seat)?.free === false)
  return gone.length === 0 ? selection : loseSeats(selection, gone, coaches)
}

export function stateOf(selection: Selection, seat: SeatView): SeatState {
  if (selection.chosen.includes(seat.seat)) return 'chosen'
  if (selection.lost.includes(seat.seat)) return 'lost'
  if (!seat.free) return 'taken'
  return selection.suggested.includes(seat.seat) ? 'suggested' : 'free'
}

export function findSeat(coaches: readonly CoachView[], seat: number): SeatView | undefined {
  for (const coach of coaches) {
    const found = coach.seats.find((view) => view.seat === seat)
    if (found !== undefined) return found
  }
  return undefined
}

/** "Seat 12A in coach 3", "Seats 12A and 12B in coach 3 and 4C in coach 5" */
export function namesOf(seats: readonly SeatView[]): string {
  const coaches = [...new Set(seats.map(({ coach }) => coach))]
  const parts = coaches.map((coach) => {
    const labels = seats.filter((seat) => seat.coach === coach).map(({ label }) => label)
    return `${list(labels)} in coach ${coach}`
  })
  return `${seats.length === 1 ? 'Seat' : 'Seats'} ${list(parts)}`
}

function list(parts: readonly string[]): string {
  if (parts.length < 2) return parts[0] ?? ''
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
