/** Which things a changed row is part of. What is watched names the things that it is made of. */
import { type RowChange, type Table, tables, type Value } from '@quorail/booking-fsm'

export const ofBooking = (bookingId: number): string => `booking ${bookingId}`
/** The run itself: its stops, coaches, delays. */
export const ofRun = (runId: number): string => `run ${runId}`
/** Who sits or waits there. */
export const seatsOf = (runId: number): string => `seats ${runId}`
/** What this node says of itself. */
export const ofNode = 'node'
/** Rules, stations, fares: anything may look different. */
export const everything = 'everything'

/** Calls `touch` for each thing that the row is part of. */
export function touchedBy(change: RowChange, touch: (thing: string) => void): void {
  const columns = columnsOf.get(change.table)
  if (columns === undefined) return
  const values = change.type === 'upsert' ? change.values : change.key
  if (columns.isGeneral) touch(everything)
  for (const at of columns.bookings) touchId(values[at], ofBooking, touch)
  const { run } = columns
  if (run === undefined) return
  const runId = values[run]
  if (columns.table === 'bookings') touchId(runId, seatsOf, touch)
  // A row that has gone may not say of which run it was; 0 stands for all runs of a train.
  else if (typeof runId === 'number' && runId > 0) touch(ofRun(runId))
  else if (columns.bookings.length === 0) touch(everything)
}

function touchId(
  id: Value | undefined,
  name: (id: number) => string,
  touch: (thing: string) => void,
): void {
  if (typeof id === 'number' && id > 0) touch(name(id))
}

interface ThingColumns {
  readonly table: string
  readonly bookings: readonly number[]
  readonly run: number | undefined
  readonly isGeneral: boolean
}

const general = /_rules$|^(fare_products|stations|trains|quotas|seat_blocks|imports)$/

function thingColumns({ name, columns }: Table): ThingColumns {
  const at = (column: string) => columns.findIndex((it) => it.name === column)
  const bookings = [at('booking_id'), at('old_booking_id'), at('last_booking_id')]
  const run = at('run_id')
  return {
    table: name,
    bookings: bookings.filter((column) => column >= 0),
    run: run >= 0 ? run : undefined,
    isGeneral: general.test(name),
  }
}

const columnsOf = new Map(
  tables
    .filter(({ purpose }) => purpose === 'state')
    .map((table) => [table.name, thingColumns(table)] as const)
    .filter(
      ([, { bookings, run, isGeneral }]) => bookings.length > 0 || run !== undefined || isGeneral,
    ),
)
