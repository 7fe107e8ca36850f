/** The part of docs/reference/benchmarks.md that `pnpm bench record` writes: nobody types a figure there. */
import { commandFor, commitOf, dateOf, loadOf, machineOf } from '../harness/origin.ts'
import { number, type Report, type Table, type Verdict } from '../harness/report.ts'
import { UsageError } from '../options.ts'
import type { Picture } from '../plots/picture.ts'

const begin = '<!-- figures: written by pnpm bench record -->'
const end = '<!-- end of figures -->'

export interface Recorded {
  readonly name: string
  readonly report: Report
  readonly pictures: readonly Picture[]
}

/** The page with these parts anew; parts of others stay as they are. `order` is that of the parts. */
export function pageWith(
  page: string,
  recorded: readonly Recorded[],
  order: readonly string[],
): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from)
    throw new UsageError(`The page has no line "${begin}" with a line "${end}" below it.`)
  const parts = new Map(partsOf(page.slice(from, to)))
  for (const one of recorded) parts.set(one.name, partFor(one))
  const known = order.filter((name) => parts.has(name))
  const others = [...parts.keys()].filter((name) => !order.includes(name))
  const body = [...known, ...others].map(
    (name) => `${opening(name)}\n${parts.get(name)}\n${closing(name)}\n`,
  )
  return [`${page.slice(0, from)}${begin}\n`, ...body, page.slice(to)].join('\n')
}

const opening = (name: string): string => `<!-- ${name} -->`
const closing = (name: string): string => `<!-- end of ${name} -->`

const partsOf = (text: string): [string, string][] =>
  [...text.matchAll(/<!-- ([\w-]+) -->\n([\s\S]*?)\n<!-- end of \1 -->/g)].map(
    ([, name = '', part = '']) => [name, part],
  )

function partFor({ name, report, pictures }: Recorded): string {
  const { verdicts, tables, notes } = report
  const blocks = [
    `### ${name}`,
    `${dateOf(report)}, ${commitOf(report)}, ${loadOf(report)}; ${machineOf(report)}; \`${commandFor(report)}\``,
    ...(verdicts.length === 0 ? [] : [verdictTable(verdicts)]),
    ...pictures.map((one) => `![${one.title}](../pictures/bench-${one.name}.svg)`),
    ...tables.map(markdownTable),
    // What makes the figures doubtful, or is missing.
    ...notes.filter((note) => /^(!|Left out)/.test(note)).map(escaped),
  ]
  return blocks.join('\n\n')
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ what, value, unit, limit, met }) => {
    const bound = 'atLeast' in limit ? limit.atLeast : limit.atMost
    const side = 'atLeast' in limit ? 'at least' : 'at most'
    const target = `${side} ${withUnit(bound, unit)}: ${met ? 'met' : 'missed'}`
    return [what, withUnit(value, unit), target]
  })
  return grid(['What', 'Here', 'Target'], rows)
}

function withUnit(value: number, unit: string): string {
  const isCount = Number.isInteger(value) && Math.abs(value) < 1_000
  return `${isCount ? value : number(value)} ${unit}`.trim()
}

const markdownTable = ({ title, columns, rows }: Table): string =>
  `${escaped(title)}:\n\n${grid(columns, rows)}`

function grid(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`
  const rule = `|${columns.map((_, i) => (i === 0 ? '---|' : '---:|')).join('')}`
  return [line(columns), rule, ...rows.map(line)].join('\n')
}

const escaped = (words: string): string => words.replaceAll('|', '\\|').replaceAll('<', '&lt;')
