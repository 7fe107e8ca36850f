import {
  checkLength,
  firstInvalid,
  isId,
  isInstant,
  isInt,
  isObject,
  isTokenHash,
  matches,
} from '../checks.ts'
import type { EnterDraw, OpenDraw, RevealSeed } from '../commands.ts'
import { isReseating } from '../consist/run-consist.ts'
import { addToCounter } from '../counters.ts'
import { createDraw, type DrawEntry, keepDraw, keepDrawEntry, nextDigest } from '../draws/draw.ts'
import { keptOf } from '../draws/said.ts'
import { hasDeparted } from '../fares.ts'
import { isVisible } from '../imports.ts'
import { mustSay } from '../products/passenger-data.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { sha256Text } from '../sha256.ts'
import type { BookingState } from '../state.ts'
import { type Work, writeRow } from '../store.ts'
import { checkShape } from './hold-seats.ts'

const RUNS_AT_MOST = 100
const ACTIVE_AT_MOST = 20
const ENTRIES_AT_MOST = 200_000
const DAY_MS = 86_400_000

export function openDraw(work: Work, command: OpenDraw): Reply {
  const { state } = work
  const refusal = checkOpening(command) ?? mustBeOperator(work) ?? checkTimes(state, command)
  if (refusal !== undefined) return refusal
  const unfit = checkRuns(state, command)
  if (unfit !== undefined) return unfit
  if (state.activeDraws.size >= ACTIVE_AT_MOST) return refuse('tooMany', { figure: ACTIVE_AT_MOST })
  const { runIds, windowFromMs, windowToMs, revealByMs, holdMs, seedCommitment } = command
  const draw = createDraw({
    hashLow: 0,
    hashHigh: 0,
    drawId: addToCounter(work, 'draws', 1),
    runIds: [...runIds],
    windowFromMs,
    windowToMs,
    revealByMs,
    holdMs,
    seedCommitment,
    seed: '',
    status: 'entering',
    entered: 0,
    digest: '',
    ordered: 0,
    drawn: 0,
  })
  keepDraw(state, draw)
  writeRow(work, 'draws', draw)
  return { type: 'drawOpened', drawId: draw.drawId }
}

export function enterDraw(work: Work, command: EnterDraw): Reply {
  const { state, actor } = work
  const refusal = checkEntry(command)
  if (refusal !== undefined) return refusal
  // One entry each: of guests somebody could be as many as they like.
  if (actor === 0 || state.accounts.get(actor)?.role === 'guest') return refuse('notAllowed')
  const draw = state.draws.get(command.drawId)
  if (draw === undefined) return refuse('drawNotFound')
  const { nowMs } = state.meta
  const inWindow = draw.windowFromMs <= nowMs && nowMs < draw.windowToMs
  if (draw.status !== 'entering' || !inWindow) return refuse('drawNotOpen')
  const before = draw.numbers.get(actor)
  if (before !== undefined) return refuse('alreadyEntered', { figure: before })
  const { wishes, passengers, salt } = command
  const elsewhere = wishes.findIndex(({ runId }) => !draw.runIds.includes(runId))
  if (elsewhere >= 0) return invalid(`wishes[${elsewhere}].runId`)
  const unsaid = state.meta.featureLevel < 3 ? undefined : mustSay(state, passengers, undefined)
  if (unsaid !== undefined) return unsaid
  if (draw.entered >= ENTRIES_AT_MOST) return refuse('tooMany', { figure: ENTRIES_AT_MOST })
  draw.entered++
  draw.digest = nextDigest(draw.digest, draw.entered, salt)
  const entry: DrawEntry = {
    hashLow: 0,
    hashHigh: 0,
    queueAt: -1,
    drawId: draw.drawId,
    number: draw.entered,
    accountId: actor,
    wishes: wishes.map(({ runId, fromStop, toStop, classCode }) => ({
      runId,
      fromStop,
      toStop,
      classCode,
    })),
    passengers: passengers.map((it) => keptOf(state, it)),
    salt,
    enteredAtMs: nowMs,
    key: '',
  }
  keepDrawEntry(draw, entry)
  writeRow(work, 'draws', draw)
  writeRow(work, 'draw_entries', entry)
  return { type: 'drawEntered', number: entry.number }
}

