/** Coaches about which there is much to say, and what may be asked of them. */
import type { Coach, Command, QuotaPool, SeatPreferences, SetSeatRule } from '../../src/commands.ts'
import type { BookingState } from '../../src/state.ts'

/** Seats 0 to 7: a table for four, two wheelchair places with their companions, in class 2. */
export const special: readonly Coach[] = [
  {
    label: 'Q',
    classCode: '2',
    rows: 4,
    columns: 'A-B',
    seating: {
      bayRows: 2,
      rules: [
        { firstRow: 1, lastRow: 2, letters: '', properties: ['quiet', 'table'] },
        { firstRow: 3, lastRow: 4, letters: 'A', properties: ['wheelchair'] },
        { firstRow: 3, lastRow: 4, letters: 'B', properties: ['companion'] },
      ],
    },
  },
  { label: 'R', classCode: '2', rows: 3, columns: 'AB' },
]

export function preferencesFor(party: number, draw: () => number): SeatPreferences | undefined {
  if (draw() % 3 !== 0) return undefined
  return {
    required: draw() % 4 === 0 ? ['quiet'] : [],
    wished: draw() % 2 === 0 ? ['window', 'table'] : [],
    apart: draw() % 3 === 0,
    wheelchairPlaces: draw() % 3 === 0 ? draw() % (party + 1) : 0,
  }
}

export function seatRule(validFromMs: number): SetSeatRule {
  const limit = { classCode: '', fromLoadBasisPoints: 9_000, offeredBasisPoints: 1_000 }
  return {
    type: 'setSeatRule',
    validFromMs,
    wheelchairReleaseMs: 3_600_000,
    choiceLimits: [limit],
  }
}

/** Blocks and quotas of the first runs and trains. */
export function seatCommands(
  world: { readonly state: BookingState },
  draw: () => number,
): readonly Command[] {
  const { meta, blocks } = world.state
  const isRun = draw() % 2 === 0
  const runId = 1 + (draw() % meta.nextRunId)
  const trainId = 1 + (draw() % meta.nextTrainId)
  const where = isRun
    ? { runId, trainId: 0, fromDate: 0 }
    : { runId: 0, trainId, fromDate: 20261123 + (draw() % 4) }
  const toDate = isRun ? 0 : where.fromDate + (draw() % 4)
  const classCode = ['1', '2', '2', 'sleeper', '3'][draw() % 5] as string
  const pools = [pool('family', draw() % 20), pool('desk', draw() % 9)].slice(draw() % 3)
  const reason = 'technicalFailure'
  const train = draw() % 3 === 0 ? 'T' : ''
  const promise = { trainNumber: train, classCode, promised: draw() % 2 === 0 }
  const names = ['', 'family', 'desk', 'none']
  const seats = [draw() % 36, 40 + (draw() % 3)].slice(0, 1 + (draw() % 2))
  return [
    { type: 'blockSeats', ...where, toDate, seats, reason, shared: draw() % 2 === 0 },
    {
      type: 'unblockSeats',
      blockId: [...blocks.keys()][draw() % (blocks.size + 1)] ?? 1 + (draw() % 9),
      reason,
    },
    {
      type: 'setSeatPromiseRule',
      validFromMs: meta.nowMs + (draw() % 2) * 3_600_000,
      chartBeforeDepartureMs: (draw() % 3) * 3_600_000,
      lines: [promise].slice(draw() % 3 === 0 ? 1 : 0),
    },
    {
      type: 'setOverbookingRule',
      validFromMs: meta.nowMs,
      lines: [{ trainNumber: train, classCode, basisPoints: (draw() % 5) * 1_000 }],
    },
    { type: 'setQuotas', ...where, classCode, pools },
    {
      type: 'moveQuota',
      runId,
      classCode,
      fromPool: names[draw() % 4] as string,
      toPool: names[draw() % 4] as string,
      count: 1 + (draw() % 12),
    },
  ]
}

export function pool(code: string, capacity: number): QuotaPool {
  const roles = code === 'desk' ? (['staff'] as const) : []
  return { code, capacity, roles, passengerTypes: [], releaseBeforeDepartureMs: 0 }
}
