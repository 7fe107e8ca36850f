import { type CsvError, parse } from 'csv-parse/sync'
import type { FeedProblems } from './feed-problem.ts'

/** One row of a table: its line in the file, and its fields by the table's column numbers. */
export interface CsvRow {
  readonly line: number
  readonly fields: readonly string[]
}

/** A table whose header holds what it must. Absent optional columns read as ''. */
export class CsvTable {
  readonly file: string
  readonly rows: readonly CsvRow[]
  private readonly columns: ReadonlyMap<string, number>

  constructor(file: string, rows: readonly CsvRow[], columns: ReadonlyMap<string, number>) {
    this.file = file
    this.rows = rows
    this.columns = columns
  }

  has(column: string): boolean {
    return this.columns.has(column)
  }

  /** Gives a function that reads one column of a row. */
  reader(column: string): (row: CsvRow) => string {
    const at = this.columns.get(column)
    return at === undefined ? () => '' : (row) => row.fields[at] ?? ''
  }
}

/**
 * Reads a CSV file strictly: UTF-8 with or without a byte order mark, lines ended by CR LF or LF,
 * fields quoted or not, unknown columns welcome. Undefined when the file is broken; why is reported.
 */
export function readCsvTable(
  file: string,
  bytes: Uint8Array,
  required: readonly string[],
  problems: FeedProblems,
): CsvTable | undefined {
  const text = decode(file, bytes, problems)
  if (text === undefined) return undefined
  const rows = parseRows(file, text, problems)
  if (rows === undefined) return undefined
  const [header, ...body] = rows
  if (header === undefined) {
    problems.add(file, 1, '', 'is empty; a header with the column names is missing')
    return undefined
  }
  let sound = true
  const broken = (line: number, column: string, problem: string) => {
    problems.add(file, line, column, problem)
    sound = false
  }
  const columns = new Map<string, number>()
  for (const [at, name] of header.fields.entries()) {
    if (columns.has(name)) broken(header.line, name, 'the column is there twice')
    columns.set(name, at)
  }
  for (const name of required) {
    if (!columns.has(name)) broken(header.line, name, 'the column is missing')
  }
  for (const { line, fields } of body) {
    if (fields.length === header.fields.length) continue
    broken(line, '', `has ${fields.length} fields where the header has ${header.fields.length}`)
  }
  return sound ? new CsvTable(file, body, columns) : undefined
}

function decode(file: string, bytes: Uint8Array, problems: FeedProblems): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    problems.add(file, brokenUtf8Line(bytes), '', 'is not UTF-8 text')
    return undefined
  }
}

function brokenUtf8Line(bytes: Uint8Array): number {
  let [start, line] = [0, 1]
  for (let at = 0; at <= bytes.length; at++) {
    if (at < bytes.length && bytes[at] !== 0x0a) continue
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, at))
    } catch {
      return line
    }
    start = at + 1
    line++
  }
  return 0
}

/** What the parser gives with `info: true`. */
interface ParsedRecord {
  readonly info: { readonly lines: number }
  readonly record: string[]
}

function parseRows(file: string, text: string, problems: FeedProblems): CsvRow[] | undefined {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as ParsedRecord[]
    return records.map(({ info, record }) => ({
      line: info.lines - lineBreaksIn(record),
      fields: record,
    }))
  } catch (error) {
    const { lines, message } = error as CsvError & { lines?: number }
    problems.add(file, lines ?? 0, '', `is not CSV: ${message}`)
    return undefined
  }
}

/** The parser counts the line on which a record ends; a quoted field may span several. */
function lineBreaksIn(fields: readonly string[]): number {
  let breaks = 0
  for (const field of fields) {
    if (field.includes('\n') || field.includes('\r')) breaks += field.split(/\r\n|\n|\r/).length - 1
  }
  return breaks
}
