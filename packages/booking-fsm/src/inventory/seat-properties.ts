/** What seats are like: a bit for each property, in an order that never changes. */
import type { Seating, SeatProperty, SeatRuleLine } from '../commands.ts'

/** The bit of each; rows in databases have them. */
export const propertyBits: Readonly<Record<SeatProperty, number>> = {
  window: 1,
  aisle: 2,
  table: 4,
  facing: 8,
  quiet: 16,
  lowerBerth: 32,
  middleBerth: 64,
  upperBerth: 128,
  sideLowerBerth: 256,
  sideUpperBerth: 512,
  wheelchair: 1_024,
  companion: 2_048,
}
const ordered = Object.keys(propertyBits) as SeatProperty[]

export function isSeatProperty(value: unknown): value is SeatProperty {
  return typeof value === 'string' && (ordered as readonly string[]).includes(value)
}

export function maskOf(properties: readonly SeatProperty[]): number {
  let mask = 0
  for (const property of properties) mask |= propertyBits[property]
  return mask
}

/** In the order in which they are declared. */
export function propertiesIn(mask: number): SeatProperty[] {
  return ordered.filter((property) => (mask & propertyBits[property]) !== 0)
}

export function countBits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

/** Each seat of a coach, row by row. */
export function seatMasks(
  rows: number,
  columns: string,
  seating: Seating | undefined,
): Uint16Array {
  const letters = columns.replaceAll('-', '')
  const lines = seating?.rules ?? []
  const named = lines.some(({ properties }) =>
    properties.some((of) => of === 'window' || of === 'aisle'),
  )
  const masks = new Uint16Array(rows * letters.length)
  for (let at = 0; at < masks.length; at++) {
    const row = Math.floor(at / letters.length) + 1
    const letter = letters.charAt(at % letters.length)
    let mask = named ? 0 : maskByColumns(columns, letter)
    for (const line of lines) if (names(line, row, letter)) mask |= maskOf(line.properties)
    masks[at] = mask
  }
  return masks
}

function maskByColumns(columns: string, letter: string): number {
  const at = columns.indexOf(letter)
  const isEnd = at === 0 || at === columns.length - 1
  const isAisle = columns.charAt(at - 1) === '-' || columns.charAt(at + 1) === '-'
  return (isEnd ? propertyBits.window : 0) | (isAisle ? propertyBits.aisle : 0)
}

function names({ firstRow, lastRow, letters }: SeatRuleLine, row: number, letter: string): boolean {
  return row >= firstRow && row <= lastRow && (letters === '' || letters.includes(letter))
}

/** As a train's row has it: the bay, and the lines with their mask. */
export type PackedSeating = readonly [
  number,
  readonly (readonly [number, number, string, number])[],
]

export function packSeating({ bayRows, rules }: Seating): PackedSeating {
  return [bayRows, rules.map((of) => [of.firstRow, of.lastRow, of.letters, maskOf(of.properties)])]
}

export function unpackSeating([bayRows, lines]: PackedSeating): Seating {
  const rules = lines.map(([firstRow, lastRow, letters, mask]) => ({
    firstRow,
    lastRow,
    letters,
    properties: propertiesIn(mask),
  }))
  return { bayRows, rules }
}

/** With nothing but what belongs to it, as it will be loaded again. */
export function copySeating(seating: Seating): Seating {
  return unpackSeating(packSeating(seating))
}
