import { createHash } from 'node:crypto'
import type {
  DrawView,
  EnterDraw,
  Entry,
  HoldSeats,
  OpenDraw,
  Reply,
  RevealSeed,
} from '../../src/index.ts'
import { checkShape, holdOne } from './booking-commands.ts'
import { roleOf } from './caller.ts'
import { tell } from './notice-commands.ts'
import { checkRequired } from './passenger-data.ts'
import { Refused, refuse } from './refuse.ts'
import { checkId, checkInt, checkLength, checkPattern, hash64, maxInstant } from './shapes.ts'
import { byAndBy } from './waiting-offers.ts'
import { departureAt, drawOf, isActive, isReseating, type ModelDraw, type World } from './world.ts'

const day = 86_400_000
export const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

export function openDraw(world: World, entry: Entry, command: OpenDraw): Reply {
  const { runIds, windowFromMs, windowToMs, revealByMs, holdMs, seedCommitment } = command
  checkLength(runIds, 1, 100, 'runIds')
  runIds.forEach((runId, i) => {
    checkId(runId, `runIds[${i}]`)
    if (runIds.slice(0, i).includes(runId)) refuse('invalidField', { field: `runIds[${i}]` })
  })
  checkInt(windowFromMs, 0, maxInstant, 'windowFromMs')
  checkInt(windowToMs, 0, maxInstant, 'windowToMs')
  checkInt(revealByMs, 0, maxInstant, 'revealByMs')
  checkInt(holdMs, 60_000, day, 'holdMs')
  checkPattern(seedCommitment, hash64, 'seedCommitment')
  needOperator(world, entry)
  if (windowToMs <= windowFromMs || windowToMs <= world.now) {
    refuse('invalidField', { field: 'windowToMs' })
  }
  if (revealByMs <= windowToMs || revealByMs > windowToMs + day) {
    refuse('invalidField', { field: 'revealByMs' })
  }
  runIds.forEach((runId, i) => {
    const field = `runIds[${i}]`
    const run = world.runs.find((r) => r.id === runId && r.importId === 0)
    if (run === undefined) refuse('runNotFound', { field })
    if (departureAt(world, run, 0) <= revealByMs) refuse('runDeparted', { field })
    if (drawOf(world, runId) !== undefined) refuse('runInDraw', { field })
    if (isReseating(world, runId)) refuse('consistChanging', { field })
  })
  if (world.draws.filter(isActive).length >= 20) refuse('tooMany', { figure: 20 })
  const { type: _, ...terms } = command
  const id = world.draws.length + 1
  world.draws.push({ id, terms, seed: '', status: 'entering', entries: [], ordered: 0 })
  return { type: 'drawOpened', drawId: id }
}

export function enterDraw(world: World, entry: Entry, command: EnterDraw): Reply {
  const { drawId, wishes, passengers, salt } = command
  checkId(drawId, 'drawId')
  checkLength(wishes, 1, 3, 'wishes')
  wishes.forEach((wish, i) => {
    if (typeof wish !== 'object' || wish === null) {
      refuse('invalidField', { field: `wishes[${i}]` })
    }
    try {
      checkShape(holdFor(wish, passengers))
    } catch (error) {
      if (!(error instanceof Refused) || error.reply.field.startsWith('passengers')) throw error
      throw new Refused({ ...error.reply, field: `wishes[${i}].${error.reply.field}` })
    }
  })
  checkPattern(salt, /^[0-9a-f]{16,64}$/, 'salt')
  const isGuest = world.accounts.some((a) => a.id === entry.actor && a.role === 'guest')
  if (entry.actor === 0 || isGuest) refuse('notAllowed')
  const draw = world.draws.find((it) => it.id === drawId)
  if (draw === undefined) refuse('drawNotFound')
  const { windowFromMs, windowToMs } = draw.terms
  if (draw.status !== 'entering' || world.now < windowFromMs || world.now >= windowToMs) {
    refuse('drawNotOpen')
  }
  const before = draw.entries.find((it) => it.accountId === entry.actor)
  if (before !== undefined) refuse('alreadyEntered', { figure: before.number })
  wishes.forEach(({ runId }, i) => {
    if (!draw.terms.runIds.includes(runId)) {
      refuse('invalidField', { field: `wishes[${i}].runId` })
    }
  })
  if (world.featureLevel > 2) checkRequired(world, passengers, undefined)
  const number = draw.entries.length + 1
  // An old cluster keeps names and types, and nothing else that was said.
  const kept = passengers.map(({ name, passengerType = '', ...said }) =>
    world.featureLevel < 3 ? { name, passengerType } : { name, passengerType, ...said },
  )
  const entered = { accountId: entry.actor, wishes, passengers: kept, salt }
  draw.entries.push({ number, ...entered, drawn: false })
  return { type: 'drawEntered', number }
}

