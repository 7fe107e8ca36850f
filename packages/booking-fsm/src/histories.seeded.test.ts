import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actorOf, commandOf, histories, keyOf, type Step } from '../test/histories.ts'
import { type Railway, railway, send } from '../test/world.ts'
import { applyEntry } from './apply.ts'
import type { Entry } from './commands.ts'
import { createInventory, type Inventory, takeSeats } from './inventory/occupancy.ts'
import { claimOf, liveSeats } from './live.ts'
import { loadState } from './load.ts'
import { ledgerTotals } from './queries/payments.ts'
import type { Reply } from './replies.ts'
import type { Row, RowChange, Value } from './rows.ts'
import { rowsOf, stateHash } from './snapshot.ts'
import type { BookingState } from './state.ts'
import { tables } from './tables.ts'
import type { Payment, Run } from './things.ts'
import { leadOf, legsOf } from './trips.ts'

/** One step: the clock moves by a tick of its own, so that what follows is the command's doing. */
function play(world: Railway, step: Step, apply: (entry: Entry) => Reply): Reply {
  world.nowMs += step.pass
  const entry = (command: Entry['command'], by: Partial<Entry>): Entry => ({
    index: ++world.index,
    timestampMs: world.nowMs,
    actor: 0,
    key: undefined,
    command,
    ...by,
  })
  apply(entry({ type: 'tick' }, {}))
  const actor = actorOf(step, world.state)
  return apply(entry(commandOf(step, world.state), { actor, key: keyOf(step, actor) }))
}

/** What a database holds that is written with the changes only. */
type Database = Map<string, Row>

function write(database: Database, changes: readonly RowChange[]): void {
  for (const change of changes) {
    const table = tables.find(({ name }) => name === change.table)
    const key = change.type === 'delete' ? change.key : change.values.slice(0, table?.keyColumns)
    const name = `${change.table} ${JSON.stringify(key)}`
    if (change.type === 'delete') expect(database.delete(name)).toBe(true)
    else if (table?.purpose === 'state') database.set(name, change)
    if (change.type === 'upsert') expectFit(change.table, change.values)
  }
}

/** Each value is of its column's type: what a database would refuse is found here. */
function expectFit(name: string, values: readonly Value[]): void {
  const columns = tables.find((table) => table.name === name)?.columns ?? []
  expect(values).toHaveLength(columns.length)
  for (const [i, { type, nullable }] of columns.entries()) {
    const value = values[i]
    const isFit =
      value === null ? nullable : type === 'text' ? typeof value === 'string' : isWhole(value)
    if (!isFit) throw new Error(`${name}.${columns[i]?.name} is ${String(value)}`)
  }
}

function isWhole(value: unknown): boolean {
  return Number.isSafeInteger(value)
}

/** All but what any entry may change: the clock, and what it remembers of requests. */
function lasting(state: BookingState): string {
  const { appliedIndex: _, nowMs: __, hashLow: ___, hashHigh: ____, ...counters } = state.meta
  const rows = rowsOf(state).filter(({ table }) => table !== 'meta' && table !== 'requests')
  return JSON.stringify([counters, rows])
}