export function revealSeed(work: Work, { drawId, seed }: RevealSeed): Reply {
  const { state } = work
  const refusal =
    firstInvalid([
      [isId(drawId), 'drawId'],
      [matches(seed, /^[0-9a-f]{32,128}$/), 'seed'],
    ]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const draw = state.draws.get(drawId)
  if (draw === undefined) return refuse('drawNotFound')
  const { nowMs } = state.meta
  const inTime = draw.windowToMs <= nowMs && nowMs < draw.revealByMs
  if (draw.status !== 'entering' || !inTime) return refuse('drawNotOpen')
  if (sha256Text(seed) !== draw.seedCommitment) return refuse('seedMismatch')
  draw.seed = seed
  draw.status = 'ordering'
  writeRow(work, 'draws', draw)
  return { type: 'done' }
}

function mustBeOperator(work: Work): Refusal | undefined {
  const isOperator = work.state.accounts.get(work.actor)?.role === 'operator'
  return work.cluster || isOperator ? undefined : refuse('notAllowed')
}

function checkOpening(command: OpenDraw): Refusal | undefined {
  const { runIds, windowFromMs, windowToMs, revealByMs, holdMs, seedCommitment } = command
  const length = checkLength(runIds, 1, RUNS_AT_MOST, 'runIds')
  if (length !== undefined) return length
  for (let i = 0; i < runIds.length; i++) {
    const again = runIds.indexOf(runIds[i] as number) < i
    if (!isId(runIds[i]) || again) return invalid(`runIds[${i}]`)
  }
  return firstInvalid([
    [isInstant(windowFromMs), 'windowFromMs'],
    [isInstant(windowToMs), 'windowToMs'],
    [isInstant(revealByMs), 'revealByMs'],
    [isInt(holdMs, 60_000, DAY_MS), 'holdMs'],
    [isTokenHash(seedCommitment), 'seedCommitment'],
  ])
}

function checkTimes({ meta }: BookingState, command: OpenDraw): Refusal | undefined {
  const { windowFromMs, windowToMs, revealByMs } = command
  return firstInvalid([
    [windowToMs > windowFromMs && windowToMs > meta.nowMs, 'windowToMs'],
    [revealByMs > windowToMs && revealByMs <= windowToMs + DAY_MS, 'revealByMs'],
  ])
}

function checkRuns(state: BookingState, { runIds, revealByMs }: OpenDraw): Refusal | undefined {
  for (const [i, runId] of runIds.entries()) {
    const field = `runIds[${i}]`
    const run = state.runs.get(runId)
    if (run === undefined || !isVisible(state, run.importId)) {
      return refuse('runNotFound', { field })
    }
    if (hasDeparted(run, 0, revealByMs)) return refuse('runDeparted', { field })
    if (state.runsInDraws.has(runId)) return refuse('runInDraw', { field })
    if (isReseating(state, runId)) return refuse('consistChanging', { field })
  }
  return undefined
}

function checkEntry({ drawId, wishes, passengers, salt }: EnterDraw): Refusal | undefined {
  if (!isId(drawId)) return invalid('drawId')
  const length = checkLength(wishes, 1, 3, 'wishes')
  if (length !== undefined) return length
  for (const [i, wish] of wishes.entries()) {
    if (!isObject(wish)) return invalid(`wishes[${i}]`)
    const { runId, fromStop, toStop, classCode } = wish
    const journey = { runId, fromStop, toStop, classCode }
    const refusal = checkShape({ type: 'holdSeats', ...journey, passengers, seats: [] })
    if (refusal === undefined) continue
    const ofParty = refusal.field.startsWith('passengers')
    return ofParty ? refusal : { ...refusal, field: `wishes[${i}].${refusal.field}` }
  }
  return matches(salt, /^[0-9a-f]{16,64}$/) ? undefined : invalid('salt')
}
