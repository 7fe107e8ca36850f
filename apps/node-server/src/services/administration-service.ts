import { create, fromBinary } from '@bufbuild/protobuf'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type BookingState,
  findRun,
  findStation,
  getStation,
  listRuns,
  listTrains,
  occupancy,
  type Reply,
  type RunView,
} from '@quorail/booking-fsm'
import {
  AddRunsRequestSchema,
  AddTrainRequestSchema,
  type AdministrationService,
  ImportStepRequestSchema,
  RunSchema,
  SetCancellationRuleRequestSchema,
  SetSalesRuleRequestSchema,
  SetTariffRequestSchema,
  TrainSchema,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import { internalError, invalidField, unknownRun, unknownStation } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import { refusalError } from '../errors/refusals.ts'
import { commandOfMessage } from '../mapping/log-entry.ts'
import { coachMessage, coachOfMessage } from '../mapping/seats.ts'
import { dateText, stationMessage, stopMessage } from '../mapping/views.ts'
import { greatCircleMetres } from '../timetable/great-circle.ts'
import { isTimeZone } from '../timetable/service-days.ts'
import { calendarMessage, calendarOf } from './calendar.ts'
import { cancellationRule } from './cancellation-rule.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { readLedgerReport } from './ledger-report.ts'
import { runsByHand } from './runs-by-hand.ts'
import { salesRule } from './sales-rule.ts'
import { setCalendar } from './set-calendar.ts'
import { tariff } from './tariff.ts'
import { appliedIndex, dateNumber } from './timetable-answers.ts'
import { listTrainTimes } from './train-times.ts'

const importSteps = new Set([
  'beginImport',
  'putStations',
  'addTrain',
  'addRuns',
  'commitImport',
  'abortImport',
])

export function createAdministrationService({
  host,
}: ServiceDependencies): ServiceImpl<typeof AdministrationService> {
  return {
    async listTrains() {
      await settleRead(host)
      const { state } = host
      return {
        trains: listTrains(state).map((train) =>
          create(TrainSchema, {
            trainId: BigInt(train.trainId),
            number: train.number,
            name: train.name,
            stations: train.stationIds.flatMap((id) => {
              const station = getStation(state, id)
              return station === undefined ? [] : [stationMessage(station)]
            }),
            coaches: train.coaches.map(coachMessage),
            lastServiceDate: dateText(train.lastServiceDate),
            timeZone: train.calendar?.timeZone ?? '',
            ...calendarMessage(train.calendar),
          }),
        ),
        index: appliedIndex(state),
      }
    },

    listTrainTimes: (request) => listTrainTimes(host, request),

    getLedgerReport: (request) => readLedgerReport(host, request),

    async addTrain(request, context) {
      const { accountId } = callerOf(context).account
      if (!isTimeZone(request.timeZone)) {
        throw invalidField('time_zone', `There is no time zone “${request.timeZone}”.`)
      }
      const key = requestKey(
        accountPrincipal(accountId),
        'AddTrain',
        request.requestId,
        AddTrainRequestSchema,
        request,
      )
      const command = {
        type: 'addTrain',
        importId: undefined,
        number: request.number.trim(),
        name: request.name.trim(),
        stops: stopsOf(host.state, request.stops),
        coaches: request.coaches.map(coachOfMessage),
        calendar: calendarOf(request.calendar, request.timeZone),
      } as const
      const { reply } = await submit(host, accountId, key, command, 'trainAdded')
      return { trainId: BigInt(reply.trainId) }
    },

    async addRuns(request, context) {
      const { accountId } = callerOf(context).account
      const trainId = Number(request.trainId)
      const runs = runsByHand(host.state, request)
      const key = requestKey(
        accountPrincipal(accountId),
        'AddRuns',
        request.requestId,
        AddRunsRequestSchema,
        request,
      )
      const command = {
        type: 'addRuns',
        importId: undefined,
        trainId,
        trainNumber: '',
        runs,
      } as const
      const { reply } = await submit(host, accountId, key, command, 'runsAdded')
      return { runIds: reply.runIds.map(BigInt), skipped: reply.skipped }
    },

    setCalendar: (request, context) => setCalendar(host, request, context),

    async listRuns(request) {
      await settleRead(host)
      const runs = listRuns(host.state, {
        ...(request.trainId > 0n ? { trainId: Number(request.trainId) } : {}),
        fromDate: dateNumber(request.fromDate, 'from_date'),
        toDate: dateNumber(request.toDate, 'to_date'),
        limit: 1_000,
      })
      return {
        runs: runs.map((run) => runMessage(host.state, run)),
        index: appliedIndex(host.state),
      }
    },

    async getOccupancy(request) {
      await settleRead(host)
      const { state } = host
      const run = findRun(state, Number(request.runId))
      const found = occupancy(state, Number(request.runId))
      if (run === undefined || found === undefined) throw unknownRun()
      return {
        run: runMessage(state, run),
        segments: found.segments.map(({ sold, held, blocked }) => ({ sold, held, blocked })),
        index: appliedIndex(state),
        now: timestampFromMs(host.nowMs()),
      }
    },

    async importStep(request, context) {
      const { accountId } = callerOf(context).account
      const command = commandOfBytes(request.command)
      if (!importSteps.has(command.type)) {
        throw invalidField('command', `${command.type} is not a step of an import.`)
      }
      const key = requestKey(
        accountPrincipal(accountId),
        'ImportStep',
        request.requestId,
        ImportStepRequestSchema,
        request,
      )
      const { reply } = await host
        .submit({ actor: accountId, key, command })
        .catch((error: unknown) => {
          throw raftFailure(error, host.leader())
        })
      return importAnswer(reply)
    },

    async setTariff(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SetTariff',
        request.requestId,
        SetTariffRequestSchema,
        request,
      )
      await submit(host, accountId, key, tariff(request), 'done')
      return {}
    },

    async setSalesRule(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SetSalesRule',
        request.requestId,
        SetSalesRuleRequestSchema,
        request,
      )
      await submit(host, accountId, key, salesRule(request), 'done')
      return {}
    },

    async setCancellationRule(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SetCancellationRule',
        request.requestId,
        SetCancellationRuleRequestSchema,
        request,
      )
      await submit(host, accountId, key, cancellationRule(request), 'done')
      return {}
    },
  }
}

