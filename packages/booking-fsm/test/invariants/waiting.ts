/** The waiting list, looked at by brute force: seat by seat, segment by segment. */
import type { QuotaPool } from '../../src/commands.ts'
import { isReseating } from '../../src/consist/run-consist.ts'
import { departureMs, hasDeparted } from '../../src/fares.ts'
import { isOfRun } from '../../src/inventory/blocks.ts'
import { classOf, coachOf } from '../../src/inventory/layout.ts'
import { isFree } from '../../src/inventory/occupancy.ts'
import { quotaOf } from '../../src/inventory/quotas.ts'
import { arePlacesClosed } from '../../src/inventory/seat-rule.ts'
import { faresPaid } from '../../src/party.ts'
import { overbookedBy } from '../../src/seat-promise/rule.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking } from '../../src/things.ts'
import type { WaitingEntry, WaitingOption } from '../../src/waiting/things.ts'
import { isDue } from '../../src/waiting/timed.ts'
import { type Check, isLive, type Step, travellers } from './check.ts'
import { partyThatFits } from './later.ts'
import { freeHalves, isSharer, mayMove } from './shares.ts'

function isOpen({ charts }: BookingState, { run }: WaitingOption): boolean {
  return charts.get(run.runId)?.closedAtMs === 0
}

/** Seats of the class that are free all the way, and kept for nobody. */
function freeSeats({ state, scope }: Step, option: WaitingOption): number {
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
  const live = scope.liveOn(run)
  return of === undefined ? 0 : partyThatFits(state, live, run, of, fromStop, toStop, free)
}

/** Pools of the class that are not general yet. */
function keptPools(state: BookingState, { run, classCode }: WaitingOption): readonly QuotaPool[] {
  const before = departureMs(run, 0) - state.meta.nowMs
  const pools = quotaOf(state, run, classCode)?.pools ?? []
  return pools.filter(({ releaseBeforeDepartureMs }) => releaseBeforeDepartureMs < before)
}

/** Where it may have its places now; '' is what is general. */
function kindsOf(state: BookingState, { booking }: WaitingEntry, option: WaitingOption): string[] {
  const own = keptPools(state, option).find(({ code }) => code === option.pool)
  if (own === undefined) return ['']
  const role = state.accounts.get(booking.accountId)?.role ?? 'passenger'
  const types = faresPaid(option)?.map((fare) => fare.passengerType) ?? ['']
  const may =
    (own.roles.length === 0 || own.roles.includes(role)) &&
    (own.passengerTypes.length === 0 || types.every((it) => own.passengerTypes.includes(it)))
  return [...(may ? [own.code] : []), ...(option.onlyPool ? [] : [''])]
}

/** How many places of the kind are left on each segment, counted booking by booking. */
function roomIn({ state, scope }: Step, option: WaitingOption, kind: string): number {
  const { run, fromStop, toStop, classCode } = option
  const kept = keptPools(state, option)
  const capacity = classOf(run.layout, classCode)?.capacity ?? 0
  const live = scope.liveOn(run).filter((it) => it.classCode === classCode && !isSharer(it))
  const blocked = [...state.blocks.values()]
    .filter((block) => isOfRun(block, run))
    .flatMap(({ seats }) => seats)
    .filter((seat) => coachOf(run.layout, seat)?.classCode === classCode).length
  const of = classOf(run.layout, classCode)
  const beyond = of === undefined ? 0 : overbookedBy(state, run, of, state.meta.nowMs)
  let least = capacity + beyond
  for (let segment = fromStop; segment < toStop; segment++) {
    const here = live.filter((it) => it.fromStop <= segment && segment < it.toStop)
    const taken = (pool: string) =>
      here
        .filter((it) => state.bookingPools.get(it.bookingId)?.pool === pool)
        .reduce((sum, it) => sum + travellers(it).length, 0)
    const all = here.reduce((sum, it) => sum + travellers(it).length, 0)
    const unused = kept.reduce((sum, pool) => sum + pool.capacity - taken(pool.code), 0)
    const own = kept.find(({ code }) => code === kind)
    const general = capacity + beyond - blocked - all - unused
    const room = own === undefined ? general : own.capacity - taken(kind)
    least = Math.min(least, room)
  }
  return least
}

