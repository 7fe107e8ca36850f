import { departureMs } from '../../src/fares.ts'
import { isVisible } from '../../src/imports.ts'
import { isFree } from '../../src/inventory/occupancy.ts'
import type { BookingState } from '../../src/state.ts'
import type { Booking, Run } from '../../src/things.ts'
import { legsOf } from '../../src/trips.ts'
import { type Check, isHeld, isLive, isSeatless, type Step, travellers } from './check.ts'
import { mostBeyond } from './later.ts'
import type { Scope } from './scope.ts'
import { isHalf, isSharer } from './shares.ts'

interface Claims {
  /** By `placeOf`. */
  readonly claims: Map<Run, Map<number, Booking>>
  readonly twice: string
}

/** No run has so many. */
const SEGMENTS_BELOW = 1_000

/** A number for each seat, or half of one, and segment. */
function placeOf(seat: number, segment: number): number {
  return seat * SEGMENTS_BELOW + segment
}
function seatAt(place: number): number {
  return Math.floor(place / SEGMENTS_BELOW)
}

/** Of the step that was asked for last. */
let latest: { readonly scope: Scope; readonly of: Claims } | undefined

/** Each seat and segment that live bookings have, by run; a seat twice is a finding. */
function claimsOf({ scope }: Step): Claims {
  if (latest?.scope !== scope) latest = { scope, of: findClaims(scope) }
  return latest.of
}

function findClaims(scope: Scope): Claims {
  const claims = new Map<Run, Map<number, Booking>>()
  let twice = ''
  const live = scope.runs.flatMap((run) => scope.liveOn(run))
  for (const booking of live.filter((it) => !isSeatless(it))) {
    const ofRun = claims.get(booking.run) ?? new Map<number, Booking>()
    claims.set(booking.run, ofRun)
    for (const seat of travellers(booking).map((at) => booking.seats[at] as number)) {
      for (let segment = booking.fromStop; segment < booking.toStop; segment++) {
        const place = placeOf(seat, segment)
        const other = ofRun.get(place)
        if (other !== undefined) {
          twice = `run ${booking.run.runId}, seat/segment ${seat}/${segment}: ${other.bookingId}, ${booking.bookingId}`
        }
        ofRun.set(place, booking)
      }
    }
  }
  return { claims, twice }
}

/** The seats that blocks take off sale on the run. */
function blockedOn({ state }: Step, run: Run): Set<number> {
  const blocks = [...state.blocks.values()].filter(
    ({ train, runId, fromDate, toDate }) =>
      train === run.train &&
      (runId === run.runId || (runId === 0 && !state.consist.own.has(run.runId))) &&
      fromDate <= run.serviceDate &&
      run.serviceDate <= toDate,
  )
  return new Set(blocks.flatMap(({ seats }) => seats))
}

/** The pools that count for a class of a run at the state's clock, and what is general beside them. */
function bucketsOf(state: BookingState, run: Run, classCode: string): Map<string, number> {
  const { nowMs } = state.meta
  const mine = (state.quotas.get(run.train.trainId) ?? []).filter(
    (quota) => quota.classCode === classCode,
  )
  const dated = mine.filter((quota) => quota.runId === 0 && quota.fromDate <= run.serviceDate)
  const latest = Math.max(...dated.map(({ fromDate }) => fromDate))
  const quota =
    mine.find(({ runId }) => runId === run.runId) ??
    dated.find(({ fromDate }) => fromDate === latest)
  const departure = departureMs(run, 0)
  const kept = (quota?.pools ?? []).filter(
    ({ releaseBeforeDepartureMs }) => departure - releaseBeforeDepartureMs > nowMs,
  )
  return new Map(kept.map(({ code, capacity }) => [code, capacity]))
}

/** It was sold, whatever became of it. */
function isSoldOnce(status: string): boolean {
  return ['confirmed', 'cancelled', 'disrupted', 'exchanged'].includes(status)
}