export function revealSeed(world: World, entry: Entry, command: RevealSeed): Reply {
  checkId(command.drawId, 'drawId')
  checkPattern(command.seed, /^[0-9a-f]{32,128}$/, 'seed')
  needOperator(world, entry)
  const draw = world.draws.find((it) => it.id === command.drawId)
  if (draw === undefined) refuse('drawNotFound')
  const { windowToMs, revealByMs, seedCommitment } = draw.terms
  if (draw.status !== 'entering' || world.now < windowToMs || world.now >= revealByMs) {
    refuse('drawNotOpen')
  }
  if (hashOf(command.seed) !== seedCommitment) refuse('seedMismatch')
  draw.seed = command.seed
  draw.status = 'ordering'
  return { type: 'done' }
}

/** One portion of one draw, the oldest that has something to do. */
export function workOnDraws(world: World): void {
  for (const draw of world.draws.filter(isActive)) {
    if (draw.status === 'entering') {
      if (world.now < draw.terms.revealByMs) continue
      draw.status = 'ordering'
    } else if (draw.status === 'ordering') {
      draw.ordered = Math.min(draw.entries.length, draw.ordered + 500)
      if (draw.ordered === draw.entries.length) draw.status = 'holding'
    } else drawTwenty(world, draw)
    return
  }
}

function drawTwenty(world: World, draw: ModelDraw): void {
  const first = draw.seed === '' ? draw.terms.seedCommitment : draw.seed
  const key = (number: number) => hashOf(`${first}:${digestOf(draw)}:${number}`)
  const left = draw.entries
    .filter((it) => !it.drawn)
    .sort((a, b) => (key(a.number) < key(b.number) ? -1 : 1))
  world.drawing = draw
  for (const entry of left.slice(0, 20)) {
    entry.drawn = true
    const { accountId, wishes, passengers } = entry
    const held = wishes.some((wish) => holds(world, accountId, holdFor(wish, passengers)))
    const booking = world.bookings.at(-1)
    if (held && booking !== undefined) {
      booking.expiresAt = world.now + draw.terms.holdMs
      tell(world, accountId, booking.id, 'drawWon', { drawId: draw.id })
    } else tell(world, accountId, 0, 'drawLost', { drawId: draw.id })
  }
  world.drawing = undefined
  if (left.length > 20) return
  draw.status = 'done'
  byAndBy(world, draw.terms.runIds)
}

function holds(world: World, accountId: number, command: HoldSeats): boolean {
  if (!world.accounts.some((account) => account.id === accountId && !account.erased)) return false
  try {
    holdOne(world, { actor: accountId } as Entry, command)
    return true
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}

function digestOf(draw: ModelDraw): string {
  return draw.entries.reduce(
    (before, { number, salt }) => hashOf(`${before}:${number}:${salt}`),
    '',
  )
}

function holdFor(
  wish: EnterDraw['wishes'][number],
  passengers: EnterDraw['passengers'],
): HoldSeats {
  const { runId, fromStop, toStop, classCode } = wish
  return { type: 'holdSeats', runId, fromStop, toStop, classCode, passengers, seats: [] }
}

function needOperator(world: World, entry: Entry): void {
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
}

/** Newest first. */
export function modelDraws(world: World): DrawView[] {
  return world.draws.toReversed().map((draw) => ({
    drawId: draw.id,
    ...draw.terms,
    seed: draw.seed,
    status: draw.status,
    entered: draw.entries.length,
    drawn: draw.entries.filter((it) => it.drawn).length,
    digest: digestOf(draw),
  }))
}
