import { trainTimes } from '@quorail/booking-fsm'
import type { ListTrainTimesRequest } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import type { NodeHost } from '../host/types.ts'
import { settleRead } from './dependencies.ts'
import { appliedIndex, dateNumber } from './timetable-answers.ts'

const defaultLimit = 50

export async function listTrainTimes(host: NodeHost, request: ListTrainTimesRequest) {
  const fromDate = dateNumber(request.fromDate, 'from_date')
  await settleRead(host)
  const limit = request.limit === 0 ? defaultLimit : request.limit
  const afterTrainId = Number(request.afterTrainId)
  // One more than is shown: whether there are any behind them.
  const found = trainTimes(host.state, { afterTrainId, fromDate, limit: limit + 1 })
  const shown = found.slice(0, limit)
  return {
    trains: shown.map(({ trainId, number, name, imported, stops, runs }) => ({
      trainId: BigInt(trainId),
      number,
      name,
      imported,
      stops: [...stops],
      days: runs.map(({ serviceDate, baseMs, cancelled }) => ({
        serviceDate,
        baseMs: BigInt(baseMs),
        cancelled,
      })),
    })),
    nextAfterTrainId: BigInt(found.length > limit ? (shown.at(-1)?.trainId ?? 0) : 0),
    index: appliedIndex(host.state),
  }
}
