import type { Entry, Refusal, Reply, RequestKey } from '../../src/index.ts'
import { eraseNames } from './account-changes.ts'
import { writeDown, writeDownTime } from './audit.ts'
import { checkKeyShape } from './caller.ts'
import { levelOne, levelThree, levelTwo } from './command-levels.ts'
import { writeInvoices } from './company-commands.ts'
import { workOnDraws } from './draw-commands.ts'
import { forgetGuests } from './guest-commands.ts'
import { dropOldNotices } from './notice-commands.ts'
import { perform } from './perform.ts'
import { Refused, refuse } from './refuse.ts'
import { forgetOldRequests, knownReply, remember } from './requests.ts'
import { needSecondFactor } from './second-factor-commands.ts'
import { checkId, checkInt, isInt, maxInstant, maxSafe } from './shapes.ts'
import { voidTickets } from './ticket-commands.ts'
import { expireVouchers } from './voucher-commands.ts'
import { promoteAll, waitingHousekeeping } from './waiting-commands.ts'
import { takeNamed, takeTwoDue } from './waiting-offers.ts'
import { isLive, legsOf, payerOf, type World } from './world.ts'

/** One entry, by the numbered steps of docs/internals/booking-rules.md. A PNR is given as ''. */
export function modelApply(world: World, entry: Entry): Reply {
  const before = world.index
  const reply = answer(() => steps(world, entry))
  if (world.index === before) voidTickets(world)
  else finish(world)
  return reply
}

/**
 * The first of some entries at one index and instant that is not refused, or the last of them. A refusal changes
 * nothing, so that the next may be tried on the same world: only what is given back was sent. Its key must be new.
 */
export function modelFirst(
  world: World,
  tries: number,
  propose: () => Entry,
): { readonly entry: Entry; readonly reply: Reply } {
  let entry = propose()
  advance(world, entry)
  for (let left = tries - 1; ; left--) {
    const { reply, isFinal } = attempt(world, entry, left <= 0)
    if (isFinal) {
      finish(world)
      return { entry, reply }
    }
    entry = propose()
  }
}

/** What has been refused is final where the turn of a run that it names has come: that can not be taken back. */
function attempt(
  world: World,
  entry: Entry,
  isLast: boolean,
): { readonly reply: Reply; readonly isFinal: boolean } {
  const barred = answer(() => mayAct(world, entry))
  if (barred !== undefined) return { reply: barred, isFinal: isLast }
  const { reply, isNamed } = act(world, entry)
  const isFinal = reply.type !== 'refused' || isNamed || isLast
  if (isFinal) keep(world, entry, reply)
  return { reply, isFinal }
}

function answer<T>(act: () => T): T | Refusal {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refused) return error.reply
    throw error
  }
}

function steps(world: World, entry: Entry): Reply {
  checkId(entry.index, 'index')
  if (entry.index <= world.index) refuse('invalidField', { field: 'index' })
  if (!advance(world, entry)) refuse('invalidField', { field: 'timestampMs' })
  checkInt(entry.actor, 0, maxSafe, 'actor')
  const type = entry.command?.type
  if (levelOf(type) === undefined) refuse('invalidField', { field: 'type' })
  const { key } = entry
  if (key !== undefined) {
    checkKeyShape(key)
    if (key.principal.startsWith('a:') && key.principal !== `a:${entry.actor}`) {
      refuse('notAllowed', { field: 'key.principal' })
    }
  }
  const before = isLookedUp(entry) ? knownReply(world, entry.key) : undefined
  if (before !== undefined) return before
  mayAct(world, entry)
  const { reply } = act(world, entry)
  keep(world, entry, reply)
  return reply
}

/** False where its time is none. */
function advance(world: World, { index, timestampMs }: Entry): boolean {
  world.index = index
  world.moved = 0
  const isStamped = isInt(timestampMs, 0, maxInstant)
  if (isStamped) world.now = Math.max(world.now, timestampMs)
  housekeeping(world)
  return isStamped
}

function mayAct(world: World, entry: Entry): undefined {
  const { command } = entry
  if (world.cluster === null && command.type !== 'foundCluster') refuse('notFounded')
  const actor = world.accounts.find((account) => account.id === entry.actor)
  if (entry.actor > 0 && actor === undefined) refuse('accountNotFound', { field: 'actor' })
  if (actor?.closed) refuse('accountClosed', { field: 'actor' })
  needSecondFactor(world, entry)
  const level = levelOf(command.type) ?? 0
  if (level > world.featureLevel) refuse('featureNotActive', { figure: level })
}

function levelOf(type: string): number | undefined {
  const at = [levelOne, levelTwo, levelThree].findIndex((level) => level.has(type))
  return at < 0 ? undefined : at + 1
}

function act(world: World, entry: Entry): { readonly reply: Reply; readonly isNamed: boolean } {
  const isNamed = takeNamed(world, entry.command)
  promoteAll(world)
  return { reply: answer(() => perform(world, entry)), isNamed }
}

function keep(world: World, entry: Entry, reply: Reply): void {
  writeDown(world, entry, reply)
  if (isLookedUp(entry)) remember(world, entry.key, reply)
}

function isLookedUp(entry: Entry): entry is Entry & { readonly key: RequestKey } {
  return entry.key !== undefined && entry.command.type !== 'resolveRequest'
}

/** What has become free goes to who waits. */
function finish(world: World): void {
  takeTwoDue(world)
  promoteAll(world)
  voidTickets(world)
  writeDownTime(world)
}

function housekeeping(world: World): void {
  const due = world.bookings
    .filter((b) => isLive(b) && b.status !== 'confirmed' && b.expiresAt <= world.now)
    .filter((b) => payerOf(b) === b.id)
    .sort((a, b) => a.expiresAt - b.expiresAt || a.id - b.id)
  // A trip goes as one.
  const freed = new Set<number>()
  for (const booking of due.slice(0, 1_000)) {
    if ([...freed].filter((runId) => isWaitedFor(world, runId)).length >= 4) break
    for (const leg of legsOf(world, booking)) {
      leg.status = 'expired'
      freed.add(leg.runId)
    }
  }
  waitingHousekeeping(world)
  forgetOldRequests(world)
  eraseNames(world)
  dropOldNotices(world)
  expireVouchers(world)
  forgetGuests(world)
  writeInvoices(world)
  workOnDraws(world)
  // Sessions that have expired are not there for any command: nothing to sweep here.
}

function isWaitedFor(world: World, runId: number): boolean {
  const open = !world.charts.some((chart) => chart.runId === runId && chart.closed)
  const waits = world.bookings.filter((b) => b.status === 'waiting')
  return open && waits.some((b) => b.waiting?.options.some((it) => it.runId === runId))
}
