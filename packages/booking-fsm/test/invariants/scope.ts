/**
 * What an entry can have touched, told by the rows it changed: a check that looks at that alone is as good as one that
 * looks at everything, as long as rows tell the truth; so now and then, and at the end, everything is looked at.
 */
import type { Entry } from '../../src/commands.ts'
import type { Reply } from '../../src/replies.ts'
import type { RowChange } from '../../src/rows.ts'
import type { BookingState } from '../../src/state.ts'
import { tables } from '../../src/tables.ts'
import type { Booking, Run } from '../../src/things.ts'
import { legsOf } from '../../src/trips.ts'
import { isHeld, isLive, isSeatless } from './check.ts'

/** An entry, and what came of it. */
export interface Happened {
  readonly entry: Entry
  readonly reply: Reply
  readonly changes: readonly RowChange[]
}

export interface Scope {
  /** Everything is looked at. */
  readonly thorough: boolean
  /** With whoever shares a trip or its money with one of them. */
  readonly bookings: readonly Booking[]
  readonly runs: readonly Run[]
  /** Of everybody, wherever they are. */
  readonly held: readonly Booking[]
  readonly seatless: readonly Booking[]
  /** Also those that are not there any more. */
  readonly ids: ReadonlySet<number>
  liveOn(run: Run): readonly Booking[]
  /** Rows of one of the tables changed, or everything is looked at. */
  touches(...names: readonly string[]): boolean
}

/** Keeps the bookings as they were last written, so that nobody has to unpack them all for each entry. */
export class Scopes {
  readonly #bookings = new Map<number, Booking>()
  /** The run that each was last on. */
  readonly #runs = new Map<number, Run>()
  readonly #live = new Map<Run, Set<number>>()
  readonly #held = new Set<number>()
  readonly #seatless = new Set<number>()
  /** Those that go together with a booking: legs of its trip, and what it was exchanged for. */
  readonly #partners = new Map<number, Set<number>>()
  readonly #paymentOf = new Map<number, number>()
  /** The runs whose seats are off sale by a block, or one train's: to be known when it goes. */
  readonly #blocks = new Map<number, Blocked>()

  /** Every booking there is, by id. */
  get bookings(): ReadonlyMap<number, Booking> {
    return this.#bookings
  }

