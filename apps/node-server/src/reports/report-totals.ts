/** What reports are added up with. */
export type Cell = string | number

/** Sums by names, in the order of the names. */
export class Totals {
  readonly #names: number
  readonly #figures: number
  readonly #sums = new Map<string, Cell[]>()

  constructor(names: number, figures: number) {
    this.#names = names
    this.#figures = figures
  }

  add(names: readonly string[], figures: readonly number[]): void {
    const key = JSON.stringify(names)
    const row = this.#sums.get(key) ?? [...names, ...Array<Cell>(this.#figures).fill(0)]
    this.#sums.set(key, row)
    figures.forEach((figure, i) => {
      const at = this.#names + i
      row[at] = (row[at] as number) + figure
    })
  }

  rows(): Cell[][] {
    const named = [...this.#sums.entries()]
    return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
  }
}

/** The day on the clocks of the zone: `2026-11-23`. */
export function days(timeZone: string): (instantMs: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return (instantMs) => format.format(instantMs)
}