function expectSound(state: BookingState): void {
  const { providerClearing, fareRevenue, refundsPayable, taxPayable } = ledgerTotals(state)
  expect(providerClearing + fareRevenue + refundsPayable + taxPayable).toBe(0)
  const inventories = new Map<Run, Inventory>()
  let owed = 0
  let refunded = 0
  let earned = 0
  for (const booking of state.bookings.values()) {
    const { run, fromStop, toStop, status } = booking
    const claim = claimOf(status)
    const { layout, stops } = run.train
    const inventory = inventories.get(run) ?? createInventory(layout.capacity, stops.length - 1)
    inventories.set(run, inventory)
    // Throws when a seat is sold twice.
    if (claim !== undefined) takeSeats(inventory, liveSeats(booking), fromStop, toStop, claim)
    expect(booking.queueAt >= 0).toBe(status === 'held' || status === 'paying')
    if (claim === 'held') expect(booking.expiresAtMs).toBeGreaterThan(state.meta.nowMs)
    const { payments } = leadOf(booking)
    const paid = payments.filter(({ status: it }) => ['authorised', 'captured'].includes(it))
    expect(paid.length).toBe(booking.confirmedAtMs > 0 && !wasUncaptured(payments) ? 1 : 0)
    for (const payment of booking.payments) {
      const agreed = legsOf(booking).reduce((sum, leg) => sum + leg.refundMinor, 0)
      expect(payment.refundedMinor).toBeLessThanOrEqual(agreed)
      refunded += payment.refundedMinor
      if (payment.status === 'captured') earned += payment.amountMinor - payment.refundedMinor
    }
    owed += booking.refundMinor
  }
  for (const [run, inventory] of inventories) {
    if (run.inventory !== undefined)
      expect(comparable(run.inventory)).toEqual(comparable(inventory))
  }
  expect(providerClearing).toBe(earned)
  expect(0 - refundsPayable).toBe(owed - refunded)
}

/** The seats taken somewhere are listed in no order. */
function comparable({ bits, held, sold, touched }: Inventory): unknown {
  return { bits, held, sold, touched: [...touched].sort((a, b) => a - b) }
}

function wasUncaptured(payments: readonly Payment[]): boolean {
  return payments.some((it) => it.status === 'declined' && it.providerReference !== '')
}

const runsPerTest = { numRuns: process.env.CI === undefined ? 60 : 600 }

describe('generated histories', () => {
  it('never throw, never half-apply, never sell a seat twice, and the ledger balances', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const world = railway()
        for (const step of steps) {
          let before = ''
          const reply = play(world, step, (entry) => {
            before = lasting(world.state)
            return applyEntry(world.state, entry).reply
          })
          expect(typeof reply.type).toBe('string')
          if (reply.type === 'refused') expect(lasting(world.state)).toBe(before)
          expectSound(world.state)
        }
      }),
      runsPerTest,
    )
  })

  it('give with their rows, loaded at any index, the live hash and the same future', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 9 }), (steps, every) => {
        const world = railway()
        const database: Database = new Map()
        for (const row of rowsOf(world.state)) write(database, [{ type: 'upsert', ...row }])
        let twin = loadState(database.values())
        for (const [i, step] of steps.entries()) {
          play(world, step, (entry) => {
            const live = applyEntry(world.state, entry)
            const loaded = applyEntry(twin, entry)
            expect(loaded).toEqual(live)
            expect(stateHash(twin)).toBe(stateHash(world.state))
            write(database, live.changes)
            return live.reply
          })
          const again = loadState(database.values())
          expect(stateHash(again)).toBe(stateHash(world.state))
          expect(rowsOf(again)).toEqual(rowsOf(world.state))
          if (i % every === 0) twin = again
        }
      }),
      runsPerTest,
    )
  })

  it('never let anybody touch the booking of somebody else', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const world = railway()
        for (const step of steps) {
          let sent: Entry | undefined
          const reply = play(world, step, (entry) => {
            sent = entry
            return applyEntry(world.state, entry).reply
          })
          const { command, actor, key } = sent as Entry
          if (key !== undefined || !('bookingId' in command) || reply.type === 'refused') continue
          expect(world.state.bookings.get(command.bookingId)?.accountId).toBe(actor)
        }
      }),
      runsPerTest,
    )
  })

  it('repeat every answered request as it was answered', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const world = railway()
        for (const step of steps) {
          let sent: Entry | undefined
          const reply = play(world, { ...step, pass: 0 }, (entry) => {
            sent = entry
            return applyEntry(world.state, entry).reply
          })
          if (sent?.key === undefined || sent.command.type === 'resolveRequest') continue
          send(world, { type: 'tick' })
          const before = lasting(world.state)
          const again = send(world, sent.command, { actor: sent.actor, key: sent.key })
          expect(JSON.stringify(again)).toBe(JSON.stringify(reply))
          expect(lasting(world.state)).toBe(before)
        }
      }),
      runsPerTest,
    )
  })
})
