import type { SeatView } from '@quorail/booking-fsm'
import { GetSeatMapResponseSchema } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { JourneySchema } from '@quorail/proto/quorail/booking/v1/types_pb'
import { SeatMapChangeSchema, type SeatMapSubject } from '@quorail/proto/quorail/watch/v1/watch_pb'
import type { NodeHost } from '../host/types.ts'
import { seatMessage } from '../mapping/seats.ts'
import { readSeatMap } from '../services/seat-map.ts'
import { bytesOf } from '../wire/message-writer.ts'
import { type EncodedBody, encodeBody } from './encoded-body.ts'
import { fingerprintOf, sameBytes } from './fingerprint.ts'
import type { Look, Subject } from './subject.ts'
import { ofRun, seatsOf } from './touched.ts'

/** The seats of a run for a journey. What does not change is kept as bytes, a seat's state as a number. */
export function watchSeatMap(
  host: NodeHost,
  { runId, fromStop, toStop, classCode }: SeatMapSubject,
): Subject {
  const run = Number(runId)
  let layout: Uint8Array | undefined
  let journey: Uint8Array = new Uint8Array()
  let states = new Uint16Array()
  let encoded: EncodedBody | undefined
  /** What was read by the last look, until this turn is over: few of those who watch need all of it. */
  let justRead: SeatMap | undefined

  const read = (): SeatMap => {
    const found = readSeatMap(host.state, run, fromStop, toStop, host.nowMs())
    const seats = found.seats.filter((seat) => classCode === '' || seat.classCode === classCode)
    return { ...found, seats }
  }

  return {
    name: `seats ${run} ${fromStop} ${toStop} ${classCode}`,
    madeOf: [ofRun(run), seatsOf(run)],
    gapMs: 50,
    tellsTime: true,
    admit: () => undefined,
    shrink() {
      encoded = undefined
    },
    whole() {
      if (encoded === undefined && justRead !== undefined)
        encoded = encodeBody('seatMap', GetSeatMapResponseSchema, mapMessage(justRead))
      return encoded
    },
    look(): Look {
      const found = read()
      const nextLayout = layoutBytes(found)
      const nextJourney = bytesOf(JourneySchema, found.journey)
      const nextStates = Uint16Array.from(found.seats, stateOf)
      const isSameTrain = layout !== undefined && sameBytes(layout, nextLayout)
      const isSameJourney = sameBytes(journey, nextJourney)
      const changed = found.seats.filter((_, at) => states[at] !== nextStates[at])
      justRead = found
      queueMicrotask(() => {
        justRead = undefined
      })
      if (isSameTrain && isSameJourney && changed.length === 0) return { type: 'same' }
      encoded = undefined
      layout = nextLayout
      journey = nextJourney
      states = nextStates
      const fingerprint = fingerprintOf(layout, journey, new Uint8Array(states.buffer))
      if (!isSameTrain) return { type: 'changed', fingerprint, change: undefined }
      return {
        type: 'changed',
        fingerprint,
        change: encodeChange(changed, isSameJourney ? undefined : found.journey),
      }
    },
  }
}

type SeatMap = ReturnType<typeof readSeatMap>

const mapMessage = ({ journey, stops, coaches, seats }: SeatMap) => ({
  ...{ journey, stops, coaches },
  seats: seats.map(seatMessage),
})

/** What a seat is like does not change without the coaches. */
function layoutBytes({ stops, coaches }: SeatMap): Uint8Array {
  return bytesOf(GetSeatMapResponseSchema, { stops, coaches })
}

function stateOf({ free, offered, residual }: SeatView): number {
  return residual | (free ? 0x8000 : 0) | (offered ? 0x4000 : 0)
}

function encodeChange(
  seats: readonly SeatView[],
  journey: SeatMap['journey'] | undefined,
): EncodedBody {
  return encodeBody('seatMapChange', SeatMapChangeSchema, {
    seats: seats.map(seatMessage),
    ...(journey !== undefined && { journey }),
  })
}
