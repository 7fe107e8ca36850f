/** What a subject found, as tables for people and as data for programs. */
import type { Commit, Machine } from './machine.ts'
import type { Measurement, Pace } from './measure.ts'

/** A figure of docs/reference/benchmarks.md that is to be reached. */
export interface Verdict {
  readonly what: string
  readonly value: number
  readonly unit: string
  readonly limit: { readonly atLeast: number } | { readonly atMost: number }
  readonly met: boolean
}

export interface Table {
  readonly title: string
  /** The first column is words and stands left; the others stand right. */
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What a subject gives back. */
export interface Findings {
  readonly tables: readonly Table[]
  readonly verdicts: readonly Verdict[]
  /** Sentences that belong to the figures. */
  readonly notes: readonly string[]
  readonly measurements: readonly Measurement[]
  /** Figures that are not measurements of speed, by name. */
  readonly figures: Readonly<Record<string, unknown>>
}

export interface Report extends Findings {
  readonly subject: string
  readonly startedAt: string
  /** As it was typed. */
  readonly command: string
  readonly machine: Machine
  readonly commit: Commit
  readonly pace: Pace
  readonly options: Readonly<Record<string, string>>
}

export function verdict(
  what: string,
  value: number,
  unit: string,
  limit: Verdict['limit'],
): Verdict {
  const met = 'atLeast' in limit ? value >= limit.atLeast : value <= limit.atMost
  return { what, value, unit, limit, met }
}

export function renderHead({ subject, machine, commit, pace, measurements }: Report): string {
  const memory = `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB`
  const at = commit.hash?.slice(0, 12) ?? 'no commit'
  const lines = [
    `bench ${subject} at ${at}${commit.modified ? ' with changes' : ''}`,
    `${machine.cores} cores (${machine.processor}), ${memory}, ${machine.system}, Node ${machine.node}`,
  ]
  if (measurements.length > 0) {
    lines.push(
      `${pace.rounds} interleaved rounds, ${pace.seconds} s for each case; figures are medians of rounds`,
    )
  }
  if (machine.busy) {
    lines.push(
      `! The machine was busy when this began (load ${machine.loadAtStart.toFixed(2)}): go by ratios and processor time.`,
    )
  }
  return lines.join('\n')
}

export function renderFindings(findings: Findings): string {
  const parts = findings.tables.map(renderTable)
  if (findings.verdicts.length > 0) parts.push(renderTable(verdictTable(findings.verdicts)))
  if (findings.notes.length > 0) parts.push(findings.notes.join('\n'))
  return parts.join('\n\n')
}

export function renderTable({ title, columns, rows }: Table): string {
  const widths = columns.map((name, i) =>
    Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) =>
        i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number),
      )
      .join('  ')
      .trimEnd()
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2))
  return [title, line(columns), rule, ...rows.map(line)].join('\n')
}

function verdictTable(verdicts: readonly Verdict[]): Table {
  return {
    title: 'Targets',
    columns: ['what', 'here', 'target', ''],
    rows: verdicts.map(({ what, value, unit, limit, met }) => [
      what,
      `${number(value)} ${unit}`,
      'atLeast' in limit
        ? `at least ${number(limit.atLeast)} ${unit}`
        : `at most ${number(limit.atMost)} ${unit}`,
      met ? 'met' : 'MISSED',
    ]),
  }
}

/** Three digits that mean something, thousands set apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size >= 1000) return Math.round(Number(value.toPrecision(4))).toLocaleString('en')
  if (size >= 100) return value.toFixed(0)
  if (size >= 10) return value.toFixed(1)
  return value.toFixed(size >= 1 || size === 0 ? 2 : 3)
}
