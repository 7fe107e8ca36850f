/**
 * The railway's books kept a second time, from nothing but the rows that entries change: who has which
 * seat, and who has paid. After every entry what it touched is compared with what the machine says.
 */
import {
  type BookingState,
  ledgerTotals,
  loadState,
  occupancy,
  type RowChange,
  rowsOf,
  stateHash,
  tables,
} from '@quorail/booking-fsm'

type Row = Readonly<Record<string, unknown>>

export class Books {
  readonly #bookings = new Map<number, Row>()
  readonly #payments = new Map<number, Row>()
  readonly #onRun = new Map<number, Set<number>>()
  /** How many runs were counted anew, and how many whole states. */
  readonly checks = { runs: 0, states: 0 }

  /** Throws at the first thing that must not be. */
  follow(state: BookingState, changes: readonly RowChange[]): void {
    const runs = new Set<number>()
    for (const change of changes) {
      if (change.type === 'delete') continue
      if (change.table === 'bookings')
        runs.add(this.#keepBooking(named(change.table, change.values)))
      if (change.table === 'payments') this.#keepPayment(named('payments', change.values))
    }
    for (const runId of runs) this.#checkRun(state, runId)
    const { providerClearing, fareRevenue, refundsPayable, taxPayable } = ledgerTotals(state)
    const sum = providerClearing + fareRevenue + refundsPayable + taxPayable
    if (sum !== 0) throw new Error(`the ledger is out by ${sum}`)
  }

  /** Everything: the money of all bookings, and that the rows alone are the state. */
  checkAll(state: BookingState): void {
    this.checks.states++
    for (const runId of this.#onRun.keys()) this.#checkRun(state, runId)
    const orphans = this.orphans()
    if (orphans.length > 0) throw new Error(`orphans: ${orphans.join(', ')}`)
    let paid = 0
    for (const payment of this.#payments.values()) {
      if (payment.status === 'captured') {
        paid += Number(payment.amount_minor) - Number(payment.refunded_minor)
      }
    }
    const { providerClearing } = ledgerTotals(state)
    if (paid !== providerClearing)
      throw new Error(`${paid} was paid, ${providerClearing} is booked`)
    const loaded = stateHash(loadState(rowsOf(state)))
    if (loaded !== stateHash(state)) throw new Error('the rows are another state')
  }

  /** Payments with money in them of bookings that are neither confirmed nor cancelled. */
  orphans(): number[] {
    const found: number[] = []
    for (const [id, payment] of this.#payments) {
      const booking = this.#bookings.get(Number(payment.booking_id))
      const settled = booking?.status === 'confirmed' || booking?.status === 'cancelled'
      const holds = payment.status === 'captured' || payment.status === 'authorised'
      if (holds && !settled) found.push(id)
    }
    return found
  }

  /** How many bookings have each status. */
  statuses(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>()
    for (const { status } of this.#bookings.values()) {
      counts.set(String(status), (counts.get(String(status)) ?? 0) + 1)
    }
    return counts
  }

  runIds(): IterableIterator<number> {
    return this.#onRun.keys()
  }

  #keepBooking(row: Row): number {
    const [id, runId] = [Number(row.booking_id), Number(row.run_id)]
    this.#bookings.set(id, row)
    const others = this.#onRun.get(runId)
    if (others === undefined) this.#onRun.set(runId, new Set([id]))
    else others.add(id)
    return runId
  }

  #keepPayment(row: Row): void {
    this.#payments.set(Number(row.payment_id), row)
  }

  /** Nobody sits on another one's seat, and the machine's counts are those of the bookings. */
  #checkRun(state: BookingState, runId: number): void {
    this.checks.runs++
    const segments = occupancy(state, runId)?.segments ?? []
    const counted = segments.map(() => ({ sold: 0, held: 0 }))
    const taken = new Set<string>()
    for (const id of this.#onRun.get(runId) ?? []) {
      const booking = this.#bookings.get(id)
      const status = String(booking?.status)
      if (booking === undefined || !['held', 'paying', 'confirmed'].includes(status)) continue
      for (const seat of String(booking.seats).split(',')) {
        for (let at = Number(booking.from_stop); at < Number(booking.to_stop); at++) {
          const place = `${seat} ${at}`
          if (taken.has(place)) throw new Error(`run ${runId}: seat and segment ${place} twice`)
          taken.add(place)
          const segment = counted[at] as { sold: number; held: number }
          segment[status === 'confirmed' ? 'sold' : 'held']++
        }
      }
    }
    for (const [at, { sold, held }] of segments.entries()) {
      const own = counted[at]
      if (own?.sold === sold && own.held === held) continue
      throw new Error(`run ${runId}, segment ${at}: ${JSON.stringify([own, { sold, held }])}`)
    }
  }
}

function named(table: string, values: readonly unknown[]): Row {
  const names = columns.get(table) ?? []
  return Object.fromEntries(names.map((name, at) => [name, values[at]]))
}

const columns = new Map(
  tables.map(({ name, columns: of }) => [name, of.map((column) => column.name)]),
)
