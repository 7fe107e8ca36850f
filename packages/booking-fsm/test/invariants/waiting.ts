/** The waiting list, looked at by brute force: seat by seat, segment by segment. */
import { isReseating } from '../../src/consist/run-consist.ts'
import { hasDeparted } from '../../src/fares.ts'
import { classOf } from '../../src/inventory/layout.ts'
import { isFree } from '../../src/inventory/occupancy.ts'
import { generalRoom, poolsKept } from '../../src/inventory/quotas.ts'
import { arePlacesClosed } from '../../src/inventory/seat-rule.ts'
import type { BookingState } from '../../src/state.ts'
import type { WaitingEntry, WaitingOption } from '../../src/waiting/things.ts'
import type { Check } from './check.ts'

function isOpen({ charts }: BookingState, { run }: WaitingOption): boolean {
  return charts.get(run.runId)?.closedAtMs === 0
}

function freeFor(state: BookingState, option: WaitingOption): number {
  const { run, fromStop, toStop, classCode } = option
  const { layout } = run
  let free = 0
  for (let seat = 0; seat < layout.capacity; seat++) {
    const of = layout.classes[layout.classAt[seat] as number]
    if (of?.classCode !== classCode) continue
    const isKept =
      of.wheelchairs.includes(seat) && arePlacesClosed(state, run, of, state.meta.nowMs)
    if (isKept) continue
    if (run.inventory === undefined || isFree(run.inventory, seat, fromStop, toStop)) free++
  }
  const of = classOf(layout, classCode)
  if (of === undefined) return 0
  const kept = poolsKept(state, run, classCode, state.meta.nowMs)
  return Math.min(free, generalRoom(run, of, kept, fromStop, toStop))
}

/** What it could become right now. */
function fitting(state: BookingState, entry: WaitingEntry): WaitingOption | undefined {
  const { nowMs } = state.meta
  if (entry.deadlineMs <= nowMs) return undefined
  return entry.options.find(
    (option) =>
      isOpen(state, option) &&
      !option.run.cancelled &&
      !isReseating(state, option.run.runId) &&
      !hasDeparted(option.run, option.fromStop, nowMs) &&
      freeFor(state, option) >= entry.booking.passengers,
  )
}

function isAhead(one: WaitingEntry, other: WaitingEntry): boolean {
  if (one.priority !== other.priority) return one.priority < other.priority
  return one.booking.bookingId < other.booking.bookingId
}

function aheadBySegments(state: BookingState, entry: WaitingEntry, at: WaitingOption): number {
  const wanted = (it: WaitingOption): string[] => {
    if (it.run !== at.run || it.classCode !== at.classCode || !isOpen(state, it)) return []
    return Array.from({ length: it.toStop - it.fromStop }, (_, i) => String(it.fromStop + i))
  }
  const mine = new Set(wanted(at))
  return [...state.waiting.values()].filter(
    (other) => isAhead(other, entry) && other.options.flatMap(wanted).some((it) => mine.has(it)),
  ).length
}

export const waitingChecks: Readonly<Record<string, Check>> = {
  I21: ({ state }) => {
    for (const entry of state.waiting.values()) {
      if (fitting(state, entry) !== undefined) {
        return `${entry.booking.bookingId} waits, and would fit`
      }
    }
    return undefined
  },

  /** Who was promoted now took what nobody of a better rank could have had in their place. */
  I22: ({ state, bookings }, { waiting }) => {
    const left = [...waiting.values()].filter((it) => !state.waiting.has(it.booking.bookingId))
    for (const entry of left) {
      const booking = bookings.find(({ bookingId }) => bookingId === entry.booking.bookingId)
      if (booking === undefined || booking.seats.length === 0) continue
      for (const other of state.waiting.values()) {
        if (!isAhead(other, entry) || !waiting.has(other.booking.bookingId)) continue
        if (other.deadlineMs <= state.meta.nowMs) continue
        const option = other.options.find(
          ({ run, classCode }) => run === booking.run && classCode === booking.classCode,
        )
        if (option === undefined || !isOpen(state, option)) continue
        // Their seats and what is free besides would have to do for the other one.
        const { fromStop, toStop, seats, run, status } = booking
        const live = status === 'held' || status === 'paying' || status === 'confirmed'
        const isCovered = fromStop <= option.fromStop && option.toStop <= toStop
        const gained = live && isCovered ? seats.length : 0
        const gone =
          run.cancelled ||
          isReseating(state, run.runId) ||
          hasDeparted(run, option.fromStop, state.meta.nowMs)
        if (!gone && freeFor(state, option) + gained >= other.booking.passengers) {
          return `${booking.bookingId} was promoted before ${other.booking.bookingId}`
        }
      }
    }
    waiting.clear()
    for (const [id, entry] of state.waiting) waiting.set(id, entry)
    return undefined
  },

  I23: ({ state }, { positions }) => {
    for (const entry of state.waiting.values()) {
      for (const [i, option] of entry.options.entries()) {
        const name = `${entry.booking.bookingId}/${i}`
        const ahead = aheadBySegments(state, entry, option)
        if (ahead > (positions.get(name) ?? ahead)) return `${name} went back to ${ahead}`
        positions.set(name, ahead)
      }
    }
    return undefined
  },

  /** No list is longer than its class has places; the lists and the queue are those of the bookings. */
  I24: ({ state, bookings }) => {
    const waiting = bookings.filter(({ status }) => status === 'waiting')
    const sizes = [state.waiting.size, state.waitingQueue.items.length]
    if (sizes.some((size) => size !== waiting.length)) return `${sizes} for ${waiting.length}`
    for (const [runId, list] of state.waitingOnRun) {
      const there = [...state.waiting.values()].filter((entry) =>
        entry.options.some((it) => it.run.runId === runId && isOpen(state, it)),
      )
      const isSame = list.size === there.length && there.every((entry) => list.has(entry))
      if (!isSame || list.size === 0) return `run ${runId}: ${list.size} of ${there.length}`
    }
    for (const { run } of state.charts.values()) {
      for (const { classCode, capacity } of run.layout.classes) {
        const party = [...state.waiting.values()]
          .filter((entry) =>
            entry.options.some((it) => it.run === run && it.classCode === classCode),
          )
          .reduce((sum, entry) => sum + entry.booking.passengers, 0)
        // They joined when it had more coaches.
        const isShort = state.consist.own.has(run.runId)
        if (party > capacity && !isShort)
          return `run ${run.runId}: ${party} wait for ${capacity} places`
      }
    }
    return undefined
  },

  /** After the chart nobody waits; and nothing is ever captured of one who was not promoted. */
  I25: ({ state, bookings }) => {
    for (const booking of bookings) {
      const { bookingId, status, seats, payments } = booking
      const entry = state.waiting.get(bookingId)
      if ((status === 'waiting') !== (entry !== undefined)) return `${bookingId} is ${status}`
      if (entry !== undefined && !entry.options.some((option) => isOpen(state, option))) {
        return `${bookingId} waits for a list that is closed`
      }
      if (seats.length > 0) continue
      if (status !== 'waiting' && status !== 'released' && status !== 'lapsed') {
        return `${bookingId} is ${status} without a seat`
      }
      for (const { paymentId, status: paid, effects } of payments) {
        if (paid === 'captured' || effects.some(({ kind }) => kind === 'capture')) {
          return `payment ${paymentId} was taken from one who has no seat`
        }
        if (paid === 'authorised' && status !== 'waiting') {
          return `payment ${paymentId} is still reserved for one who does not wait`
        }
      }
    }
    return undefined
  },
}
