import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { none } from './words.ts'

/** All trains, or one by its number. */
export async function adminTrains(
  context: AdminContext,
  [number, ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  if (number === undefined) await all(context)
  else await one(context, number)
}

async function all({ administration, options }: AdminContext): Promise<void> {
  const { trains: found } = await administration.listTrains({})
  const trains = found.map((train) => ({
    id: Number(train.trainId),
    number: train.number,
    name: train.name,
    from: train.stations[0]?.name ?? '',
    to: train.stations.at(-1)?.name ?? '',
    coaches: train.coaches.length,
    lastDate: train.lastServiceDate,
  }))
  print(
    {
      headings: ['ID', 'NUMBER', 'NAME', 'FROM', 'TO', 'COACHES', 'LAST DATE'],
      lines: trains.map((it) => Object.values(it).map(String)),
      json: { trains },
      nextPage: '',
    },
    options.json,
  )
}

async function one({ admin, options }: AdminContext, number: string): Promise<void> {
  const train = await admin.getTrain({ number })
  const { calendar } = train
  const json = {
    id: Number(train.trainId),
    number: train.number,
    name: train.name,
    stations: train.stations.map((it) => it.name),
    coaches: train.coaches.map((it) => ({
      label: it.label,
      class: it.classCode,
      rows: it.rows,
      columns: it.columns,
    })),
    calendar: calendar && {
      weekdays: calendar.weekdays,
      fromDate: calendar.fromDate,
      toDate: calendar.toDate,
      timeZone: calendar.timeZone,
      addedDates: calendar.addedDates,
      removedDates: calendar.removedDates,
    },
    runs: train.runs,
    lastDate: train.lastServiceDate,
    blocks: train.blocks.map((it) => ({
      id: Number(it.blockId),
      runId: Number(it.runId),
      fromDate: it.fromDate,
      toDate: it.toDate,
      seats: it.seats,
      reason: it.reason,
    })),
    quotas: train.quotas.map((it) => ({
      runId: Number(it.runId),
      fromDate: it.fromDate,
      class: it.classCode,
      pools: JSON.parse(it.pools) as unknown,
    })),
  }
  const dates = ({ runId, fromDate, toDate = '' }: Dated) =>
    runId > 0 ? `run ${runId}` : `${fromDate} … ${toDate}`
  print(
    {
      headings: ['TRAIN', train.number],
      lines: [
        ['id', String(json.id)],
        ['name', json.name],
        ['stations', json.stations.join(' – ')],
        ['runs', `${json.runs}, the last on ${json.lastDate}`],
        ...(calendar === undefined
          ? []
          : [
              ['calendar', `${daysOf(calendar.weekdays)} ${calendar.timeZone}`],
              ...calendar.addedDates.map((date) => ['added day', date]),
              ...calendar.removedDates.map((date) => ['removed day', date]),
            ]),
        ...json.coaches.map((it) => [
          'coach',
          `${it.label} class ${it.class}, ${it.rows} rows ${it.columns}`,
        ]),
        ...json.blocks.map((it) => ['block', `${it.seats} seats, ${dates(it)}: ${it.reason}`]),
        ...json.quotas.map((it) => [
          'quota',
          `${it.class}, ${dates(it)}: ${JSON.stringify(it.pools)}`,
        ]),
      ],
      json,
      nextPage: '',
    },
    options.json,
  )
}

interface Dated {
  readonly runId: number
  readonly fromDate: string
  readonly toDate?: string
}

function daysOf(weekdays: number): string {
  if (weekdays === 0) return 'opened by hand,'
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  return names.filter((_, day) => (weekdays >> day) & 1).join(' ')
}
