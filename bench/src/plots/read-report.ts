import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../harness/report.ts'
import { UsageError } from '../options.ts'

/** Throws `UsageError`, with what is wrong with the file. */
export function readReport(file: string): Report {
  const name = path.basename(file)
  const report = parsed(file, name) as Partial<Report> | null
  const isReport =
    typeof report?.subject === 'string' &&
    typeof report.startedAt === 'string' &&
    typeof report.machine?.loadAtStart === 'number' &&
    typeof report.commit === 'object' &&
    Array.isArray(report.measurements) &&
    Array.isArray(report.verdicts) &&
    typeof report.figures === 'object'
  if (!isReport)
    throw new UsageError(`${name} was not written by pnpm bench SUBJECT --json: make it anew.`)
  // Files of before the command was written.
  return { command: `pnpm bench ${report.subject}`, ...report } as Report
}

function parsed(file: string, name: string): unknown {
  let words: string
  try {
    words = readFileSync(file, 'utf8')
  } catch {
    throw new UsageError(`${file} can not be read.`)
  }
  try {
    return JSON.parse(words)
  } catch {
    throw new UsageError(`${name} is no JSON: it was cut off, or is something else.`)
  }
}
