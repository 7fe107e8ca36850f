/** What an action prints: a table for people, or JSON with the same in it. */
export interface Found {
  readonly headings: readonly string[]
  readonly lines: readonly (readonly string[])[]
  /** What JSON says. */
  readonly json: object
  /** Where the next page begins; '': nowhere. */
  readonly nextPage: string
}

export function print({ headings, lines, json, nextPage }: Found, asJson: boolean): void {
  if (asJson) {
    const more = nextPage === '' ? {} : { nextPage }
    process.stdout.write(`${JSON.stringify({ ...json, ...more }, undefined, 2)}\n`)
    return
  }
  const all = [headings, ...lines]
  const widths = headings.map((_, i) => Math.max(...all.map((line) => line[i]?.length ?? 0)))
  const rows = all.map((line) =>
    line
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  process.stdout.write(`${rows.join('\n')}\n`)
  if (nextPage !== '') process.stdout.write(`There is more: --page ${nextPage}\n`)
}
