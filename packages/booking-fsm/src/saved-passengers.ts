/** The passengers that an account has saved. */
import type { BookingState } from './state.ts'
import { deleteRow, type Work } from './store.ts'
import { type Hashed, none } from './things.ts'

export interface SavedPassenger extends Hashed {
  readonly accountId: number
  /** From 1, in its account. */
  readonly passengerId: number
  name: string
  passengerType: string
  birthDate: number
  document: string
}

/** By id. */
export function savedPassengers(state: BookingState, accountId: number): readonly SavedPassenger[] {
  return state.savedPassengers.get(accountId) ?? none
}

/** Puts one into memory: a new one, or one that is loaded. */
export function keepPassenger(state: BookingState, passenger: SavedPassenger): void {
  const all = [...savedPassengers(state, passenger.accountId), passenger]
  state.savedPassengers.set(
    passenger.accountId,
    all.sort((a, b) => a.passengerId - b.passengerId),
  )
}

export function dropPassenger(work: Work, passenger: SavedPassenger): void {
  const { state } = work
  const { accountId, passengerId } = passenger
  const left = savedPassengers(state, accountId).filter((it) => it !== passenger)
  if (left.length === 0) state.savedPassengers.delete(accountId)
  else state.savedPassengers.set(accountId, left)
  deleteRow(work, 'saved_passengers', passenger, [accountId, passengerId])
}
