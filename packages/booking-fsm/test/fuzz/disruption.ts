/** What the fuzzer's railway has of disruptions: every state that one can be in. */
import type { Command, SetCompensationRule } from '../../src/commands.ts'
import { hasDeparted } from '../../src/fares.ts'
import {
  confirmed,
  DAY,
  type Held,
  held,
  must,
  pay,
  type Railway,
  refused,
  runs,
  send,
  train,
} from '../world.ts'
import { blockedSeat, quotaRun } from './run-ids.ts'

export function compensation(validFromMs: number, choiceMs: number): SetCompensationRule {
  return {
    type: 'setCompensationRule',
    validFromMs,
    choiceMs,
    rebookMs: 1.5 * DAY,
    minimumMinor: 0,
    maximumMinor: 0,
    bands: [{ fromMinutes: 60, basisPoints: 2_500 }],
  }
}

/** A run that was lost with its choices open, one whose time to choose is over, one not looked at yet. */
export function disrupt(world: Railway): void {
  const { ann, bob, runId } = world
  const { trainId } = must(send(world, train('D')), 'trainAdded')
  const { runIds } = must(send(world, runs(trainId, 4, 5, 6, 7, 3)), 'runsAdded')
  const [lost = 0, other = 0, late = 0, over = 0, changing = 0] = runIds
  for (const actor of [ann, bob]) {
    confirmed(world, actor, other, { passengers: 3 })
    confirmed(world, actor, lost, { to: 2, classCode: '1' })
    confirmed(world, actor, lost, { to: 2, passengers: 3 })
    confirmed(world, actor, lost, { to: 2 })
    confirmed(world, actor, lost, { from: 1 })
    confirmed(world, actor, over)
    held(world, actor, late)
    const { bookingId } = confirmed(world, actor, late)
    const offer = { type: 'offerRefund', bookingId, passengers: [] } as const
    must(send(world, offer, { actor }), 'refundOffered')
    trip(world, actor, runId, lost)
  }
  must(send(world, compensation(0, 0)), 'done')
  goOn(world, cancel(world, over))
  must(send(world, compensation(world.nowMs, 5 * DAY)), 'done')
  goOn(world, cancel(world, lost))
  cancel(world, late)
  confirmed(world, ann, changing)
  must(send(world, consist(changing, ['3'], [])), 'disruptionBegun')
  override(world, other)
  // It stands where it begins.
  const arrived = { stop: 0, lateMinutes: 0, final: true, reason: 'other' } as const
  must(send(world, { type: 'recordDelay', runId, ...arrived }), 'disruptionBegun')
}

/** Some that wait for a second person: two of one booking, and one of a booking that is not paid in the end. */
function override(world: Railway, runId: number): void {
  const passengers = [0, 1, 2, 3]
  const ask = (bookingId: number): void => {
    const why = { amountMinor: 10_001, reason: 'medical', note: 'note' } as const
    const command = { type: 'overrideRefund', bookingId, passengers, ...why } as const
    must(send(world, command, { actor: 3 }), 'refundOverridden')
  }
  const party = () => confirmed(world, world.bob, runId, { passengers: 4 }).bookingId
  const twice = party()
  ask(twice)
  ask(twice)
  const decision = { type: 'decideOverride', overrideId: 1, approve: true } as const
  must(send(world, decision, { actor: 4 }), 'refundOverridden')
  ask(party())
  must(refused(world, world.state.meta.nextOutboxId - 1), 'done')
}

function cancel(world: Railway, runId: number): number {
  return must(send(world, { type: 'cancelRun', runId, reason: 'strike' }), 'disruptionBegun')
    .disruptionId
}

function consist(runId: number, withoutCoaches: string[], blockedSeats: number[]): Command {
  const reason = 'technicalFailure'
  return { type: 'changeConsist', runId, coaches: [], withoutCoaches, blockedSeats, reason }
}

function goOn(world: Railway, disruptionId: number): void {
  must(send(world, { type: 'continueDisruption', disruptionId }), 'done')
}

