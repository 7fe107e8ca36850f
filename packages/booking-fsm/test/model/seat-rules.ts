import type { Entry, HoldSeats, Reply, SeatPreferences, SetSeatRule } from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { isFree, isPlace, placesAreClosed, residual, seatsOf } from './seat-choice.ts'
import {
  checkBoolean,
  checkInt,
  checkLength,
  checkPattern,
  classPattern,
  maxInstant,
} from './shapes.ts'
import { seatWords } from './train-shape.ts'
import { byAndBy } from './waiting-offers.ts'
import { type ModelRun, trainOf, type World } from './world.ts'

export function setSeatRule(world: World, entry: Entry, command: SetSeatRule): Reply {
  const { validFromMs, wheelchairReleaseMs, choiceLimits } = command
  checkInt(validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(wheelchairReleaseMs, 0, 100_000_000_000, 'wheelchairReleaseMs')
  checkLength(choiceLimits, 0, 16, 'choiceLimits')
  choiceLimits.forEach((limit, i) => {
    const at = `choiceLimits[${i}]`
    if (limit.classCode !== '') checkPattern(limit.classCode, classPattern, `${at}.classCode`)
    const earlier = choiceLimits.slice(0, i)
    if (earlier.some((other) => other.classCode === limit.classCode)) {
      refuse('invalidField', { field: `${at}.classCode` })
    }
    checkInt(limit.fromLoadBasisPoints, 0, 10_000, `${at}.fromLoadBasisPoints`)
    checkInt(limit.offeredBasisPoints, 0, 10_000, `${at}.offeredBasisPoints`)
  })
  needStaff(world, entry)
  world.seatRules.push({ validFromMs, wheelchairReleaseMs, choiceLimits })
  const runs = world.runs.filter((run) => seatsOf(trainOf(world, run)).some(isPlace))
  byAndBy(
    world,
    runs.map((run) => run.id),
  )
  return { type: 'done' }
}

export function checkPreferences(
  preferences: SeatPreferences | undefined,
  passengers: number,
): void {
  if (preferences === undefined) return
  if (typeof preferences !== 'object' || preferences === null) {
    refuse('invalidField', { field: 'preferences' })
  }
  for (const name of ['required', 'wished'] as const) {
    const words = preferences[name]
    checkLength(words, 0, 10, `preferences.${name}`)
    words.forEach((word, i) => {
      const known = seatWords.slice(0, 10).includes(word)
      if (!known || words.slice(0, i).includes(word)) {
        refuse('invalidField', { field: `preferences.${name}[${i}]` })
      }
    })
  }
  checkBoolean(preferences.apart, 'preferences.apart')
  checkInt(preferences.wheelchairPlaces, 0, passengers, 'preferences.wheelchairPlaces')
}

/** The free seats of the class that may be chosen by number. */
export function offeredSeats(
  world: World,
  run: ModelRun,
  from: number,
  to: number,
  classCode: string,
): number[] {
  const ofClass = seatsOf(trainOf(world, run)).filter((seat) => seat.classCode === classCode)
  const free = ofClass.filter(({ seat }) => isFree(world, run, seat, from, to))
  const limits = ruleInForce(world.seatRules, world.now)?.choiceLimits ?? []
  const limit =
    limits.find((of) => of.classCode === classCode) ?? limits.find((of) => of.classCode === '')
  const all = free.map(({ seat }) => seat)
  if (limit === undefined) return all
  const gaps = free
    .map(({ seat }) => ({ seat, gap: residual(world, run, seat, from, to) }))
    .sort((a, b) => a.gap - b.gap)
  let taken = 0
  for (let at = from; at < to; at++) {
    taken += ofClass.filter(({ seat }) => !isFree(world, run, seat, at, at + 1)).length
  }
  const load = Math.floor((taken * 10_000) / (ofClass.length * (to - from)))
  if (load < limit.fromLoadBasisPoints) return all
  const count = Math.max(6, Math.ceil((all.length * limit.offeredBasisPoints) / 10_000))
  // Those that fit as well as the last of them are offered with it.
  const worst = gaps[count - 1]?.gap ?? Number.POSITIVE_INFINITY
  return gaps.filter(({ gap }) => gap <= worst).map(({ seat }) => seat)
}

export function checkOffered(world: World, run: ModelRun, command: HoldSeats): void {
  const { fromStop, toStop, classCode, seats, preferences } = command
  const isLimited = (ruleInForce(world.seatRules, world.now)?.choiceLimits ?? []).length > 0
  const offered = isLimited ? offeredSeats(world, run, fromStop, toStop, classCode) : seats
  const all = seatsOf(trainOf(world, run))
  const closed = placesAreClosed(world, run)
  let asked = preferences?.wheelchairPlaces ?? 0
  seats.forEach((number, i) => {
    const seat = all[number]
    if (seat === undefined) return
    if (isPlace(seat)) {
      if (closed && asked === 0) refuse('seatNotOffered', { field: `seats[${i}]` })
      asked = Math.max(0, asked - 1)
    } else if (!offered.includes(number)) refuse('seatNotOffered', { field: `seats[${i}]` })
  })
}
