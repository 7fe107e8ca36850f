import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { actorOf, commandOf, histories, keyOf, type Step } from '../test/histories.ts'
import { Watch } from '../test/invariants/watch.ts'
import { loadPacked } from '../test/load-packed.ts'
import { type Railway, railway, send } from '../test/world.ts'
import { applyEntry } from './apply.ts'
import type { Entry } from './commands.ts'
import { loadState } from './load.ts'
import { nextDrawMs } from './queries/draws.ts'
import type { Reply } from './replies.ts'
import type { Row, RowChange, Value } from './rows.ts'
import { rowsOf, stateHash } from './snapshot.ts'
import type { BookingState } from './state.ts'
import { tables } from './tables.ts'

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
  do apply(entry({ type: 'tick' }, {}))
  while ((nextDrawMs(world.state) ?? Number.POSITIVE_INFINITY) <= world.state.meta.nowMs)
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

/** `toEqual`, and quick where nothing differs. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected)
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

/** What the railway's people may do for a passenger. */
const forStaffToo: ReadonlySet<string> = new Set([
  'payRefund',
  'issueTickets',
  'overrideRefund',
  'rebookFree',
])

const runsPerTest = { numRuns: process.env.CI === undefined ? 60 : 600 }

describe('generated histories', () => {
  it('never throw, never half-apply, never sell a seat twice, and the ledger balances', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const world = railway()
        const watch = new Watch(world.state)
        for (const step of steps) {
          let before = ''
          const reply = play(world, step, (entry) => {
            before = lasting(world.state)
            const applied = applyEntry(world.state, entry)
            const { reply, changes } = applied
            watch.check(world.state, entry, reply, changes, world.index % 16 === 0)
            return applied.reply
          })
          expect(typeof reply.type).toBe('string')
          if (reply.type === 'refused') expect(lasting(world.state)).toBe(before)
        }
        watch.checkAll(world.state)
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
            expectSame(loaded, live)
            expect(stateHash(twin)).toBe(stateHash(world.state))
            write(database, live.changes)
            return live.reply
          })
          const portion = 1 + (i % 5)
          const again =
            i % 2 === 0 ? loadState(database.values()) : loadPacked(database.values(), portion)
          expect(stateHash(again)).toBe(stateHash(world.state))
          expectSame(rowsOf(again), rowsOf(world.state))
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
          const isPassenger = world.state.accounts.get(actor)?.role === 'passenger'
          if (forStaffToo.has(command.type) && !isPassenger) continue
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
