import type { ArchiveRun, Entry, Reply } from '../../src/index.ts'
import { familyOf } from './archived.ts'
import { needCluster } from './caller.ts'
import { choices } from './disruption-commands.ts'
import { unpaid } from './owed.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, maxSafe } from './shapes.ts'
import {
  drawOf,
  type ModelBooking,
  type ModelRun,
  payerOf,
  runOf,
  trainOf,
  type World,
} from './world.ts'

export const archiveAfter = 30 * 86_400_000

/** What is archived is moved to a list of its own: nothing is forgotten here. */
export function archiveRun(world: World, entry: Entry, command: ArchiveRun): Reply {
  checkId(command.runId, 'runId')
  checkInt(command.belowBookingId, 0, maxSafe, 'belowBookingId')
  needCluster(entry)
  const run = world.runs.find((r) => r.id === command.runId && r.importId === 0)
  if (run === undefined) refuse('runNotFound')
  if (!isLongOver(world, run)) refuse('nothingDue')
  const below = command.belowBookingId === 0 ? maxSafe : command.belowBookingId
  const looked = world.bookings
    .filter((b) => b.runId === run.id && b.id < below)
    .sort((a, b) => b.id - a.id)
    .slice(0, 100)
  let left = 0
  for (const booking of looked) {
    if (world.archived.includes(booking)) continue
    const family = familyOf(world, booking)
    if (family.some((b) => isOpen(world, b))) left++
    else archive(world, family)
  }
  const through = looked.length < 100
  const gone = through && !isNeeded(world, run)
  if (gone) forgetRun(world, run)
  const belowBookingId = through ? 0 : (looked.at(-1)?.id ?? 0)
  return { type: 'runArchived', left, belowBookingId, gone }
}

export function isLongOver(world: World, run: ModelRun): boolean {
  const arrival = trainOf(world, run).stops.at(-1)?.arrivalSeconds ?? 0
  return run.baseMs + arrival * 1_000 + archiveAfter <= world.now
}

/** Something may still happen to it. */
function isOpen(world: World, booking: ModelBooking): boolean {
  const { id, offer } = booking
  const later = world.bookings.filter((b) => b.exchange?.old === id).at(-1)
  return (
    !isLongOver(world, runOf(world, booking)) ||
    isMoving(world, booking) ||
    (later !== undefined && isMoving(world, later)) ||
    booking.status === 'disrupted' ||
    world.hits.some((hit) => hit.bookingId === id && hit.outcome === 'open') ||
    choices(world, booking).length > 0 ||
    world.disruptions.some((d) => d.runId === booking.runId && d.phase !== 'over') ||
    (offer !== undefined && offer.expiresAt > world.now) ||
    world.overrides.some((it) => it.bookingId === id && it.status === 'waiting') ||
    world.notices.some((it) => it.bookingId === id && !it.gone) ||
    unpaid(world, booking) !== 0 ||
    world.chargebacks.some((it) => it.bookingId === id && it.status === 'open')
  )
}

/** Held, waiting, or with something at the provider. */
function isMoving(world: World, booking: ModelBooking): boolean {
  if (['held', 'paying', 'waiting'].includes(booking.status)) return true
  const payments = world.payments.filter((p) => p.bookingId === payerOf(booking))
  return world.effects.some((e) => !e.answered && payments.some((p) => p.id === e.paymentId))
}

function archive(world: World, family: readonly ModelBooking[]): void {
  world.archived.push(...family)
  world.bookings = world.bookings.filter((b) => !family.includes(b))
  const ids = family.map(({ id }) => id)
  world.customers = world.customers.filter((it) => !ids.includes(it.bookingId))
}

export function isNeeded(world: World, run: ModelRun): boolean {
  return (
    world.bookings.some((b) => b.runId === run.id) ||
    world.bookings.some(
      (b) => b.status === 'waiting' && b.waiting?.options.some((it) => it.runId === run.id),
    ) ||
    drawOf(world, run.id) !== undefined ||
    world.disruptions.some((d) => d.runId === run.id && d.phase !== 'over') ||
    world.charts.some((chart) => chart.runId === run.id && !chart.closed)
  )
}

export function forgetRun(world: World, run: ModelRun): void {
  const { id } = run
  world.archivedRuns.push(run)
  world.runs = world.runs.filter((r) => r.id !== id)
  world.charts = world.charts.filter((chart) => chart.runId !== id)
  world.blocks = world.blocks.filter((block) => block.runId !== id)
  world.quotas = world.quotas.filter((quota) => quota.runId !== id)
  world.delays = world.delays.filter((delay) => delay.runId !== id)
}
