/** Which classes give seats later, as histories draw it: mostly the small one, or one train. */
import type { SetOverbookingRule, SetSeatPromiseRule } from '../../../src/index.ts'
import type { Draw } from '../draws.ts'

export function overbooking(validFromMs: number, draw: Draw): SetOverbookingRule {
  const lines = [
    { trainNumber: '', classCode: '1', basisPoints: draw() % 10_001 },
    { trainNumber: 'T1', classCode: '1', basisPoints: (draw() % 3) * 2_500 },
    { trainNumber: '', classCode: '2', basisPoints: draw() % 3_000 },
  ]
  return { type: 'setOverbookingRule', validFromMs, lines: lines.slice(draw() % 3) }
}

const hour = 3_600_000

export function seatPromise(validFromMs: number, draw: Draw): SetSeatPromiseRule {
  const lines = [
    { trainNumber: '', classCode: '1', promised: draw() % 4 === 0 },
    { trainNumber: ['T1', 'T2', ''][draw() % 3] ?? '', classCode: '2', promised: draw() % 3 === 0 },
    { trainNumber: 'T1', classCode: '1', promised: draw() % 2 === 0 },
  ]
  return {
    type: 'setSeatPromiseRule',
    validFromMs,
    chartBeforeDepartureMs: (draw() % 5) * hour,
    lines: lines.slice(draw() % 2),
  }
}
