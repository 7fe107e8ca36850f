/** The rows of a railway that has sold much: made from one real sale, so that they are rows as the machine writes them. */
import { type Row, rowsOf, tables, type Value } from '@quorail/booking-fsm'
import { ACCOUNTS, Railway, RUNS, randomFrom, SEATS, SEGMENTS } from './railway.ts'

/** `bookings` confirmed and paid, spread over all runs; each seat's journeys follow each other. */
export function* bookRows(bookings: number, firstMs?: number): Generator<Row> {
  const railway = Railway.found(firstMs)
  const requestId = sellOne(railway)
  const samples = new Map<string, readonly Value[]>()
  const rows = rowsOf(railway.state)
  // Table by table in the order in which a node reads them from its database.
  for (const { name } of tables) {
    // What it was the head of is not made, and a node that looks at its database would miss it.
    if (name === 'audit_head') continue
    for (const row of rows.filter(({ table }) => table === name)) {
      if (name === 'bookings' || name === 'payments') samples.set(name, row.values)
      else yield name === 'meta' ? { ...row, values: counted(row.values, bookings) } : row
    }
  }
  const booking = filler('bookings', samples, requestId)
  const payment = filler('payments', samples, requestId)
  yield* numbered(bookings, (id, journey) => booking(id, journey))
  yield* numbered(bookings, (id) => payment(id, { booking_id: id }))
}

function sellOne(railway: Railway): string {
  const requestId = 'r'.repeat(22)
  const key = (method: string) => ({
    principal: 'a:1',
    method,
    requestId,
    contentHash: '0123456789abcdef'.repeat(4),
  })
  const passengers = [{ name: 'x'.repeat(64) }]
  railway.must(
    { type: 'holdSeats', runId: 1, fromStop: 0, toStop: 1, classCode: '2', passengers, seats: [] },
    1,
    key('HoldSeats'),
  )
  const amountMinor = 610
  railway.must(
    { type: 'startPayment', bookingId: 1, paymentToken: 'tok_0123456789', amountMinor },
    1,
    key('StartPayment'),
  )
  for (const outboxId of [1, 2]) {
    const outcome = { type: 'done', providerReference: 'ref_0123456789' } as const
    railway.must({ type: 'recordOutcome', outboxId, outcome })
  }
  return requestId
}

type Columns = Readonly<Record<string, Value>>

/** Rows like the sample, with an id, names of its own and some columns set. */
function filler(
  table: string,
  samples: ReadonlyMap<string, readonly Value[]>,
  requestId: string,
): (id: number, set: Columns) => Row {
  const columns = tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []
  const sample = samples.get(table) ?? []
  return (id, set) => ({
    table,
    values: sample.map((value, at) => {
      const name = columns[at] as string
      if (at === 0) return id
      if (name in set) return set[name] as Value
      if (typeof value !== 'string') return value
      // A database gives a text of its own for each row: nothing is shared between them.
      const number = String(id).padStart(22, '0')
      return value === sample[0] ? value : value.replace(requestId, number).replace(/x{22}/, number)
    }),
  })
}

/** Journeys that fill seat after seat of run after run, with gaps. */
function* numbered(count: number, row: (id: number, journey: Columns) => Row): Generator<Row> {
  const random = randomFrom(7)
  let [run, seat, stop] = [0, 0, 0]
  for (let id = 1; id <= count; id++) {
    const from = stop + Math.floor(random() * 8)
    const to = from + 1 + Math.floor(random() * 12)
    if (to > SEGMENTS) {
      // The next run; after the last one the next seat.
      stop = 0
      run = (run + 1) % RUNS
      if (run === 0) seat = (seat + 1) % SEATS
      id--
      continue
    }
    stop = to
    yield row(id, {
      account_id: 1 + (id % ACCOUNTS),
      run_id: run + 1,
      from_stop: from,
      to_stop: to,
      seats: String(seat),
    })
  }
}

/** The counters stand behind the rows that are added. The ledger has no lines, and so no money. */
function counted(values: readonly Value[], bookings: number): Value[] {
  const columns = tables.find(({ name }) => name === 'meta')?.columns ?? []
  return values.map((value, at) => {
    const name = columns[at]?.name
    if (name === 'next_booking_id' || name === 'next_payment_id') return bookings + 1
    if (name === 'provider_clearing_minor' || name === 'fare_revenue_minor') {
      return 0
    }
    return value
  })
}
