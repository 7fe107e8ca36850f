/** Each invariant notices when it is broken: a check that can not fail checks nothing. */
import { expect, it } from 'vitest'
import { checks, Watch } from '../test/invariants/watch.ts'
import {
  confirmed,
  DAY,
  done,
  held,
  joined,
  key,
  MONDAY,
  must,
  type Railway,
  railway,
  send,
  waitingLists,
} from '../test/world.ts'
import { stubValues } from './archive/stub-rows.ts'
import type { Command, Entry } from './commands.ts'
import { noteChange } from './disruption/hit.ts'
import type { Inventory } from './inventory/occupancy.ts'
import type { Reply } from './replies.ts'
import type { RowChange } from './rows.ts'
import type { Work } from './store.ts'
import type { Booking, Remembered } from './things.ts'
import { createChart } from './waiting/list.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Ann has bought two seats and cancelled one booking; Bob holds one. */
function soldRailway(): Railway {
  const world = railway()
  confirmed(world, world.ann, world.runId, { seats: [6, 7] })
  done(world, 2)
  const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId, { seats: [8] })
  done(world, 4)
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
  send(world, cancel, { actor: world.ann })
  held(world, world.bob, world.runId, { seats: [9], from: 1, to: 3 })
  must(send(world, { type: 'setQuotas', ...deskOf(world), pools: [desk] }), 'done')
  // The first class is full, and both of them wait for it.
  must(send(world, waitingLists), 'done')
  held(world, world.bob, world.runId, { passengers: 6, classCode: '1' })
  joined(world, world.ann, world.runId)
  send(world, { ...waitingLists, capBasisPoints: 10_000 } as Command)
  joined(world, world.bob, world.runId, { from: 1, to: 3 })
  send(world, { type: 'tick' }, { key: key('one') })
  send(world, { type: 'tick' }, { key: key('two') })
  return world
}

const desk = {
  code: 'desk',
  capacity: 1,
  roles: [],
  passengerTypes: [],
  releaseBeforeDepartureMs: 0,
} as const
const deskOf = ({ runId }: Railway) => ({ runId, trainId: 0, fromDate: 0, classCode: '2' })

const nothing: Reply = { type: 'done' }
const refusal: Reply = { type: 'refused', code: 'notAllowed', seats: [], figure: 0, field: '' }

function entryOf({ index, nowMs }: Railway): Entry {
  const command = { type: 'tick' } as const
  return { index, timestampMs: nowMs, actor: 0, key: undefined, command }
}

interface Broken {
  readonly sold: Writable<Booking>
  readonly cancelled: Writable<Booking>
  readonly held: Writable<Booking>
  /** Who waits: the first and the second. */
  readonly waits: readonly [Writable<Booking>, Writable<Booking>]
  readonly inventory: Inventory
  readonly world: Railway
}
interface Seen {
  readonly reply?: Reply
  readonly changes?: readonly RowChange[]
}

const line = (amount: number): RowChange => ({
  type: 'upsert',
  table: 'ledger_lines',
  values: [99, 1, 1, 'fareRevenue', amount, 1, 1, 'x'],
})

