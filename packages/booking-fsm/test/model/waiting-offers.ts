/** Lists that are looked at again at an instant, two at a time: what the clock or a change of many runs opens. */
import type { Command } from '../../src/index.ts'
import { quotaFor } from './quota-for.ts'
import { ruleInForce } from './rule-commands.ts'
import { isPlace, seatsOf } from './seat-choice.ts'
import { departureAt, trainOf, type World } from './world.ts'

/** Nobody is promoted there before its turn has come. */
export function isDue(world: World, runId: number): boolean {
  return world.charts.some(
    (chart) =>
      chart.runId === runId && !chart.closed && chart.offerAt > 0 && chart.offerAt <= world.now,
  )
}

export function takeTwoDue(world: World): void {
  const due = world.charts
    .filter(({ runId }) => isDue(world, runId))
    .sort((a, b) => a.offerAt - b.offerAt || a.runId - b.runId)
  for (const { runId } of due.slice(0, 2)) takeDue(world, runId)
}

/** Its turn has come: true if it had. */
export function takeDue(world: World, runId: number): boolean {
  if (!isDue(world, runId)) return false
  expectNext(world, runId)
  return true
}

/** The turn of the runs that the command names comes before it: true if it had for any. */
export function takeNamed(world: World, command: Command): boolean {
  const { runId, legs, alternatives } = command as unknown as Partial<Record<string, unknown>>
  const lists = [legs, alternatives].filter(Array.isArray).flatMap((list) => list.slice(0, 6))
  const named = [runId, ...lists.map((it) => it?.runId)].filter((it) => typeof it === 'number')
  return named.filter((it) => takeDue(world, it)).length > 0
}

export function byAndBy(world: World, runIds: readonly number[]): void {
  for (const chart of world.charts) {
    if (!chart.closed && runIds.includes(chart.runId)) chart.offerAt = world.now
  }
}

export function expectNext(world: World, runId: number): void {
  const chart = world.charts.find((it) => it.runId === runId && !it.closed)
  if (chart !== undefined) chart.offerAt = nextOffer(world, runId)
}

/** The first instant to come at which something may be general; 0: there is none. */
export function nextOffer(world: World, runId: number): number {
  const run = world.runs.find((it) => it.id === runId)
  if (run === undefined) return 0
  const departure = departureAt(world, run, 0)
  const train = trainOf(world, run)
  const classes = [...new Set(train.coaches.map(({ classCode }) => classCode))]
  const pools = classes.flatMap((classCode) => quotaFor(world, run, classCode)?.pools ?? [])
  const instants = pools.map((pool) => departure - pool.releaseBeforeDepartureMs)
  instants.push(...world.overbookingRules.map((rule) => rule.validFromMs))
  instants.push(...world.promiseRules.map((rule) => rule.validFromMs))
  if (seatsOf(train).some(isPlace)) {
    instants.push(departure - (ruleInForce(world.seatRules, world.now)?.wheelchairReleaseMs ?? 0))
    instants.push(...world.seatRules.map((rule) => rule.validFromMs))
  }
  const ahead = instants.filter((at) => at > world.now)
  return ahead.length === 0 ? 0 : Math.min(...ahead)
}