/** Whether there are seats and places for the whole party, with some more of a kind than there are. */
function hasRoom(
  step: Step,
  entry: WaitingEntry,
  option: WaitingOption,
  more: { readonly count: number; readonly kind: string } = { count: 0, kind: '' },
): boolean {
  const party = entry.booking.passengers
  if (freeSeats(step, option) + more.count < party) return false
  return kindsOf(step.state, entry, option).some(
    (kind) => roomIn(step, option, kind) + (kind === more.kind ? more.count : 0) >= party,
  )
}

function hasHalves(
  step: Step,
  { booking }: WaitingEntry,
  option: WaitingOption,
  more = 0,
): boolean {
  return option.shared && freeHalves(step, option) + more >= booking.passengers
}

/** Whose turn comes by and by: until it has come nobody is given a place there. */
function mayBeOffered(state: BookingState, { run }: WaitingOption): boolean {
  return !isReseating(state, run.runId) && !isDue(state, run) && !state.runsInDraws.has(run.runId)
}

/** What it could become right now. */
function fitting(step: Step, entry: WaitingEntry): WaitingOption | undefined {
  const { state } = step
  const { nowMs } = state.meta
  if (entry.deadlineMs <= nowMs) return undefined
  return entry.options.find(
    (option) =>
      isOpen(state, option) &&
      mayBeOffered(state, option) &&
      !option.run.cancelled &&
      !isReseating(state, option.run.runId) &&
      !hasDeparted(option.run, option.fromStop, nowMs) &&
      (hasRoom(step, entry, option) || hasHalves(step, entry, option)),
  )
}

function isAhead(one: WaitingEntry, other: WaitingEntry): boolean {
  if (one.priority !== other.priority) return one.priority < other.priority
  return one.booking.bookingId < other.booking.bookingId
}

function aheadBySegments(state: BookingState, entry: WaitingEntry, at: WaitingOption): number {
  const wanted = (it: WaitingOption): string[] => {
    if (it.run !== at.run || it.classCode !== at.classCode || !isOpen(state, it)) return []
    const kept = keptPools(state, it).some(({ code }) => code === it.pool)
    const kinds = kept ? [it.pool, ...(it.onlyPool ? [] : [''])] : ['']
    const segments = Array.from({ length: it.toStop - it.fromStop }, (_, i) => it.fromStop + i)
    return segments.flatMap((segment) => kinds.map((kind) => `${segment} ${kind}`))
  }
  const mine = new Set(wanted(at))
  return [...state.waiting.values()].filter(
    (other) => isAhead(other, entry) && other.options.flatMap(wanted).some((it) => mine.has(it)),
  ).length
}

/** Who has seats now and shared a berth or waited, when somebody shares one still who would have them first. */
function enviedBySharer(step: Step, before: Map<number, 'shared' | 'waited'>): string | undefined {
  const { state, scope } = step
  for (const booking of scope.bookings) {
    const was = before.get(booking.bookingId)
    if (was === undefined || !isLive(booking) || isSharer(booking)) continue
    if (state.bookingPools.has(booking.bookingId)) continue
    const gained = travellers(booking).length
    for (const other of scope.liveOn(booking.run).filter(isSharer)) {
      if (before.get(other.bookingId) !== 'shared' || !mayMove(state, other)) continue
      if (was === 'shared' && other.bookingId > booking.bookingId) continue
      const isCovered =
        other.classCode === booking.classCode &&
        booking.fromStop <= other.fromStop &&
        other.toStop <= booking.toStop
      if (isCovered && fitsWhole(step, other, gained)) {
        return `${booking.bookingId} has seats before ${other.bookingId}`
      }
    }
  }
  for (const booking of scope.bookings) {
    before.delete(booking.bookingId)
    if (booking.status === 'waiting') before.set(booking.bookingId, 'waited')
    else if (isSharer(booking)) before.set(booking.bookingId, 'shared')
  }
  return undefined
}

