import { checkLength, isObject } from '../checks.ts'
import type { HoldSeats, HoldTrip } from '../commands.ts'
import { freePlaces, takePlaces } from '../live.ts'
import { PNR_COUNT } from '../pnr.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { holdReply } from '../requests.ts'
import { checkSale } from '../sales-rules.ts'
import { type Work, writeRow } from '../store.ts'
import type { Trip } from '../things.ts'
import {
  checkShape,
  isPriceOrNone,
  makeBooking,
  mustCost,
  type Plan,
  planHold,
} from './hold-seats.ts'

/** All legs or none, each as `holdSeats` would hold it after those before it. */
export function holdTrip(work: Work, command: HoldTrip): Reply {
  const { state } = work
  const legs = checkLegs(command)
  if (!Array.isArray(legs)) return legs
  if (!isPriceOrNone(command.expectedPriceMinor)) return invalid('expectedPriceMinor')
  if (work.actor === 0) return refuse('notAllowed')
  if (state.meta.nextBookingId + legs.length > PNR_COUNT) {
    return refuse('tooMany', { figure: PNR_COUNT })
  }
  const overlap = legs.findIndex((leg, i) => legs.slice(0, i).some((it) => meet(it, leg)))
  if (overlap >= 0) return invalid(`legs[${overlap}].runId`)
  const plans = planLegs(work, legs)
  if (!Array.isArray(plans)) return plans
  const unfit = checkSale(work, plans, (leg) => `legs[${leg}]`)
  const dear = unfit ?? mustCost(plans, command.expectedPriceMinor)
  if (dear !== undefined) return dear
  const [first, ...others] = plans.map((plan, i) => makeBooking(work, plan, i === 0))
  if (first === undefined) throw new Error('a trip without a leg')
  const trip: Trip = { hashLow: 0, hashHigh: 0, legs: [first, ...others] }
  for (const leg of trip.legs) leg.trip = trip
  state.bookings.addTrip(first.bookingId, first.bookingId + others.length)
  writeRow(work, 'trips', trip)
  return holdReply(state, first)
}

function checkLegs({ legs, passengers }: HoldTrip): HoldSeats[] | Refusal {
  const length = checkLength(legs, 1, 6, 'legs')
  if (length !== undefined) return length
  const holds: HoldSeats[] = []
  for (const [i, leg] of legs.entries()) {
    if (!isObject(leg)) return invalid(`legs[${i}]`)
    const { runId, fromStop, toStop, classCode, seats, preferences, pool, product } = leg
    const hold: HoldSeats = {
      type: 'holdSeats',
      runId,
      fromStop,
      toStop,
      classCode,
      passengers,
      seats,
      preferences,
      pool,
      product,
    }
    const refusal = checkShape(hold)
    if (refusal !== undefined) return ofLeg(refusal, i)
    holds.push(hold)
  }
  return holds
}

/** Nobody sits twice in one train at a time. */
function meet(a: HoldSeats, b: HoldSeats): boolean {
  return a.runId === b.runId && a.fromStop < b.toStop && b.fromStop < a.toStop
}

/** The seats of each leg are taken while the next one is looked for, and free again afterwards. */
function planLegs(work: Work, legs: readonly HoldSeats[]): Plan[] | Refusal {
  const plans: Plan[] = []
  let refusal: Refusal | undefined
  for (const [i, leg] of legs.entries()) {
    const plan = planHold(work, leg)
    if ('type' in plan) {
      refusal = ofLeg(plan, i)
      break
    }
    takePlaces(plan, plan.seats, 'held')
    plans.push(plan)
  }
  for (const taken of plans) freePlaces(taken, taken.seats, 'held')
  return refusal ?? plans
}

/** What is wrong with the passengers is wrong with all legs. */
function ofLeg(refusal: Refusal, leg: number): Refusal {
  const { field } = refusal
  if (field.startsWith('passengers')) return refusal
  return { ...refusal, field: field === '' ? `legs[${leg}]` : `legs[${leg}].${field}` }
}
