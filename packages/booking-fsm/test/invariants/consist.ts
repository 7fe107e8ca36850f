/** Re-seating, looked at by brute force: seat by seat, segment by segment. */
import { priceEach, pricesOf } from '../../src/fares.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking } from '../../src/things.ts'
import { type Check, isLive, travellers } from './check.ts'
import { berthOfHalf, isHalf } from './shares.ts'

/** By position: what changes of class gave back, all together. */
function givenTo({ disruption }: BookingState, { bookingId, passengers }: Booking): number[] {
  const changes = disruption.changes.get(bookingId) ?? []
  return Array.from({ length: passengers }, (_, at) =>
    changes.reduce((sum, { backs }) => sum + (backs[at] ?? 0), 0),
  )
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

  /** What came back for other classes is no more than the fare, and makes up for the class one has. */
  C3: ({ state, scope }) => {
    for (const booking of scope.bookings) {
      const { bookingId, run, fromStop, toStop, classCode, fareRuleId } = booking
      const given = givenTo(state, booking)
      const changes = state.disruption.changes.get(bookingId) ?? []
      const last = changes.findLastIndex((it) => it.backs.length > 0)
      if (last < 0) continue
      const paid = pricesOf(booking)
      const over = given.findIndex((sum, at) => sum > (paid[at] ?? 0))
      if (over >= 0) return `${bookingId} has ${given[over]} back of ${paid[over]}`
      const rule = state.fareRules.get(fareRuleId)
      const plain = rule?.tariff === undefined && !state.bookingProducts.has(bookingId)
      if (rule === undefined || !plain || !isLive(booking)) continue
      // Whoever has chosen another journey since then may have chosen a cheaper one.
      if (changes.slice(last).some(({ kind }) => kind === 'rebooked')) continue
      const fare = priceEach(rule, run, fromStop, toStop, classCode) ?? 0
      const short = travellers(booking).find((at) => (paid[at] ?? 0) - (given[at] ?? 0) > fare)
      if (short !== undefined) return `${bookingId} pays more than ${fare}`
    }
    return undefined
  },
}
