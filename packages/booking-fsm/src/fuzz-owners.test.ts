/** That the fuzzer would see it: rows of somebody else among the changes of an entry. */
import { expect, it } from 'vitest'
import { foreignRow, ownersIn } from '../test/fuzz/owners.ts'
import { confirmed, held, key, railway, register } from '../test/world.ts'
import type { Command, Entry } from './commands.ts'
import type { RowChange } from './rows.ts'
import { rowsOf } from './snapshot.ts'

const world = railway()
const staff = register(world, 'staff@example.org', 'staff')
const anns = confirmed(world, world.ann, world.runId)
held(world, world.bob, world.runId)
const rowsIn = (table: string): RowChange[] =>
  rowsOf(world.state).flatMap((row) => (row.table === table ? [{ type: 'upsert', ...row }] : []))
const seen = (actor: number, changes: readonly RowChange[], type = 'holdSeats', principal = '') => {
  const command = { type } as Command
  const by = principal === '' ? undefined : key('r', { principal })
  const entry: Entry = { index: 1, timestampMs: 0, actor, key: by, command }
  return foreignRow(world.state, ownersIn(world.state), entry, changes)
}
const customer: RowChange = {
  ...{ type: 'upsert', table: 'customers' },
  values: [anns.bookingId, 'X', ''],
}

it.each([
  ['bookings', rowsIn('bookings').slice(0, 1)],
  ['payments', rowsIn('payments')],
  ['customers', [customer]],
  ['customers', [{ type: 'delete', table: 'customers', key: [anns.bookingId] } as const]],
  ['saved_passengers', [saved()]],
  ['accounts', rowsIn('accounts').slice(0, 1)],
])('in %s', (table, changes) => {
  expect(changes.length).toBeGreaterThan(0)
  expect(seen(world.bob, changes)).toContain(table)
  expect(seen(world.ann, changes)).toBeUndefined()
  expect(seen(0, changes, 'holdSeats', 'c:browser')).toContain(table)
  // The cluster's own work, and what staff do for passengers.
  expect(seen(0, changes)).toBeUndefined()
  expect(seen(staff, changes, 'takeRefund')).toBeUndefined()
  expect(seen(world.bob, changes, 'takeRefund')).toContain(table)
})

function saved(): RowChange {
  return { type: 'upsert', table: 'saved_passengers', values: [world.ann, 1, 'P', '', 0, ''] }
}
