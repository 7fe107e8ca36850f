import fc from 'fast-check'
import { expect, it } from 'vitest'
import { chooseSeats } from './choose.ts'
import { type ClassLayout, layoutOf } from './layout.ts'
import { createInventory, isFree, takeSeats } from './occupancy.ts'
import { residualOf } from './residual.ts'

const SEATS = 6
const layout = layoutOf([{ label: '1', classCode: '2', rows: 2, columns: 'A-BC' }])
const journey = fc.record({ seat: fc.nat(SEATS - 1), from: fc.nat(63), length: fc.nat(63) })

it('one passenger gets the seat with the least (residual, number), on trains of one word and of two', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 2, 28, 31, 32, 33, 64),
      fc.array(journey, { maxLength: 20 }),
      journey,
      (segments, taken, wanted) => {
        const inventory = createInventory(SEATS, segments)
        const interval = (it: { from: number; length: number }) => {
          const from = it.from % segments
          return [from, from + 1 + (it.length % (segments - from))] as const
        }
        for (const one of taken) {
          const [from, to] = interval(one)
          if (isFree(inventory, one.seat, from, to))
            takeSeats(inventory, [one.seat], from, to, 'held')
        }
        const [from, to] = interval(wanted)
        const free = Array.from({ length: SEATS }, (_, seat) => seat)
          .filter((seat) => isFree(inventory, seat, from, to))
          .map((seat) => ({ seat, residual: residualOf(inventory, seat, from, to) }))
          .sort((a, b) => a.residual - b.residual || a.seat - b.seat)
        const chosen = chooseSeats(inventory, layout, layout.classes[0] as ClassLayout, from, to, 1)
        expect(chosen).toEqual(free[0] === undefined ? 0 : [free[0].seat])
      },
    ),
    { numRuns: 3_000 },
  )
})