export const inventoryChecks: Readonly<Record<string, Check>> = {
  I1: (step) => claimsOf(step).twice || undefined,

  I2: (step) => {
    const { claims } = claimsOf(step)
    for (const run of step.scope.runs) {
      const ofRun = claims.get(run)
      const { inventory } = run
      const blocked = blockedOn(step, run)
      if (inventory === undefined) {
        if (ofRun !== undefined) return `run ${run.runId} has bookings and no inventory`
        continue
      }
      const seatless = step.scope.liveOn(run).filter(isSeatless)
      for (let segment = 0; segment < inventory.segments; segment++) {
        let [held, sold] = [0, 0]
        for (let seat = 0; seat < run.layout.capacity; seat++) {
          const owner = ofRun?.get(placeOf(seat, segment))
          const isTaken = owner !== undefined || blocked.has(seat)
          if (isFree(inventory, seat, segment, segment + 1) === isTaken) {
            return `run ${run.runId}: seat ${seat} on segment ${segment} is not what bookings say`
          }
          if (owner !== undefined && isHeld(owner)) held++
          if (owner !== undefined && !isHeld(owner)) sold++
        }
        for (const it of seatless) {
          if (it.fromStop > segment || it.toStop <= segment) continue
          if (isHeld(it)) held += travellers(it).length
          else sold += travellers(it).length
        }
        const isCounted =
          inventory.held[segment] === held &&
          inventory.sold[segment] === sold &&
          inventory.blocked[segment] === blocked.size
        if (!isCounted) {
          return `run ${run.runId}: the counts of segment ${segment}`
        }
      }
    }
    return undefined
  },

  I3: ({ state, scope }) => {
    for (const { runId, inventory, layout } of scope.runs) {
      if (inventory === undefined) continue
      const beyond = layout.classes.reduce((sum, of) => sum + mostBeyond(state, of), 0)
      for (let segment = 0; segment < inventory.segments; segment++) {
        const [held = 0, sold = 0] = [inventory.held[segment], inventory.sold[segment]]
        const free = layout.capacity - held - sold - (inventory.blocked[segment] ?? 0)
        // The counters are unsigned: one too few would show as very many.
        if (free + beyond < 0)
          return `run ${runId}: ${held} held and ${sold} sold on segment ${segment}`
      }
    }
    return undefined
  },

  /** The general bucket is what no pool keeps; blocked seats come out of it. */
  I4: ({ state, scope }) => {
    for (const run of scope.runs) {
      for (const of of run.layout.classes) {
        const { classCode, capacity } = of
        const buckets = bucketsOf(state, run, classCode)
        if (buckets.size === 0) continue
        const general = capacity - [...buckets.values()].reduce((sum, of) => sum + of, 0)
        if (general < 0) return `run ${run.runId}: its pools keep more than class ${classCode} has`
        for (let at = 0; at < run.train.stops.length - 1; at++) {
          const used = new Map<string, number>()
          for (const booking of scope.liveOn(run)) {
            if (booking.classCode !== classCode) continue
            if (booking.fromStop > at || booking.toStop <= at || isSharer(booking)) continue
            const pool = state.bookingPools.get(booking.bookingId)?.pool ?? ''
            const bucket = buckets.has(pool) ? pool : ''
            used.set(bucket, (used.get(bucket) ?? 0) + travellers(booking).length)
          }
          for (const [pool, taken] of used) {
            const most = pool === '' ? general + mostBeyond(state, of) : (buckets.get(pool) ?? 0)
            if (taken > most) return `run ${run.runId}: pool '${pool}' has ${taken} of ${most}`
          }
        }
      }
    }
    return undefined
  },

  I5: (step) => {
    const { claims } = claimsOf(step)
    for (const run of step.scope.runs) {
      const touched = new Set(blockedOn(step, run))
      for (const place of claims.get(run)?.keys() ?? []) {
        if (!isHalf(seatAt(place))) touched.add(seatAt(place))
      }
      const listed = run.inventory?.touched ?? []
      if (listed.length !== touched.size) return `run ${run.runId}: ${listed} are listed as taken`
      if (!listed.every((seat) => touched.has(seat))) return `run ${run.runId}: ${listed}`
    }
    return undefined
  },

  I6: ({ state, scope }) => {
    for (const { bookingId, run, fromStop, toStop } of scope.bookings.filter(isLive)) {
      const { stops } = run.train
      if (!(fromStop >= 0 && fromStop < toStop && toStop < stops.length)) return `of ${bookingId}`
      if (stops[fromStop]?.boarding !== true) return `${bookingId} boards where nobody may`
      if (stops[toStop]?.alighting !== true) return `${bookingId} alights where nobody may`
      if (!isVisible(state, run.importId)) return `${bookingId} is on a run that is not on sale`
    }
    return undefined
  },

  I7: (step) => {
    const { scope, state } = step
    for (const { kind, phase, runId, fromStop } of state.disruption.disruptions.values()) {
      if (kind !== 'runCancelled' || phase === 'ending') continue
      const run = scope.runs.find((it) => it.runId === runId)
      const onIt = run && scope.liveOn(run).find(({ toStop }) => toStop > fromStop)
      if (onIt !== undefined) return `${onIt.bookingId} is on run ${runId}, which does not go`
    }
    for (const booking of scope.bookings.filter(
      (it) => isLive(it) && !isSeatless(it) && !isSharer(it),
    )) {
      const { bookingId, run, classCode } = booking
      const seats = travellers(booking).map((position) => booking.seats[position] as number)
      const { classAt, classes, capacity } = run.layout
      const blocked = blockedOn(step, run)
      const lost = seats.find((seat) => blocked.has(seat))
      if (lost !== undefined) return `${bookingId} has seat ${lost}, which is off sale`
      for (const seat of seats) {
        if (seat >= capacity) return `${bookingId} has seat ${seat}, which is not there`
        if (classes[classAt[seat] as number]?.classCode !== classCode)
          return `class of ${bookingId}`
      }
    }
    return undefined
  },

  I8: ({ scope, bookings, reply, entry }) => {
    for (const booking of scope.bookings) {
      const { bookingId, seats, passengers, namesJson, status } = booking
      // Who waits, or has waited in vain, has none.
      const without = status === 'waiting' || status === 'lapsed' || status === 'released'
      if (without && seats.length === 0) continue
      const taken = travellers(booking).map((position) => seats[position])
      const names = (JSON.parse(namesJson) as unknown[]).length
      if (
        seats.length !== passengers ||
        names !== passengers ||
        (new Set(taken).size !== taken.length && taken.some((seat) => seat !== -1))
      )
        return `${bookingId} has ${seats.length} seats for ${passengers} passengers`
    }
    for (const booking of scope.bookings) {
      const statuses = new Set(legsOf(booking).map(({ status }) => status))
      const isSold = [...statuses].every((it) => isSoldOnce(it))
      if (statuses.size > 1 && !isSold) return `${booking.bookingId}: its trip is ${[...statuses]}`
    }
    if (reply.type !== 'seatsHeld' || entry.command.type !== 'holdSeats') return undefined
    // An earlier reply that is repeated says nothing of this command.
    const isNew = bookings.get(reply.bookingId)?.heldAtIndex === entry.index
    const asked = isNew ? entry.command.passengers.length : reply.seats.length
    return reply.seats.length === asked ? undefined : `${reply.seats.length} seats for ${asked}`
  },
}
