/** What the provider says it has settled, against what the cluster knows of: only the differences. */
import type { Sqlite } from '../storage/database.ts'
import type { Cell } from './report-totals.ts'
import type { SettlementLine } from './settlement-list.ts'

export interface SettlementQuery {
  readonly kind: 'settlements'
  /** What was answered in [from, to) should be in the list. */
  readonly fromMs: number
  readonly toMs: number
  readonly lines: readonly SettlementLine[]
}

interface Ours {
  readonly key: string
  readonly kind: string
  readonly paymentId: number
  readonly bookingId: number
  readonly amountMinor: number
  /** `done`, `refused`, `withdrawn`, or `waiting`: it has no answer yet. */
  readonly outcome: string
}

export function readSettlements(sqlite: Sqlite, { fromMs, toMs, lines }: SettlementQuery) {
  const columns = [
    ...['difference', 'key', 'kind', 'payment_id', 'booking_id', 'here_minor', 'there_minor'],
    'what_to_do',
  ]
  const rows: Cell[][] = []
  const find = sqlite.prepare<[string, string], Ours>(ours('effect_key = ?', 'effect_key = ?'))
  const listed = new Set<string>()
  for (const line of lines) {
    listed.add(line.key)
    const difference = differenceOf(find.get(line.key, line.key), line)
    if (difference !== undefined) rows.push(difference)
  }
  const done = sqlite.prepare<[number, number], Ours>(
    ours(`outcome = 'done' and e.at_ms >= ? and e.at_ms < ? and ${AT_PROVIDER}`, 'false'),
  )
  for (const it of done.iterate(fromMs, toMs)) {
    if (listed.has(it.key) || it.amountMinor === 0) continue
    rows.push(row('missing there', it.key, it.kind, it, 0, toDo.missingThere))
  }
  return { columns, rows }
}

function differenceOf(known: Ours | undefined, line: SettlementLine): Cell[] | undefined {
  const { key, kind, amountMinor } = line
  if (known === undefined || known.kind !== kind) {
    return row('missing here', key, kind, undefined, amountMinor, toDo.missingHere[kind])
  }
  if (known.outcome === 'waiting') {
    return row('not answered yet', key, kind, known, amountMinor, toDo.waiting)
  }
  if (known.outcome !== 'done') {
    return row(`${known.outcome} here`, key, kind, known, amountMinor, toDo.notDone[kind])
  }
  if (known.amountMinor === amountMinor) return undefined
  return row('other amount', key, kind, known, amountMinor, toDo.otherAmount)
}

const toDo = {
  missingHere: {
    capture:
      'Nobody here asked for it: have the provider pay it back, and look who else has its keys.',
    refund: 'Nobody here asked for it: ask the provider who did, and claim it back.',
  },
  missingThere:
    'Look in the list of the next days first. If it is not there either, ask the provider by its key.',
  waiting: 'The cluster asks the provider for it by itself. If it stays so, look at the outbox.',
  notDone: {
    capture: 'It was booked as refused and nothing was sold for it: have the provider pay it back.',
    refund:
      'It was booked as refused: if it is owed still, do not send it again; tell whoever keeps the books.',
  },
  otherAmount: 'Ask the provider by its key; whoever keeps the books enters the difference.',
} as const

function row(
  difference: string,
  key: string,
  kind: string,
  known: Ours | undefined,
  thereMinor: number,
  whatToDo: string,
): Cell[] {
  const { paymentId = 0, bookingId = 0, amountMinor = 0, outcome = '' } = known ?? {}
  const hereMinor = outcome === 'done' ? amountMinor : 0
  return [difference, key, kind, paymentId, bookingId, hereMinor, thereMinor, whatToDo]
}

/** What was paid at a counter, the provider knows nothing of. */
const AT_PROVIDER =
  "p.provider_reference not like 'cash:%' and p.provider_reference not like 'terminal:%'"

/** What was answered, and what waits for its answer; each once. */
function ours(answered: string, waiting: string): string {
  const columns = `effect_key as key, kind, e.payment_id as paymentId, p.booking_id as bookingId,
    e.amount_minor as amountMinor`
  return `select ${columns}, outcome from effect_outcomes e join payments p using (payment_id)
      where kind in ('capture', 'refund') and ${answered}
    union all select ${columns}, 'waiting' from outbox e join payments p using (payment_id)
      where kind in ('capture', 'refund') and ${waiting}`
}
