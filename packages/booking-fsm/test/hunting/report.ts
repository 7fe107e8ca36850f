/** What a long run has done so far, in a file: so that it can be stopped, go on, and be added to others. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

export interface Counts {
  commands: number
  /** Of each kind of command, how many were sent and how many of them refused. */
  kinds: Record<string, { sent: number; refused: number }>
  /** By code. */
  refusals: Record<string, number>
}

export interface Report extends Counts {
  /** History n has the seed `seed + n`. */
  readonly seed: number
  histories: number
  /** The first history that nobody has begun, and those that were begun and not finished. */
  next: number
  open: number[]
  seconds: number
  differences: { readonly history: number; readonly found: string; readonly log: string }[]
  /** Each time it was started. */
  readonly runs: { readonly startedAt: string; commands: number; seconds: number }[]
}

export function noCounts(): Counts {
  return { commands: 0, kinds: {}, refusals: {} }
}

/** Throws when there is a report already and it is not to be continued. */
export function openReport(file: string, seed: number, isContinued: boolean): Report {
  if (!existsSync(file)) {
    const none = { histories: 0, next: 0, open: [], seconds: 0, differences: [], runs: [] }
    return { seed, ...noCounts(), ...none }
  }
  if (isContinued) return JSON.parse(readFileSync(file, 'utf8')) as Report
  throw new Error(`${file} is there already: --resume goes on with it`)
}

/** Never half written. */
export function saveReport(file: string, report: Report): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(report, null, 2)}\n`)
  renameSync(`${file}.new`, file)
}

export function count(counts: Counts, kind: string, refusal: string | undefined): void {
  counts.commands++
  const of = counts.kinds[kind] ?? { sent: 0, refused: 0 }
  counts.kinds[kind] = of
  of.sent++
  if (refusal === undefined) return
  of.refused++
  counts.refusals[refusal] = (counts.refusals[refusal] ?? 0) + 1
}

export function addCounts(to: Counts, more: Counts): void {
  to.commands += more.commands
  for (const [kind, { sent, refused }] of Object.entries(more.kinds)) {
    const of = to.kinds[kind] ?? { sent: 0, refused: 0 }
    to.kinds[kind] = { sent: of.sent + sent, refused: of.refused + refused }
  }
  for (const [code, times] of Object.entries(more.refusals)) {
    to.refusals[code] = (to.refusals[code] ?? 0) + times
  }
}
