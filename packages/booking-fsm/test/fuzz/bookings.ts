/** Bookings of the fuzzer's railway by the state they are in: what is rare is named as often as what is not. */
import { openExchange } from '../../src/exchanges.ts'
import { isPaid } from '../../src/exchanging.ts'
import { hasDeparted } from '../../src/fares.ts'
import type { Booking } from '../../src/things.ts'
import type { Railway } from '../world.ts'
import { archivedOwners } from './archive.ts'

export interface FuzzRailway extends Railway {
  /** Their ids as the railway begins: a world does not change so many that it pays to look again. */
  readonly byKind: readonly (readonly number[])[]
  /** Those that may be exchanged: few are, because the money must be here. */
  readonly exchangeable: readonly number[]
  /** Those that may be paid for. */
  readonly payable: readonly number[]
}

export function sorted(world: Railway): FuzzRailway {
  const kinds = new Map<string, number[]>()
  const exchangeable: number[] = []
  const payable: number[] = []
  for (const booking of world.state.bookings.values()) {
    const kind = kindOf(world, booking)
    const { bookingId } = booking
    const alike = kinds.get(kind)
    if (alike === undefined) kinds.set(kind, [bookingId])
    else alike.push(bookingId)
    if (booking.status === 'held') payable.push(bookingId)
    const isFree = openExchange(world.state, booking) === undefined
    if (booking.status === 'confirmed' && isPaid(world.state, booking) && isFree)
      exchangeable.push(bookingId)
  }
  return { ...world, byKind: [...kinds.values()], exchangeable, payable }
}

function kindOf({ state, nowMs }: Railway, booking: Booking): string {
  const { status, run, cancelled, offer, trip, bookingId } = booking
  return [
    status,
    run.cancelled,
    hasDeparted(run, booking.fromStop, nowMs + 60_000),
    cancelled.length > 0,
    offer !== undefined,
    trip !== undefined,
    state.disruption.disrupted.has(bookingId),
    openExchange(state, booking) !== undefined,
  ].join()
}

/** Any of them; one in the archive; or one that was never made. */
export function bookingFrom({ state, byKind }: FuzzRailway, draw: () => number): number {
  if (draw() % 12 === 0) return oneOf([...archivedOwners.keys()], draw) ?? 1
  if (draw() % 2 === 0) return 1 + (draw() % state.meta.nextBookingId)
  return oneOf(oneOf(byKind, draw) ?? [], draw) ?? 1
}

export function oneOf<T>(list: readonly T[], draw: () => number): T | undefined {
  return list[draw() % Math.max(list.length, 1)]
}
