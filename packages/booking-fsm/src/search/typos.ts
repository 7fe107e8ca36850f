/** Whether a text begins with another one, but for a few slips: letters wrong, missing, too many or swapped. */

/** So many slips are forgiven in a text of this length. */
export function slipsAllowed(length: number): number {
  if (length < 4) return 0
  return length < 8 ? 1 : 2
}

/** The slips in which `typed` differs from some beginning of `text.slice(start, end)`; undefined: more than `most`. */
export function slipsBetween(
  typed: string,
  text: string,
  start: number,
  end: number,
  most: number,
): number | undefined {
  const width = Math.min(end - start, typed.length + most)
  let before: number[] = []
  let above = Array.from({ length: width + 1 }, (_, at) => at)
  for (let i = 1; i <= typed.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= width; j++) {
      const [a, b] = [typed.charCodeAt(i - 1), text.charCodeAt(start + j - 1)]
      let slips = Math.min(
        (above[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (above[j - 1] as number) + (a === b ? 0 : 1),
      )
      const swapped =
        i > 1 && j > 1 && a === text.charCodeAt(start + j - 2) && b === typed.charCodeAt(i - 2)
      if (swapped) slips = Math.min(slips, (before[j - 2] as number) + 1)
      row.push(slips)
      least = Math.min(least, slips)
    }
    if (least > most) return undefined
    before = above
    above = row
  }
  const slips = Math.min(...above)
  return slips <= most ? slips : undefined
}
