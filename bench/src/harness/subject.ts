/** A thing to measure. To add one: a file that exports a `Subject`, and a line in ../subjects.ts. */
import type { Pace } from './measure.ts'
import type { Findings } from './report.ts'

export interface Subject {
  /** Options of its own, each with a value, and what they mean. */
  readonly options: Readonly<Record<string, string>>
  /** Without `--seconds` and `--rounds`. */
  readonly pace: Pace
  run(request: Request): Promise<Findings>
}

export interface Request {
  readonly pace: Pace
  /** The options that were given. */
  readonly options: Readonly<Record<string, string>>
  /** Cases whose name contains this; all of them when empty. */
  readonly only: string
  progress(done: number, all: number): void
}
