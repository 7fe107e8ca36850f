import { AUDIT_START, type AuditRecord, verifyAudit } from '@quorail/booking-fsm'
import type { Sqlite } from './database.ts'

/**
 * What is wrong with the rows that are only ever written, which the state's hash says nothing of: the audit by its chain,
 * whose head is part of the state; the ledger by its lines, which come in pairs, and by the totals in the state. Undefined:
 * nothing. `seen` is called for each row. Within the transaction in which the state's rows were found sound.
 */
export function damageOfRecords(sqlite: Sqlite, seen: () => void): string | undefined {
  return damageOfAudit(sqlite, seen) ?? damageOfLines(sqlite, seen) ?? damageOfTotals(sqlite)
}

function damageOfAudit(sqlite: Sqlite, seen: () => void): string | undefined {
  const head = sqlite
    .prepare<[], { count: number; link: string }>(
      'select record_count as count, link from audit_head',
    )
    .get()
  const { fault } = verifyAudit(auditRecords(sqlite, seen), AUDIT_START, head ?? AUDIT_START)
  return fault && `the audit's record ${fault.sequence} is ${fault.problem}`
}

function* auditRecords(sqlite: Sqlite, seen: () => void): Generator<AuditRecord> {
  const records = sqlite
    .prepare<[], AuditRecord>(
      `select sequence, log_index as "index", at_ms as atMs, actor, action, subject, reason,
       hash_before as "before", hash_after as "after", link from audit order by sequence`,
    )
    .iterate()
  for (const record of records) {
    seen()
    yield record
  }
}

interface Line {
  readonly lineId: number
  readonly amountMinor: number
  /** All that both lines of an entry have in common. */
  readonly common: string
}

/** Each entry has written two lines, one after the other: a debit, and the same as a credit. */
function damageOfLines(sqlite: Sqlite, seen: () => void): string | undefined {
  const lines = sqlite
    .prepare<[], Line>(
      `select line_id as lineId, amount_minor as amountMinor,
       json_array(log_index, at_ms, payment_id, booking_id, reason) as common
       from ledger_lines order by line_id`,
    )
    .iterate()
  let debit: Line | undefined
  for (const line of lines) {
    seen()
    if (debit === undefined) debit = line
    else if (isPair(debit, line)) debit = undefined
    else return notAPair(debit)
  }
  return debit && notAPair(debit)
}

const isPair = (debit: Line, credit: Line): boolean =>
  credit.lineId === debit.lineId + 1 &&
  credit.amountMinor === -debit.amountMinor &&
  credit.common === debit.common

const notAPair = ({ lineId }: Line): string =>
  `the ledger's line ${lineId} and the next one are no entry: they were written as a debit and a credit of the same`

/** The accounts that the row of `meta` has; the others are counters of their name. */
const inMeta: readonly (readonly [account: string, column: string])[] = [
  ['providerClearing', 'provider_clearing_minor'],
  ['fareRevenue', 'fare_revenue_minor'],
  ['refundsPayable', 'refunds_payable_minor'],
]

/** What the lines of each account come to is what the state says. */
function damageOfTotals(sqlite: Sqlite): string | undefined {
  const kept = inMeta
    .map(([account, column]) => `select '${account}' as account, ${column} as minor from meta`)
    .join(' union all ')
  const wrong = sqlite
    .prepare<[], { account: string; lines: number; state: number }>(
      `select account, lines, coalesce(
         (select minor from (${kept}) where account = sums.account),
         (select value from counters where name = sums.account), 0) as state
       from (select account, sum(amount_minor) as lines from ledger_lines group by account
         union all select account, 0 from (${kept})
         where account not in (select account from ledger_lines)) as sums
       where lines <> state limit 1`,
    )
    .get()
  return (
    wrong &&
    `the ledger's lines of ${wrong.account} come to ${wrong.lines}, and the state has ${wrong.state}`
  )
}
