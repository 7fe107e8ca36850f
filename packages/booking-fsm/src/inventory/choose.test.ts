import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseSeats } from './choose.ts'
import { type ClassLayout, classOf, layoutOf } from './layout.ts'
import {
  countFree,
  createInventory,
  freeSeats,
  type Inventory,
  isFree,
  takeSeats,
} from './occupancy.ts'
import { residualOf } from './residual.ts'

/** Three coaches; the middle one is of another class. Seats 0–7, 8–11, 12–19. */
const layout = layoutOf([
  { label: '1', classCode: '2', rows: 4, columns: 'A-B' },
  { label: '2', classCode: '1', rows: 2, columns: 'A-B' },
  { label: '3', classCode: '2', rows: 4, columns: 'A-B' },
])
const second = classOf(layout, '2') as ClassLayout

function empty(segments = 10): Inventory {
  return createInventory(layout.capacity, segments)
}
function taken(...journeys: [seat: number, from: number, to: number][]): Inventory {
  const inventory = empty()
  for (const [seat, from, to] of journeys) takeSeats(inventory, [seat], from, to, 'held')
  return inventory
}

describe('the choice of seats', () => {
  it('fills the tightest gap, then the first seat', () => {
    expect(chooseSeats(empty(), layout, second, 2, 4, 1)).toEqual([0])
    expect(chooseSeats(taken([14, 0, 2], [13, 0, 2]), layout, second, 2, 4, 1)).toEqual([13])
    const inventory = taken([3, 0, 1], [13, 5, 10], [14, 0, 2], [14, 5, 6])
    expect(chooseSeats(inventory, layout, second, 2, 4, 1)).toEqual([14])
    expect(chooseSeats(inventory, layout, second, 2, 5, 1)).toEqual([14])
    expect(chooseSeats(inventory, layout, second, 1, 5, 1)).toEqual([13])
  })

  it('keeps a group in one row, where the row fits best', () => {
    expect(chooseSeats(empty(), layout, second, 0, 2, 2)).toEqual([0, 1])
    expect(chooseSeats(taken([0, 0, 1], [16, 2, 10]), layout, second, 0, 2, 2)).toEqual([16, 17])
  })

  it('takes neighbouring rows for a larger group, with the best seats of them', () => {
    expect(chooseSeats(taken([1, 0, 1], [2, 1, 9]), layout, second, 0, 2, 3)).toEqual([3, 4, 5])
    expect(chooseSeats(taken([13, 5, 10]), layout, second, 0, 2, 3)).toEqual([12, 13, 14])
  })

  it('takes a second coach only when none has room', () => {
    const inventory = empty()
    takeSeats(inventory, [0, 1, 2, 3, 4, 12, 13, 14, 15, 16], 0, 10, 'sold')
    expect(chooseSeats(inventory, layout, second, 0, 2, 3)).toEqual([5, 6, 7])
    expect(chooseSeats(inventory, layout, second, 0, 2, 4)).toEqual([5, 6, 7, 17])
    expect(chooseSeats(inventory, layout, second, 0, 2, 6)).toEqual([5, 6, 7, 17, 18, 19])
  })

  it('says how many are free when they are too few', () => {
    const inventory = empty()
    takeSeats(inventory, [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 14, 15, 16, 17, 18], 3, 4, 'sold')
    expect(chooseSeats(inventory, layout, second, 0, 4, 2)).toBe(1)
    takeSeats(inventory, [19], 0, 10, 'sold')
    expect(chooseSeats(inventory, layout, second, 0, 4, 1)).toBe(0)
  })
})

describe('the bitmaps', () => {
  it('see what lies just beyond a word of 32 segments', () => {
    for (const border of [31, 32, 33, 63, 64, 65, 95, 96]) {
      const inventory = empty(120)
      takeSeats(inventory, [0], border, border + 1, 'held')
      expect(residualOf(inventory, 0, 2, 5)).toBe(border - 3)
      expect(residualOf(inventory, 0, 100, 102)).toBe(120 - (border + 1) - 2)
      expect(residualOf(inventory, 0, border - 1, border)).toBe(border - 1)
      expect(residualOf(inventory, 0, border + 1, border + 2)).toBe(120 - border - 2)
      expect(isFree(inventory, 0, border - 1, border + 1)).toBe(false)
    }
  })

  it('agree with a list of journeys, up to 120 segments', () => {
    const journeys = fc.array(
      fc.record({
        seat: fc.nat(19),
        from: fc.nat(119),
        length: fc.integer({ min: 1, max: 40 }),
        free: fc.boolean(),
      }),
      { maxLength: 60 },
    )
    const asked = fc.tuple(fc.nat(119), fc.integer({ min: 1, max: 60 }))
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        journeys,
        asked,
        (segments, all, [at, length]) => {
          const inventory = empty(segments)
          const grid = Array.from({ length: 20 }, () => Array<boolean>(segments).fill(false))
          const fill = (seat: number, from: number, to: number, value: boolean) =>
            grid[seat]?.fill(value, from, to)
          for (const journey of all) {
            const { seat } = journey
            const from = journey.from % segments
            const to = Math.min(segments, from + journey.length)
            const isIt = grid[seat]?.slice(from, to).every((it) => !it) === true
            expect(isFree(inventory, seat, from, to)).toBe(isIt)
            if (!isIt) continue
            takeSeats(inventory, [seat], from, to, 'held')
            fill(seat, from, to, true)
            if (!journey.free) continue
            freeSeats(inventory, [seat], from, to, 'held')
            fill(seat, from, to, false)
          }
          const from = at % segments
          const to = Math.min(segments, from + length)
          let free = 0
          for (const [seat, row] of grid.entries()) {
            if (row.slice(from, to).some(Boolean)) continue
            free++
            const since = row.lastIndexOf(true, from) + 1
            const until = row.indexOf(true, to)
            const stretch = (until < 0 ? segments : until) - since
            expect(residualOf(inventory, seat, from, to)).toBe(stretch - (to - from))
          }
          expect(countFree(inventory, 0, 20, from, to)).toBe(free)
          const held = grid[0]?.map((_, segment) => grid.filter((row) => row[segment]).length)
          expect([...inventory.held]).toEqual(held)
        },
      ),
    )
  })
})
