/** A train as staff sees it. */
import { create } from '@bufbuild/protobuf'
import {
  type BookingState,
  findTrain,
  getStation,
  listBlocks,
  quotasOf,
} from '@quorail/booking-fsm'
import {
  type GetTrainRequest,
  GetTrainResponseSchema,
} from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import { coachMessage } from '../mapping/seats.ts'
import { dateText, stationMessage } from '../mapping/views.ts'
import { appliedIndex } from './timetable-answers.ts'

const blocksAtMost = 100

export function trainPage(state: BookingState, { trainId, number }: GetTrainRequest) {
  const train = findTrain(state, trainId > 0n ? Number(trainId) : number.trim())
  if (train === undefined) {
    throw invalidField(trainId > 0n ? 'train_id' : 'number', 'There is no such train.')
  }
  const { calendar } = train
  return create(GetTrainResponseSchema, {
    trainId: BigInt(train.trainId),
    number: train.number,
    name: train.name,
    stations: train.stationIds.flatMap((id) => {
      const station = getStation(state, id)
      return station === undefined ? [] : [stationMessage(station)]
    }),
    coaches: train.coaches.map(coachMessage),
    ...(calendar === undefined
      ? {}
      : {
          calendar: {
            weekdays: calendar.weekdays,
            fromDate: dateText(calendar.fromDate),
            toDate: dateText(calendar.toDate),
            timeZone: calendar.timeZone,
            addedDates: calendar.exceptions?.addedDates.map(dateText) ?? [],
            removedDates: calendar.exceptions?.removedDates.map(dateText) ?? [],
          },
        }),
    blocks: listBlocks(state, train.trainId)
      .slice(0, blocksAtMost)
      .map((block) => ({
        blockId: BigInt(block.blockId),
        runId: BigInt(block.runId),
        fromDate: dateText(block.fromDate),
        toDate: dateText(block.toDate),
        seats: block.seats.length,
        reason: block.reason,
      })),
    quotas: quotasOf(state, train.trainId).map((quota) => ({
      runId: BigInt(quota.runId),
      fromDate: dateText(quota.fromDate),
      classCode: quota.classCode,
      pools: JSON.stringify(quota.pools),
    })),
    runs: train.runs,
    lastServiceDate: dateText(train.lastServiceDate),
    index: appliedIndex(state),
  })
}