  /** Of an entry by its rows and what it names, or of everything. */
  scopeOf(state: BookingState, { entry, reply, changes }: Happened, thorough: boolean): Scope {
    const changed = new Set(changes.map(({ table }) => table))
    const all = thorough || [...changed].some((table) => !isNarrow(table))
    const runs = new Set<Run>()
    const named = [...namedBy(entry.command), ...namedBy(reply)]
    const ids = all ? this.#everything(state, runs) : this.#changed(state, named, changes, runs)
    const live = new Map<Run, readonly Booking[]>()
    return {
      thorough: all,
      ids,
      bookings: [...ids].flatMap((id) => this.#bookings.get(id) ?? []),
      runs: [...runs],
      held: this.#held.size === 0 ? nobody : this.#these(this.#held),
      seatless: this.#seatless.size === 0 ? nobody : this.#these(this.#seatless),
      liveOn: (run) => {
        const known = live.get(run) ?? this.#these(this.#live.get(run) ?? [])
        live.set(run, known)
        return known
      },
      touches: (...names) => all || names.some((name) => changed.has(name)),
    }
  }

  #these(ids: Iterable<number>): Booking[] {
    return Array.from(ids, (id) => this.#bookings.get(id) as Booking)
  }

  #everything(state: BookingState, runs: Set<Run>): Set<number> {
    const before = [...this.#bookings.keys()]
    for (const id of before) this.#forget(id)
    this.#partners.clear()
    this.#bookings.clear()
    for (const booking of state.bookings.values()) this.#note(state, booking)
    for (const run of state.runs.values()) runs.add(run)
    return new Set([...before, ...this.#bookings.keys()])
  }

  #changed(
    state: BookingState,
    named: readonly number[],
    changes: readonly RowChange[],
    runs: Set<Run>,
  ): Set<number> {
    const ids = new Set(named.filter((id) => this.#bookings.has(id) || state.bookings.has(id)))
    for (const change of changes) {
      for (const id of this.#bookingsOf(state, change)) ids.add(id)
      const run = state.runs.get(runIdOf(change) ?? 0)
      if (run !== undefined) runs.add(run)
      if (!ofSeats.has(change.table)) continue
      // Whatever seats are there, or are sold: everybody on those runs is looked at.
      for (const of of this.#seatsOn(state, change)) {
        runs.add(of)
        for (const id of this.#live.get(of) ?? []) ids.add(id)
      }
    }
    // Whoever is added is gone through as well.
    for (const id of ids) {
      const before = this.#runs.get(id)
      if (before !== undefined) runs.add(before)
      this.#forget(id)
      const booking = state.bookings.get(id)
      if (booking === undefined) this.#bookings.delete(id)
      else {
        this.#note(state, booking)
        runs.add(booking.run)
      }
      for (const other of this.#partners.get(id) ?? []) ids.add(other)
    }
    for (const run of runs) if (state.runs.get(run.runId) !== run) runs.delete(run)
    return ids
  }

  #seatsOn({ runs }: BookingState, change: RowChange): Run[] {
    const named = runs.get(runIdOf(change) ?? 0)
    if (named !== undefined) return [named]
    const ofTrain = ({ runId, trainId }: Blocked) =>
      [...runs.values()].filter((run) =>
        runId > 0 ? run.runId === runId : run.train.trainId === trainId,
      )
    const values = (change.type === 'upsert' ? change.values : change.key) as number[]
    if (change.table === 'quotas') {
      return ofTrain({ trainId: values[0] ?? 0, runId: values[1] ?? 0 })
    }
    if (change.table !== 'seat_blocks') return []
    const [blockId = 0, trainId = 0, runId = 0] = values
    if (change.type === 'upsert') this.#blocks.set(blockId, { trainId, runId })
    return ofTrain(this.#blocks.get(blockId) ?? { trainId: 0, runId: 0 })
  }

  #bookingsOf({ bookings }: BookingState, change: RowChange): number[] {
    const { table } = change
    const values = change.type === 'upsert' ? change.values : change.key
    if (table === 'outbox') {
      const paymentId = change.type === 'upsert' ? (values[outboxPaymentAt] as number) : undefined
      if (paymentId !== undefined) this.#paymentOf.set(values[0] as number, paymentId)
      const payment = bookings.payment(this.#paymentOf.get(values[0] as number) ?? 0)
      return payment === undefined ? [] : [payment.booking.bookingId]
    }
    return (bookingColumns.get(table) ?? []).flatMap((at) => {
      const id = values[at]
      return typeof id === 'number' && id > 0 ? [id] : []
    })
  }

  #note({ exchanges }: BookingState, booking: Booking): void {
    const { bookingId, run } = booking
    this.#bookings.set(bookingId, booking)
    this.#runs.set(bookingId, run)
    if (isLive(booking)) {
      const live = this.#live.get(run) ?? new Set()
      this.#live.set(run, live.add(bookingId))
    }
    if (isHeld(booking)) this.#held.add(bookingId)
    if (isSeatless(booking)) this.#seatless.add(bookingId)
    for (const leg of legsOf(booking)) this.#join(bookingId, leg.bookingId)
    const exchange = exchanges.get(bookingId)
    if (exchange !== undefined) this.#join(bookingId, exchange.oldBookingId)
  }

  #forget(id: number): void {
    const run = this.#runs.get(id)
    if (run !== undefined) this.#live.get(run)?.delete(id)
    this.#runs.delete(id)
    this.#held.delete(id)
    this.#seatless.delete(id)
  }

  #join(one: number, other: number): void {
    if (one === other) return
    for (const [a, b] of [
      [one, other],
      [other, one],
    ] as const) {
      const known = this.#partners.get(a) ?? new Set()
      this.#partners.set(a, known.add(b))
    }
  }
}

/** The bookings that a command or a reply names: what is done to them and not written is found, too. */
function namedBy(said: Entry['command'] | Reply): number[] {
  const ids: unknown[] = []
  if (typeof said !== 'object' || said === null) return []
  if ('bookingId' in said) ids.push(said.bookingId)
  if (said.type === 'tripHeld') ids.push(...said.legs.map(({ bookingId }) => bookingId))
  return ids.filter((id) => typeof id === 'number')
}

function runIdOf({ table, ...change }: RowChange): number | undefined {
  const at = runColumns.get(table)
  const values = change.type === 'upsert' ? change.values : change.key
  return at === undefined ? undefined : (values[at] as number | undefined)
}

/** What is changed there concerns the bookings and the run that it names, or none at all. */
function isNarrow(table: string): boolean {
  if (records.has(table) || ofNobody.has(table) || bookingColumns.has(table)) return true
  return ofRun.has(table) || ofSeats.has(table)
}

const nobody: readonly Booking[] = []

/** Seats of one run, or of the runs of a train. */
interface Blocked {
  readonly trainId: number
  readonly runId: number
}

const records = new Set(tables.filter((of) => of.purpose === 'record').map(({ name }) => name))
/** What stands there no booking and no run depends on until it is sold by it; or it is looked at whatever changed. */
const ofNobody = new Set([
  ...['meta', 'requests', 'counters', 'audit_head', 'accounts', 'sessions', 'saved_passengers'],
  ...['password_resets', 'second_factors', 'second_factor_rules', 'guests', 'guest_rules'],
  ...['agent_rules', 'commissions', 'customers', 'tills', 'companies', 'company_members'],
  ...['company_items', 'invoices', 'stations', 'fare_rules', 'refund_rules', 'sales_rules'],
  ...['compensation_rules', 'fare_products', 'vouchers', 'waiting_rules', 'ticket_keys'],
  ...['notices', 'notice_preferences', 'draws', 'draw_entries', 'erasures', 'disruptions'],
  ...['nodes', 'trains', 'imports', 'station_changes'],
])
/** What seats a run has, and for whom. */
const ofSeats = new Set(['seat_blocks', 'quotas', 'run_consists', 'reseatings'])
const ofRun = new Set(['charts', 'delays', 'runs'])
const bookingColumns = new Map<string, number[]>()
const runColumns = new Map<string, number>()
for (const { name, columns, purpose } of tables) {
  if (purpose === 'record') continue
  const names = columns.map((column) => column.name)
  const ids = ['booking_id', 'old_booking_id'].map((of) => names.indexOf(of))
  const there = ids.filter((at) => at >= 0)
  if (there.length > 0) bookingColumns.set(name, there)
  if (name === 'outbox') bookingColumns.set(name, [])
  if (name === 'trips') bookingColumns.set(name, [0, 1])
  if (names.includes('run_id')) runColumns.set(name, names.indexOf('run_id'))
}
const outboxPaymentAt = (tables.find(({ name }) => name === 'outbox')?.columns ?? []).findIndex(
  ({ name }) => name === 'payment_id',
)
