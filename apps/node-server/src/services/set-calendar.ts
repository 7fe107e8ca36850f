/** Other days for a train that is on sale. */
import type { HandlerContext } from '@connectrpc/connect'
import {
  type AddRuns,
  type BookingState,
  calendarHas,
  findRun,
  findTrain,
  type RunInput,
  type TrainCalendar,
} from '@quorail/booking-fsm'
import {
  type SetCalendarRequest,
  SetCalendarRequestSchema,
} from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { dateText } from '../mapping/views.ts'
import {
  addDays,
  dateInZone,
  daysBetween,
  isTimeZone,
  serviceDayBaseMs,
} from '../timetable/service-days.ts'
import { calendarOf } from './calendar.ts'
import { accountPrincipal, callerOf, requestKey, settleRead, submit } from './dependencies.ts'
import { zonesOf } from './runs-by-hand.ts'

const daysBeforeAtMost = 366

export async function setCalendar(
  host: NodeHost,
  request: SetCalendarRequest,
  context: HandlerContext,
) {
  const { accountId } = callerOf(context).account
  await settleRead(host)
  const trainId = Number(request.trainId)
  const train = findTrain(host.state, trainId)
  if (train === undefined) throw invalidField('train_id', 'There is no such train.')
  const calendar = calendarOf(
    request.calendar,
    zoneOf(host.state, request.timeZone, trainId, train.calendar),
  )
  const before = daysBefore(train.calendar, calendar, host.nowMs())
  if (before.length > 0) {
    // What is open already is skipped: asked again, this opens nothing twice.
    const add = { type: 'addRuns', importId: undefined, trainNumber: '' } as const
    const open: AddRuns = { ...add, trainId, runs: before }
    await submit(host, accountId, undefined, open, 'runsAdded')
  }
  const key = requestKey(
    accountPrincipal(accountId),
    'SetCalendar',
    request.requestId,
    SetCalendarRequestSchema,
    request,
  )
  const command = { type: 'setCalendar', trainId, calendar, reason: 'other' } as const
  const { reply } = await submit(host, accountId, key, command, 'calendarSet')
  return {
    withdrawnRunIds: reply.withdrawn.map(BigInt),
    keptRuns: reply.kept.map((runId) => ({
      runId: BigInt(runId),
      serviceDate: dateText(findRun(host.state, runId)?.serviceDate ?? 0),
    })),
  }
}

/** As it is asked for; else as it was, or as the train's runs tell it. */
function zoneOf(
  state: BookingState,
  asked: string,
  trainId: number,
  calendar: TrainCalendar | undefined,
): string {
  if (asked !== '') {
    if (isTimeZone(asked)) return asked
    throw invalidField('time_zone', `There is no time zone “${asked}”.`)
  }
  if (calendar !== undefined) return calendar.timeZone
  const [only, ...others] = zonesOf(state, trainId)
  if (only !== undefined && others.length === 0) return only
  throw invalidField(
    'time_zone',
    'This train was imported, and its runs do not say for certain in which time zone its times are meant: say it.',
  )
}

/** The days of the calendar that counts until then: nothing opens them any more once there is another one. */
function daysBefore(
  old: TrainCalendar | undefined,
  next: TrainCalendar,
  nowMs: number,
): RunInput[] {
  if (old === undefined || !isTimeZone(old.timeZone)) return []
  const today = dateInZone(nowMs, old.timeZone)
  if (daysBetween(today, next.fromDate) > daysBeforeAtMost) {
    throw invalidField('calendar.from_date', `At most ${daysBeforeAtMost} days ahead.`)
  }
  const runs: RunInput[] = []
  for (let date = today; date < next.fromDate; date = addDays(date, 1)) {
    if (!calendarHas(old, date)) continue
    runs.push({ serviceDate: date, baseMs: serviceDayBaseMs(date, old.timeZone) })
  }
  return runs
}
