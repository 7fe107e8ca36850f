'use client'

import { useMemo, useState } from 'react'
import type { CoachView, SeatView } from '../model/seat-grid'
import {
  afterRefresh,
  findSeat,
  limitTo,
  loseSeats,
  nothingChosen,
  type Selection,
  toggleSeat,
} from '../model/selection'

export interface SelectionControl {
  readonly value: Selection
  readonly chosenSeats: readonly SeatView[]
  readonly lostSeats: readonly SeatView[]
  readonly suggestedSeats: readonly SeatView[]
  readonly toggle: (seat: number) => void
  readonly lose: (seats: readonly number[]) => void
  readonly clear: () => void
  /** While they are being held, that they are taken says nothing: most likely it is oneself who took them. */
  readonly freeze: (isFrozen: boolean) => void
}

/** The seats a person has chosen, kept true to each fresh seat map. */
export function useSelection(coaches: readonly CoachView[], party: number): SelectionControl {
  const [stored, setSelection] = useState(nothingChosen)
  const [isFrozen, freeze] = useState(false)
  // Each map that comes may show that a chosen seat has gone; what that means is kept.
  const value = isFrozen ? stored : limitTo(afterRefresh(stored, coaches), party)
  if (value !== stored) setSelection(value)

  return useMemo(() => {
    const views = (seats: readonly number[]) =>
      seats.map((seat) => findSeat(coaches, seat)).filter((view) => view !== undefined)
    return {
      value,
      chosenSeats: views(value.chosen),
      lostSeats: views(value.lost),
      suggestedSeats: views(value.suggested),
      toggle: (seat) => setSelection((old) => toggleSeat(old, seat, party)),
      lose: (seats) => setSelection((old) => loseSeats(old, seats, coaches)),
      clear: () => setSelection(nothingChosen),
      freeze,
    }
  }, [value, coaches, party])
}
