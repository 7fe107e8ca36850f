/** Re-seating, looked at by brute force: seat by seat, segment by segment. */
import type { JourneyChange } from '../../src/disruption/things.ts'
import { priceEach, pricesOf } from '../../src/fares.ts'
import { faresPaid } from '../../src/party.ts'
import { soldAs } from '../../src/products/buckets.ts'
import type { BookingState } from '../../src/state.ts'
import { faresOf, fareTotal } from '../../src/tariff.ts'
import type { Booking } from '../../src/things.ts'
import { type Check, isLive, travellers } from './check.ts'
import { linesOf } from './money.ts'
import { berthOfHalf, isHalf } from './shares.ts'

/**
 * Change by change: whoever sits in another class has had what was paid beyond the fare of that class on the journey that the
 * booking was then for, wherever it has gone since; nothing else gives anything back.
 */
function wronglyGiven(
  state: BookingState,
  booking: Booking,
  changes: readonly JourneyChange[],
): string | undefined {
  const { bookingId } = booking
  const paid = pricesOf(booking)
  const given = paid.map(() => 0)
  for (const [i, { kind, backs, ...before }] of changes.entries()) {
    const classCode = changes[i + 1]?.classCode ?? booking.classCode
    const isOther = kind === 'seatsChanged' && classCode !== before.classCode
    const fares = isOther ? faresThere(state, booking, { ...before, classCode }) : undefined
    for (const [at, price] of paid.entries()) {
      const back = backs[at] ?? 0
      const had = given[at] as number
      given[at] = had + back
      if (!isOther && back !== 0) return `${bookingId} has ${back} back of being ${kind}`
      if (back < 0 || had + back > price) return `${bookingId} has ${had + back} back of ${price}`
      const due = fares && Math.max(0, price - (fares[at] as number) - had)
      const isGone = back === 0 && !travellers(booking).includes(at)
      if (due !== undefined && due !== back && !isGone) return `${bookingId} has ${back} of ${due}`
    }
  }
  return undefined
}

/** By position; undefined where it can not be told any more: zones may be drawn anew, runs go into the archive. */
function faresThere(
  state: BookingState,
  booking: Booking,
  there: Pick<JourneyChange, 'runId' | 'fromStop' | 'toStop' | 'classCode'>,
): readonly number[] | undefined {
  const { runId, fromStop, toStop, classCode } = there
  const rule = state.fareRules.get(booking.fareRuleId)
  const run = state.runs.get(runId)
  const product = soldAs(state, booking)
  const isFixed = [rule?.tariff?.fixedFares, product?.fixedFares].some((it) => it !== undefined)
  if (rule === undefined || run === undefined || isFixed) return undefined
  const cut = product && { fixed: undefined, fareBasisPoints: product.fareBasisPoints }
  if (rule.tariff === undefined) {
    const each = priceEach(rule, run, fromStop, toStop, classCode, cut)
    return each === undefined ? undefined : pricesOf(booking).map(() => each)
  }
  const all = pricesOf(booking).map(() => '')
  const types = faresPaid(booking)?.map(({ passengerType }) => passengerType) ?? all
  return faresOf(rule, run, fromStop, toStop, classCode, types, cut)?.map(fareTotal)
}

export const consistChecks: Readonly<Record<string, Check>> = {
  /** No seat twice at any step, all or none of a party, each in the class that was found for it. */
  C1: ({ state, bookings }) => {
    for (const { runId, layout, parties, moved } of state.consist.changing.values()) {
      const places = new Map<string, number>()
      for (const { bookingId, status, seats, classCode } of parties.values()) {
        const booking = bookings.get(bookingId)
        if (booking === undefined) return `${bookingId} is to be seated, and is not there`
        const isThere = isLive(booking) && booking.run.runId === runId
        if (moved || status !== 'seated' || !isThere) continue
        for (const position of travellers(booking)) {
          const seat = seats[position] ?? -1
          const of =
            layout.classes[layout.classAt[isHalf(seat) ? berthOfHalf(seat) : seat] as number]
          if (of?.classCode !== classCode) return `${bookingId} would sit on ${seat}`
          for (let segment = booking.fromStop; segment < booking.toStop; segment++) {
            const place = `${seat}/${segment}`
            const other = places.get(place)
            if (other !== undefined) return `${other} and ${bookingId} would have ${place}`
            places.set(place, bookingId)
          }
        }
      }
    }
    return undefined
  },

  /** Who has lost a paid place has a choice. */
  C2: ({ state, scope }) => {
    for (const { bookingId, status } of scope.bookings) {
      const hit = state.disruption.disrupted.get(bookingId)
      const open = hit && state.disruption.disruptions.get(hit.disruptionId)?.open.has(bookingId)
      if (status === 'disrupted' && (hit?.outcome !== 'open' || open !== true)) {
        return `${bookingId} has lost its seats, and nothing to choose`
      }
    }
    return undefined
  },

  /** What came back for other classes is the difference, to the penny, and a free journey is free. */
  C3: (step) => {
    const { state, scope, entry, reply } = step
    for (const booking of scope.bookings) {
      const changes = state.disruption.changes.get(booking.bookingId) ?? []
      const wrong = changes.length > 0 && wronglyGiven(state, booking, changes)
      if (wrong) return wrong
    }
    if (reply.type !== 'rebooked' || entry.command.type !== 'rebookFree') return undefined
    const { bookingId } = entry.command
    const moved = linesOf(step).some((line) => line.bookingId === bookingId)
    return moved ? `${bookingId} is rebooked, and money is moved` : undefined
  },
}