/** How each of them is broken. */
const ways: Readonly<Record<string, (it: Broken) => Seen | undefined>> = {
  I1: ({ held: one }) => {
    one.seats = [6]
    return undefined
  },
  I2: ({ inventory }) => {
    inventory.bits[6] = 0
    return undefined
  },
  I3: ({ inventory }) => {
    inventory.held[0] = 65_535
    return undefined
  },
  L1: ({ inventory }) => {
    inventory.later = [undefined, new Uint16Array(inventory.segments).fill(1)]
    return undefined
  },
  R1: ({ sold }) => {
    sold.seats = [-10, -11]
    return undefined
  },
  R2: ({ sold }) => {
    sold.seats = [-10, -11]
    return undefined
  },
  I4: ({ sold, world }) => {
    const [quota] = world.state.quotas.get(sold.run.train.trainId) ?? []
    const [pool] = quota?.pools ?? []
    const { capacity = 0 } = sold.run.layout.classes.find((it) => it.classCode === '2') ?? {}
    // One place is left for everybody, and three are sold or held.
    if (pool !== undefined) Object.assign(pool, { capacity: capacity - 1 })
    return undefined
  },
  I5: ({ inventory }) => {
    inventory.touched.push(20)
    return undefined
  },
  I6: ({ held: one }) => {
    one.toStop = 9
    return undefined
  },
  I7: ({ held: one }) => {
    one.classCode = '1'
    return undefined
  },
  I8: ({ held: one }) => {
    one.passengers = 2
    return undefined
  },
  I9: ({ held: one }) => {
    one.expiresAtMs = 1
    return undefined
  },
  I10: ({ cancelled }) => {
    cancelled.status = 'released'
    return undefined
  },
  I11: ({ held: one }) => {
    one.status = 'paying'
    return undefined
  },
  I12: ({ held: one, sold }) => {
    one.pnr = sold.pnr
    return undefined
  },
  I13: ({ sold }) => {
    sold.fareRuleId = 7
    return undefined
  },
  I14: () => ({ changes: [line(5)] }),
  I15: ({ sold }) => {
    ;(sold.payments[0] as { refundedMinor: number }).refundedMinor = -1
    return undefined
  },
  I16: ({ cancelled }) => {
    cancelled.refundMinor -= 1
    return undefined
  },
  I17: ({ cancelled }) => {
    cancelled.status = 'expired'
    return undefined
  },
  I18: ({ sold }) => {
    sold.payments = []
    return undefined
  },
  I19: ({ cancelled }) => {
    ;(cancelled.payments[0] as { refundPending: boolean }).refundPending = false
    return undefined
  },
  I20: () => ({
    changes: [1, 1].map((id) => ({ type: 'upsert', table: 'effect_outcomes', values: [id] })),
  }),
  N2: () => ({
    changes: [{ type: 'upsert', table: 'draw_results', values: [9, 1, '', '', 1, 1, 0] }],
  }),
  F1: ({ inventory }) => {
    inventory.pools = new Map([['2*half', new Uint16Array(4).fill(1)]])
    return undefined
  },
  C1: ({ world }) => {
    const change = { coaches: [], withoutCoaches: ['3'], blockedSeats: [] }
    const reason = 'technicalFailure'
    send(world, { type: 'changeConsist', runId: world.runId, ...change, reason })
    for (const _ of [1, 2]) send(world, { type: 'continueDisruption', disruptionId: 1 })
    const parties = world.state.consist.changing.get(world.runId)?.parties.values() ?? []
    for (const party of parties) party.seats = party.seats.map(() => 6)
    return undefined
  },
  C2: ({ sold }) => {
    sold.status = 'disrupted'
    return undefined
  },
  C3: ({ sold, world }) => {
    noteChange(
      { state: world.state, changes: [] } as unknown as Work,
      sold,
      'seatsChanged',
      'other',
      { lost: [], backs: [1_000_000] },
    )
    return undefined
  },
  V1: ({ world }) => {
    send(world, {
      ...{ type: 'issueVoucher', codeHash: '1'.repeat(64), amountMinor: 5, basisPoints: 0 },
      ...{ maximumMinor: 0, minimumMinor: 0, validFromMs: 0, validToMs: MONDAY + 9 * DAY },
      ...{ once: false, accountId: 0, reason: 'other' },
    })
    const voucher = world.state.vouchers.get(1)
    if (voucher !== undefined) voucher.expiredMinor = 1
    return undefined
  },
  I21: (broken) => {
    freeFirstSeat(broken)
    return undefined
  },
  I22: (broken) => {
    const {
      world,
      waits: [, second],
    } = broken
    freeFirstSeat(broken)
    world.state.waiting.delete(second.bookingId)
    second.seats = [0]
    second.status = 'held'
    return undefined
  },
  I23: ({ world, waits: [first] }) => {
    const entry = world.state.waiting.get(first.bookingId) as { priority: number }
    entry.priority = 9
    return undefined
  },
  W1: ({ world, sold, held }) => {
    world.state.charts.set(held.run.runId, createChart(held.run, 1, 0, 1))
    const { bookingId } = Object.assign(held, { heldAtIndex: world.state.meta.appliedIndex })
    const seats = { pnr: '', seats: [], priceMinor: 0, expiresAtMs: sold.expiresAtMs }
    return { reply: { type: 'seatsHeld', bookingId, ...seats } }
  },
  I24: ({ world }) => {
    world.state.waitingQueue.items.pop()
    return undefined
  },
  I25: ({ world }) => {
    for (const chart of world.state.charts.values()) chart.closedAtMs = 1
    return undefined
  },
  N3: ({ world }) => {
    const pay = { bookingId: 1, position: 0, lateMinutes: 60, amountMinor: 1, atMs: 0 }
    world.state.disruption.delayPays.set(1, [{ hashLow: 0, hashHigh: 0, ...pay }])
    return undefined
  },
  A1: ({ world }) => {
    const bob = world.state.accounts.get(world.bob)
    if (bob !== undefined) bob.erasedAtMs = 1
    return undefined
  },
  N1: () => ({
    changes: [1, 1].map((id) => ({ type: 'upsert', table: 'notice_outcomes', values: [id] })),
  }),
  I26: ({ world }) => {
    world.state.meta.nowMs -= 1
    return undefined
  },
  I27: ({ world }) => {
    world.state.remembered.add({ ...([...world.state.remembered.values()][0] as Remembered) })
    world.state.sessionQueue.items.push({} as never)
    return undefined
  },
  I29: ({ world }) => {
    world.state.hashLow ^= 1
    return undefined
  },
  I31: ({ world }) => {
    world.state.audit.link = '1'.repeat(64)
    return undefined
  },
  D1: ({ world }) => {
    world.state.meta.nextBookingId += 1
    return undefined
  },
  D2: ({ world: { state } }) => {
    const stub = { bookingId: 99, familyId: 99, accountId: 1, passengers: 1, requests: '' }
    const ended = { bought: true, overMs: 1, owedMinor: 0 }
    const fares = [{ keptMinor: 1, priceMinor: 1, taxMinor: 0 }]
    const values = stubValues({ ...stub, ...ended, fares })
    state.archive.set({ ...stub, ...ended, fares }, values, state.meta.pnrKey)
    state.meta.nextBookingId = 100
    return undefined
  },
  I30: () => ({ reply: refusal, changes: [line(5), line(-5)] }),
}

function freeFirstSeat({ inventory, world }: Broken): void {
  inventory.bits[0] = 0
  for (const it of world.state.bookings.values()) {
    if (it.seats.includes(0)) it.status = 'expired'
  }
}

it.each(Object.keys(checks))('%s notices when it is broken', (id) => {
  const world = soldRailway()
  const watch = new Watch(world.state)
  watch.check(world.state, entryOf(world), nothing, [])
  const [sold, cancelled, one] = [1, 2, 3].map((of) => world.state.bookings.get(of) as Booking)
  const inventory = world.state.runs.get(world.runId)?.inventory as Inventory
  const waits = [5, 6].map((of) => world.state.bookings.get(of) as Booking)
  const broken = { sold, cancelled, held: one, waits, inventory, world } as unknown as Broken
  const seen = ways[id]?.(broken)
  expect(ways[id], 'a way to break it').toBeDefined()
  // Others may notice too: it is enough that this one does.
  const problems = watch.problems(
    world.state,
    entryOf(world),
    seen?.reply ?? nothing,
    seen?.changes ?? [],
  )
  expect(problems.map((problem) => problem.split(':')[0])).toContain(id)
})