/** One leg that leaves now, and one that will not. */
function trip(world: Railway, actor: number, runId: number, lost: number): void {
  const leg = (of: number, fromStop: number) => ({
    runId: of,
    fromStop,
    toStop: 2,
    classCode: '2',
    seats: [],
  })
  const legs = [leg(runId, 0), leg(lost, 0)]
  const command = { type: 'holdTrip', legs, passengers: [{ name: 'P' }] } as const
  const { tripId, priceMinor } = must(send(world, command, { actor }), 'tripHeld')
  const booking: Held = { bookingId: tripId, priceMinor, seats: [] }
  must(pay(world, actor, booking), 'paymentStarted')
  const outcome = { type: 'done', providerReference: 'r' } as const
  const outboxId = world.state.meta.nextOutboxId - 1
  must(send(world, { type: 'recordOutcome', outboxId, outcome }), 'done')
}

/** As they should be, naming what is there or nearly. */
export function disruptionCommands(
  { state, nowMs }: Railway,
  draw: () => number,
  anyone: number,
): Command[] {
  const { meta, disruption } = state
  const hit = [...disruption.disrupted.values()].filter(({ outcome }) => outcome === 'open')
  const lost = hit[draw() % Math.max(hit.length, 1)]?.bookingId ?? anyone
  // The other legs of their trips too.
  const bookingId = [anyone, lost, lost, lost - 1][draw() % 4] ?? anyone
  const booking = state.bookings.get(bookingId)
  const anyRun = 1 + (draw() % meta.nextRunId)
  const open = [...state.runs.values()].filter((run) => !run.cancelled && run.importId === 0)
  const going = open[draw() % Math.max(open.length, 1)]?.runId ?? anyRun
  const unfit = [...state.runs.values()].filter(
    (run) => run.cancelled || run.importId !== 0 || hasDeparted(run, 0, nowMs),
  )
  const stopped = unfit[draw() % Math.max(unfit.length, 1)]?.runId ?? anyRun
  const { fromStop = 0, toStop = 2 } = draw() % 4 === 0 ? {} : (booking ?? {})
  const first = [6, 7, 30, draw() % 34][draw() % 4] ?? 0
  const party = booking?.passengers ?? 1
  const seats = Array.from({ length: party }, (_, i) => first + i)
  return [
    compensation(nowMs + DAY, DAY),
    // Seldom: when all are cancelled nothing is left to be tried.
    {
      type: 'cancelRun',
      runId: draw() % 12 === 0 ? anyRun : stopped,
      fromStop: Math.max(0, (draw() % 6) - 3),
      reason: 'strike',
    },
    {
      type: 'recordDelay',
      runId: [anyRun, 1, booking?.run.runId ?? anyRun][draw() % 3] ?? 1,
      stop: [0, 0, 1, 4][draw() % 4] ?? 0,
      lateMinutes: [0, 60, 300][draw() % 3] ?? 0,
      final: draw() % 2 === 0,
      reason: 'disruption',
    },
    { type: 'continueDisruption', disruptionId: 1 + (draw() % 9) },
    draw() % 8 === 0
      ? consist(quotaRun, [], [blockedSeat])
      : consist(
          draw() % 2 === 0 ? anyRun : going,
          draw() % 3 === 0 ? [['1', '2', '3', '9'][draw() % 4] ?? '1'] : [],
          draw() % 3 === 0 ? [] : [draw() % 34],
        ),
    {
      type: 'rebookFree',
      bookingId,
      runId: draw() % 3 === 0 ? anyRun : going,
      fromStop,
      toStop: draw() % 6 === 0 ? fromStop + 1 : toStop,
      seats: draw() % 2 === 0 ? [] : seats,
    },
    { type: 'takeRefund', bookingId },
    {
      type: 'overrideRefund',
      bookingId: draw() % 2 === 0 ? anyone : bookingId,
      passengers: draw() % 3 === 0 ? [draw() % 4] : [0],
      amountMinor: [1, 900, 3_000, 99_000][draw() % 4] ?? 1,
      reason: 'goodwill',
      note: 'note',
    },
    { type: 'decideOverride', overrideId: 1 + (draw() % 3), approve: draw() % 3 > 0 },
  ]
}
