/**
 * All dated rules. Which kinds there are follows from the tables: whatever has an instant from which on it
 * counts is one, so that a new kind shows up by itself.
 */
import type { StateTable } from '../row-values.ts'
import type { Table, Value } from '../rows.ts'
import { valuesOf } from '../snapshot.ts'
import type { BookingState } from '../state.ts'
import { tables } from '../tables.ts'

export interface RuleView {
  /** A table's name without `_rules`, e.g. `fare`. */
  readonly kind: string
  /** Counts from 1 in its kind. */
  readonly ruleId: number
  readonly validFromMs: number
  /** What it says, field by field; lists are lists. */
  readonly content: Readonly<Record<string, unknown>>
  /** It is the one of its kind that counts at the instant that was asked for. */
  readonly counts: boolean
}

export interface RuleQuery {
  /** Undefined: all. */
  readonly kind?: string | undefined
  readonly atMs: number
  /** Without those that count no more at the instant, and will not again. */
  readonly withoutPast: boolean
}

const VALID_FROM = 'valid_from_ms'

/** By kind. */
const tablesOfRules: ReadonlyMap<string, Table> = new Map(
  tables
    .filter(({ columns }) => columns.some(({ name }) => name === VALID_FROM))
    .map((table) => [table.name.replace(/_rules$/, ''), table]),
)

/** In alphabetical order. */
export const ruleKinds: readonly string[] = [...tablesOfRules.keys()].sort()

/** By kind, then by the instant that they count from; of two with the same one the later set, which counts, is last. */
export function listRules(state: BookingState, query: RuleQuery): RuleView[] {
  return ruleKinds
    .filter((kind) => query.kind === undefined || query.kind === kind)
    .flatMap((kind) => rulesOfKind(state, kind, query))
}

function rulesOfKind(
  state: BookingState,
  kind: string,
  { atMs, withoutPast }: RuleQuery,
): RuleView[] {
  const table = tablesOfRules.get(kind) as Table
  const validFrom = table.columns.findIndex(({ name }) => name === VALID_FROM)
  const rows = valuesOf(state, table.name as StateTable)
    .map((values) => ({ values, id: values[0] as number, from: values[validFrom] as number }))
    .sort((a, b) => a.from - b.from || a.id - b.id)
  const counting = rows.findLastIndex(({ from }) => from <= atMs)
  return rows
    .map(({ values, id, from }, i) => ({
      kind,
      ruleId: id,
      validFromMs: from,
      content: contentOf(table, values),
      counts: i === counting,
    }))
    .slice(withoutPast ? Math.max(counting, 0) : 0)
}

function contentOf({ columns }: Table, values: readonly Value[]): Record<string, unknown> {
  const said = columns.flatMap(({ name }, i) => {
    if (i === 0 || name === VALID_FROM) return []
    return [[camelCase(name), contentOfCell(values[i] ?? null)]]
  })
  return Object.fromEntries(said) as Record<string, unknown>
}

/** Lists and objects are texts in a row. */
function contentOfCell(value: Value): unknown {
  const isJson = typeof value === 'string' && /^[[{]/.test(value)
  return isJson ? (JSON.parse(value) as unknown) : value
}

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
