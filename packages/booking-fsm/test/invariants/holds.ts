import { eraseNames } from '../../src/party.ts'
import { isPnr } from '../../src/pnr.ts'
import { leadOf } from '../../src/trips.ts'
import type { Check } from './check.ts'
import { ticketProblem } from './tickets.ts'

const ways: Readonly<Record<string, readonly string[]>> = {
  new: ['held', 'waiting'],
  // What costs nothing is confirmed at once.
  held: ['paying', 'released', 'expired', 'confirmed'],
  // A late authorisation may bring an expired booking back; a refused capture cancels a sale.
  paying: ['held', 'confirmed', 'expired', 'released'],
  expired: ['confirmed'],
  // Its train does not go: rebooked, or paid back.
  disrupted: ['confirmed', 'cancelled'],
  confirmed: ['cancelled', 'disrupted', 'exchanged'],
  cancelled: [],
  exchanged: [],
  released: [],
  // What the housekeeping of an entry has promoted, its command may cancel.
  waiting: ['held', 'paying', 'confirmed', 'released', 'lapsed', 'cancelled'],
  lapsed: [],
}

export const holdChecks: Readonly<Record<string, Check>> = {
  I9: ({ state, scope }) => {
    const { held } = scope
    const { items } = state.holdQueue
    if (items.length !== held.length) return `${items.length} in the queue, ${held.length} held`
    for (const booking of held) {
      if (items[booking.queueAt] !== booking) return `${booking.bookingId} is not in the queue`
      if (booking.expiresAtMs <= state.meta.nowMs) return `${booking.bookingId} is due`
    }
    return undefined
  },

  I10: ({ scope }, { statuses }) => {
    for (const { bookingId, status } of scope.bookings) {
      const before = statuses.get(bookingId) ?? 'new'
      if (before === status) continue
      // One entry can take a booking two steps: a hold that is due expires first.
      const twoSteps = ways[before]?.some((between) => ways[between]?.includes(status))
      if (!ways[before]?.includes(status) && !twoSteps) {
        return `${bookingId}: ${before} became ${status}`
      }
      statuses.set(bookingId, status)
    }
    return undefined
  },

  I11: ({ scope }) => {
    for (const booking of scope.bookings) {
      const { bookingId, status } = booking
      const { payments } = leadOf(booking)
      const waiting = payments.filter((it) => it.status === 'authorising').length
      if (waiting > 1) return `${bookingId} has ${waiting} payments on their way`
      if (status === 'paying' && waiting !== 1) return `${bookingId} is paying without a payment`
      if (status === 'held' && waiting !== 0) {
        return `${bookingId} is ${status} with a payment on its way`
      }
    }
    return undefined
  },

  I12: (step, seen) => {
    const { scope, state } = step
    const { pnrs } = seen
    for (const { bookingId, pnr } of scope.bookings) {
      const owner = pnrs.get(pnr) ?? bookingId
      if (owner !== bookingId || !isPnr(pnr)) return `${pnr} of ${bookingId} and ${owner}`
      pnrs.set(pnr, bookingId)
      if (bookingId >= state.meta.nextBookingId) return `${bookingId} would be given again`
    }
    return ticketProblem(step, seen)
  },

  I13: ({ scope, state }, { offers }) => {
    for (const it of scope.bookings) {
      // What it becomes is open until it is promoted.
      if (it.status === 'waiting') continue
      // Where it was before the railway changed it.
      const first = state.disruption.changes.get(it.bookingId)?.[0]
      const { runId, fromStop, toStop, classCode, seats } = first ?? { ...it, runId: it.run.runId }
      // Whose it is changes when a guest is taken over; the model knows to whom.
      const offer = [runId, fromStop, toStop, classCode, seats]
      const terms = [
        eraseNames(it.namesJson),
        it.priceEachMinor,
        it.pnr,
        it.fareRuleId,
        it.refundRuleId,
      ]
      const text = JSON.stringify([...offer, ...terms])
      if ((offers.get(it.bookingId) ?? text) !== text) return `what ${it.bookingId} was sold as`
      offers.set(it.bookingId, text)
      if (!state.fareRules.has(it.fareRuleId)) return `${it.bookingId} has no fare rule`
    }
    return undefined
  },
}
