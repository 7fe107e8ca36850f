/**
 * The invariants of a booking machine, each under its number, looked at from inside after every
 * entry. docs/internals/booking-invariants.md says what each one is and which wait for a feature.
 */
import { AUDIT_START } from '../../src/audit/chain.ts'
import { auditHead } from '../../src/audit/keep.ts'
import type { Entry } from '../../src/commands.ts'
import { ledgerTotals } from '../../src/queries/payments.ts'
import type { Reply } from '../../src/replies.ts'
import type { RowChange } from '../../src/rows.ts'
import { rowsOf, stateHash } from '../../src/snapshot.ts'
import type { BookingState } from '../../src/state.ts'
import { archiveChecks } from './archive.ts'
import { auditChecks } from './audit.ts'
import type { Check, Seen, Step } from './check.ts'
import { consistChecks } from './consist.ts'
import { delayChecks } from './delays.ts'
import { drawChecks } from './draws.ts'
import { holdChecks } from './holds.ts'
import { inventoryChecks } from './inventory.ts'
import { laterChecks } from './later.ts'
import { logChecks } from './log.ts'
import { moneyChecks } from './money.ts'
import { noticeChecks } from './notices.ts'
import { peopleChecks } from './people.ts'
import { productChecks } from './products.ts'
import { type Happened, Scopes } from './scope.ts'
import { sharesChecks } from './shares.ts'
import { voucherChecks } from './vouchers.ts'
import { waitingChecks } from './waiting.ts'
import { WrittenRows } from './written-rows.ts'

export const checks: Readonly<Record<string, Check>> = {
  ...inventoryChecks,
  ...holdChecks,
  ...moneyChecks,
  ...laterChecks,
  ...waitingChecks,
  ...sharesChecks,
  ...logChecks,
  ...auditChecks,
  ...noticeChecks,
  ...peopleChecks,
  ...delayChecks,
  ...drawChecks,
  ...archiveChecks,
  ...productChecks,
  ...consistChecks,
  ...voucherChecks,
}

export class Watch {
  readonly #scopes = new Scopes()
  readonly #seen: Seen = {
    nowMs: 0,
    statuses: new Map(),
    offers: new Map(),
    pnrs: new Map(),
    tickets: new Map(),
    effects: new Set(),
    resolved: new Set(),
    notices: new Map(),
    draws: new Map(),
    totals: nothing(),
    archived: nothing(),
    moved: new Map(),
    audit: AUDIT_START,
    hash: '0'.repeat(16),
    requestIndexes: new Map(),
    shares: new Map(),
    rows: new WrittenRows(),
    waiting: new Map(),
    behindSharers: new Map(),
    positions: new Map(),
  }

  /** From an empty state on, or from one that is given. */
  constructor(from?: BookingState) {
    if (from === undefined) return
    Object.assign(this.#seen.totals, ledgerTotals(from))
    this.#seen.audit = auditHead(from)
    this.#seen.hash = stateHash(from)
    for (const noticeId of from.notices.keys()) this.#seen.notices.set(noticeId, false)
    for (const { bookingId, status } of from.bookings.values()) {
      this.#seen.statuses.set(bookingId, status)
    }
    for (const [id, entry] of from.waiting) this.#seen.waiting.set(id, entry)
    this.#seen.rows.write(rowsOf(from).map((row) => ({ type: 'upsert', ...row })))
    this.#scopes.scopeOf(from, nothingHappened, true)
  }

  /**
   * Throws when one does not hold. Without `thorough` only what the entry's rows can have touched is looked at: what it
   * touched, with whom it shares money or a trip, is given back.
   */
  check(
    state: BookingState,
    entry: Entry,
    reply: Reply,
    changes: readonly RowChange[],
    thorough = true,
  ): ReadonlySet<number> {
    const step = this.#step(state, entry, reply, changes, thorough)
    const [problem] = this.#problems(step)
    if (problem !== undefined) throw new Error(`${problem} (entry ${entry.index})`)
    return step.scope.ids
  }

  /** Everything, as it stands behind the last entry. */
  checkAll(state: BookingState): void {
    const { entry, reply, changes } = nothingHappened
    this.check(state, entry, reply, changes)
  }

  /** What does not hold: `I5: run 3 …`. */
  problems(
    state: BookingState,
    entry: Entry,
    reply: Reply,
    changes: readonly RowChange[],
  ): readonly string[] {
    return this.#problems(this.#step(state, entry, reply, changes, true))
  }

  #step(
    state: BookingState,
    entry: Entry,
    reply: Reply,
    changes: readonly RowChange[],
    thorough: boolean,
  ): Step {
    const scope = this.#scopes.scopeOf(state, { entry, reply, changes }, thorough)
    const hash = stateHash(state)
    return { state, hash, entry, reply, changes, bookings: this.#scopes.bookings, scope }
  }

  #problems(step: Step): readonly string[] {
    const found: string[] = []
    const { thorough, ids, runs } = step.scope
    const isQuiet = !thorough && ids.size === 0 && runs.length === 0
    for (const [id, check] of isQuiet ? besideSales : all) {
      const wrong = check(step, this.#seen)
      if (wrong !== undefined) found.push(`${id}: ${wrong}`)
    }
    return found
  }
}

const all = Object.entries(checks)
/** Where a step touched no booking and no run there is nothing for these: they look at no more than such. */
const ofSales = new Set([
  ...['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7', 'I10', 'I11', 'I12', 'I13', 'I15', 'I17', 'I18'],
  ...['I19', 'I25', 'R1', 'R2', 'F1', 'C2', 'C3', 'D1'],
])
const besideSales = all.filter(([id]) => !ofSales.has(id))
const nothingHappened: Happened = {
  entry: { index: 0, timestampMs: 0, actor: 0, key: undefined, command: { type: 'tick' } },
  reply: { type: 'done' },
  changes: [],
}

function nothing(): Seen['totals'] {
  return {
    providerClearing: 0,
    fareRevenue: 0,
    refundsPayable: 0,
    taxPayable: 0,
    exchangeCredit: 0,
    cashInTills: 0,
    cashInSafe: 0,
    cashDifferences: 0,
    terminalClearing: 0,
    commissionExpense: 0,
    commissionPayable: 0,
    receivables: 0,
    bank: 0,
    chargebacks: 0,
    chargebackLosses: 0,
    voucherLiability: 0,
    voucherCost: 0,
  }
}