function commandOfBytes(bytes: Uint8Array) {
  try {
    // Only the command counts: who asks and when is settled by the node.
    return commandOfMessage(fromBinary(LogEntrySchema, bytes))
  } catch (error) {
    throw invalidField('command', `This is not a command: ${(error as Error).message}`)
  }
}

function importAnswer(reply: Reply) {
  switch (reply.type) {
    case 'refused':
      throw refusalError(reply)
    case 'done':
      return {}
    case 'importBegun':
      return { id: BigInt(reply.importId) }
    case 'trainAdded':
      return { id: BigInt(reply.trainId) }
    case 'runsAdded':
      return { runsAdded: reply.runIds.length, runsSkipped: reply.skipped }
    default:
      throw internalError(new Error(`unexpected reply ${reply.type}`))
  }
}

/** Stops as the log wants them: times as seconds, distances great-circle where none are given. */
function stopsOf(
  state: BookingState,
  stops: readonly {
    readonly stationCode: string
    readonly arrival: string
    readonly departure: string
    readonly distanceMetres: number
  }[],
) {
  const given = stops.some((stop) => stop.distanceMetres > 0)
  let metres = 0
  return stops.map((stop, i) => {
    const station = findStation(state, stop.stationCode)
    if (station === undefined) throw unknownStation(`stops[${i}].station_code`, stop.stationCode)
    const before = stops[i - 1]
    const previous = before && findStation(state, before.stationCode)
    if (previous !== undefined) metres += greatCircleMetres(previous, station)
    return {
      stationCode: stop.stationCode,
      arrivalSeconds: seconds(stop.arrival),
      departureSeconds: seconds(stop.departure),
      distanceMetres: given ? stop.distanceMetres : metres,
      boarding: i < stops.length - 1,
      alighting: i > 0,
    }
  })
}

function seconds(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return (hours * 60 + minutes) * 60
}

const runMessage = (state: BookingState, run: RunView) =>
  create(RunSchema, {
    runId: BigInt(run.runId),
    trainId: BigInt(run.trainId),
    trainNumber: run.trainNumber,
    trainName: run.trainName,
    serviceDate: dateText(run.serviceDate),
    cancelled: run.cancelled,
    goesTo: run.goesTo,
    stops: run.stops.map((stop) => stopMessage(state, stop)),
    capacity: run.coaches.reduce(
      (sum, { rows, columns }) => sum + rows * columns.replaceAll('-', '').length,
      0,
    ),
  })
