/** Why a feed can not be read as GTFS: nothing of it is imported. */
export interface FeedProblem {
  readonly file: string
  /** Counted from 1; 0 when the file as a whole is meant. */
  readonly line: number
  /** The column's name; '' when the line as a whole is meant. */
  readonly column: string
  readonly problem: string
}

/** A trip that breaks a rule: it is left out whole, the rest is imported. */
export interface LeftOut {
  readonly file: string
  readonly line: number
  readonly reason: string
}

/** Collects problems; a feed that is broken everywhere is not listed to the last row. */
export class FeedProblems {
  readonly list: FeedProblem[] = []
  private readonly limit = 100
  private more = 0

  add(file: string, line: number, column: string, problem: string): void {
    if (this.list.length < this.limit) this.list.push({ file, line, column, problem })
    else this.more++
  }

  /** The problems found, and a last one that counts those not listed. */
  all(): FeedProblem[] {
    if (this.more === 0) return [...this.list]
    const rest = { file: '', line: 0, column: '', problem: `${this.more} more problems` }
    return [...this.list, rest]
  }
}
