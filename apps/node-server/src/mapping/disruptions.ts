/** Disruptions and what they did to a booking, as messages of the API. */
import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import {
  type BookingState,
  type BookingView,
  type DelayView,
  type DisruptionView,
  info,
  type JourneyChangeView,
  type OverrideView,
  type Reason as ReasonWord,
} from '@quorail/booking-fsm'
import {
  DelaySchema,
  DisruptionKind,
  DisruptionPhase,
  DisruptionSchema,
  OverrideStatus,
  RefundOverrideSchema,
} from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import {
  BookingDelaySchema,
  DisruptionChoiceSchema,
  JourneyChangeKind,
  JourneyChangeSchema,
  type JourneySchema,
  Reason,
} from '@quorail/proto/quorail/booking/v1/types_pb'
import { propertyMessages } from './seats.ts'

const words = {
  strike: Reason.STRIKE,
  disruption: Reason.DISRUPTION,
  connectionBroken: Reason.CONNECTION_BROKEN,
  technicalFailure: Reason.TECHNICAL_FAILURE,
  staffError: Reason.STAFF_ERROR,
  goodwill: Reason.GOODWILL,
  medical: Reason.MEDICAL,
  other: Reason.OTHER,
} as const satisfies Record<ReasonWord, Reason>

const kinds = {
  trainCancelled: JourneyChangeKind.TRAIN_CANCELLED,
  rebooked: JourneyChangeKind.REBOOKED,
  seatsChanged: JourneyChangeKind.SEATS_CHANGED,
  seatsLost: JourneyChangeKind.SEATS_LOST,
  seated: JourneyChangeKind.SEATED,
  berthGiven: JourneyChangeKind.BERTH_GIVEN,
  overbooked: JourneyChangeKind.OVERBOOKED,
  connectionMissed: JourneyChangeKind.CONNECTION_MISSED,
} as const satisfies Record<JourneyChangeView['kind'], JourneyChangeKind>

const disruptionKinds = {
  runCancelled: DisruptionKind.RUN_CANCELLED,
  runDelayed: DisruptionKind.RUN_DELAYED,
  overbooked: DisruptionKind.OVERBOOKED,
  consistChanged: DisruptionKind.CONSIST_CHANGED,
} as const satisfies Record<DisruptionView['kind'], DisruptionKind>

const phases = {
  ending: DisruptionPhase.ENDING,
  listing: DisruptionPhase.LISTING,
  seating: DisruptionPhase.SEATING,
  telling: DisruptionPhase.TELLING,
  abandoned: DisruptionPhase.ABANDONED,
  choosing: DisruptionPhase.CHOOSING,
  over: DisruptionPhase.OVER,
} as const satisfies Record<DisruptionView['phase'], DisruptionPhase>

/** As the log names it; undefined for what no reason is. */
export function reasonWord(reason: Reason): ReasonWord | undefined {
  return (Object.keys(words) as ReasonWord[]).find((word) => words[word] === reason)
}

export const disruptionMessage = (it: DisruptionView) =>
  create(DisruptionSchema, {
    disruptionId: BigInt(it.disruptionId),
    runId: BigInt(it.runId),
    reason: words[it.reason],
    begunAt: timestampFromMs(it.begunAtMs),
    phase: phases[it.phase],
    choiceUntil: timestampFromMs(it.choiceUntilMs),
    bookings: it.bookings,
    open: it.open,
    kind: disruptionKinds[it.kind],
    fromStop: it.fromStop,
    moved: it.moved,
    listed: it.listed,
    seated: it.seated,
  })

export const delayMessage = (it: DelayView) =>
  create(DelaySchema, {
    runId: BigInt(it.runId),
    stop: it.stop,
    lateMinutes: it.lateMinutes,
    final: it.final,
    reason: words[it.reason],
    recordedAt: timestampFromMs(it.atMs),
  })

const overrideStatuses = {
  waiting: OverrideStatus.WAITING,
  paid: OverrideStatus.PAID,
  declined: OverrideStatus.DECLINED,
} as const satisfies Record<OverrideView['status'], OverrideStatus>

export const overrideMessage = (state: BookingState, it: OverrideView) =>
  create(RefundOverrideSchema, {
    overrideId: BigInt(it.overrideId),
    bookingId: BigInt(it.bookingId),
    passengers: [...it.passengers],
    amount: { minor: BigInt(it.amountMinor), currency: info(state).currency },
    reason: words[it.reason],
    note: it.note,
    askedBy: BigInt(it.askedBy),
    askedAt: timestampFromMs(it.askedAtMs),
    status: overrideStatuses[it.status],
    decidedBy: BigInt(it.decidedBy),
    ...(it.decidedAtMs > 0 && { decidedAt: timestampFromMs(it.decidedAtMs) }),
  })

/** The fields of a booking's message that are about disruptions. */
export function disruptionFields(
  state: BookingState,
  { changes, disruption, delay, currency }: BookingView,
  journeyOf: JourneyOf,
) {
  return {
    changes: changes.map((change) => changeMessage(state, change, journeyOf)),
    ...(disruption !== undefined && {
      disruption: create(DisruptionChoiceSchema, {
        disruptionId: BigInt(disruption.disruptionId),
        reason: words[disruption.reason],
        choiceUntil: timestampFromMs(disruption.choiceUntilMs),
        mayRebook: disruption.mayRebook,
        mayTakeRefund: disruption.mayTakeRefund,
      }),
    }),
    ...(delay !== undefined && {
      delay: create(BookingDelaySchema, {
        lateMinutes: delay.lateMinutes,
        final: delay.final,
        compensation: { minor: BigInt(delay.compensationMinor), currency },
      }),
    }),
  }
}

/** The part of a run between two stops. */
type JourneyOf = (
  runId: number,
  fromStop: number,
  toStop: number,
) => MessageInitShape<typeof JourneySchema> | undefined

function changeMessage(state: BookingState, change: JourneyChangeView, journeyOf: JourneyOf) {
  const { runId, fromStop, toStop, atMs, kind, reason, classCode } = change
  const journey = journeyOf(runId, fromStop, toStop)
  return create(JourneyChangeSchema, {
    at: timestampFromMs(atMs),
    kind: kinds[kind],
    reason: words[reason],
    classCode,
    seats: change.places.map((it) => `${it.coachLabel} ${it.seatLabel}`.trim()),
    lost: change.lost.map((of) => ({ properties: propertyMessages(of) })),
    ...(change.backMinor > 0 && {
      back: { minor: BigInt(change.backMinor), currency: info(state).currency },
    }),
    ...(journey && { journey }),
  })
}