/** Whole berths and general room for all who travel on it, with some more than there are. */
function fitsWhole(step: Step, booking: Booking, more: number): boolean {
  const option = { ...booking, pool: '', onlyPool: false, shared: false }
  const party = travellers(booking).length
  return freeSeats(step, option) + more >= party && roomIn(step, option, '') + more >= party
}

export const waitingChecks: Readonly<Record<string, Check>> = {
  I21: (step) => {
    for (const entry of step.state.waiting.values()) {
      if (fitting(step, entry) !== undefined) {
        return `${entry.booking.bookingId} waits, and would fit`
      }
    }
    return undefined
  },

  /** Who was promoted now took what nobody of a better rank could have had in their place. */
  I22: (step, { waiting }) => {
    const { state, bookings } = step
    const left = [...waiting.values()].filter((it) => !state.waiting.has(it.booking.bookingId))
    for (const entry of left) {
      const booking = bookings.get(entry.booking.bookingId)
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
        const gone = run.cancelled || hasDeparted(run, option.fromStop, state.meta.nowMs)
        const kept = keptPools(state, option).map(({ code }) => code)
        const pool = state.bookingPools.get(booking.bookingId)?.pool ?? ''
        // What somebody has of a pool nobody else could have had but those who may use it.
        const kind = kept.includes(pool) ? pool : ''
        if (gone || !mayBeOffered(state, option)) continue
        const fits = isSharer(booking)
          ? hasHalves(step, other, option, gained)
          : hasRoom(step, other, option, { count: gained, kind })
        if (fits) {
          return `${booking.bookingId} was promoted before ${other.booking.bookingId}`
        }
      }
    }
    waiting.clear()
    for (const [id, entry] of state.waiting) waiting.set(id, entry)
    return undefined
  },

  /** Nobody sits on half a berth while a whole one is free all the way, and who waits has none before them. */
  R2: (step, { behindSharers }) => {
    for (const run of step.scope.runs) {
      for (const booking of step.scope.liveOn(run).filter(isSharer)) {
        if (mayMove(step.state, booking) && fitsWhole(step, booking, 0)) {
          return `${booking.bookingId} sits on half a berth, and a whole one is free`
        }
      }
    }
    return enviedBySharer(step, behindSharers)
  },

  I23: ({ state }, { positions }) => {
    for (const entry of state.waiting.values()) {
      for (const [i, option] of entry.options.entries()) {
        // When other pools are kept, others want the same.
        const kept = keptPools(state, option).map(({ code }) => code)
        const name = `${entry.booking.bookingId}/${i}/${kept.join()}`
        const ahead = aheadBySegments(state, entry, option)
        if (ahead > (positions.get(name) ?? ahead)) return `${name} went back to ${ahead}`
        positions.set(name, ahead)
      }
    }
    return undefined
  },

  /** Whoever comes now has nothing of a run whose list is still to be looked at. */
  W1: ({ state, reply, bookings }) => {
    const made = reply.type === 'tripHeld' ? reply.legs.map(({ bookingId }) => bookingId) : []
    if (reply.type === 'seatsHeld' || reply.type === 'exchangeHeld') made.push(reply.bookingId)
    const early = made.map((id) => bookings.get(id)).find((it) => it && isDue(state, it.run))
    const now = early?.heldAtIndex === state.meta.appliedIndex
    return now ? `${early?.bookingId} was held before those who wait had their turn` : undefined
  },

  /** No list is longer than its class has places; the lists and the queue are those of the bookings. */
  I24: ({ state, bookings, scope }) => {
    if (scope.bookings.length === 0 && !scope.touches('waiting', 'charts')) return undefined
    const waiting = [...bookings.values()].filter(({ status }) => status === 'waiting')
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
  I25: ({ state, scope }) => {
    for (const booking of scope.bookings) {
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
