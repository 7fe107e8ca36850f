/** Whose rows an entry has changed: nobody's but those of who asked, of those who wait, and of whom staff serve. */

import type { Entry } from '../../src/commands.ts'
import { isShared } from '../../src/inventory/shares.ts'
import type { RowChange, Value } from '../../src/rows.ts'
import type { BookingState } from '../../src/state.ts'
import { tables } from '../../src/tables.ts'
import { archivedOwners } from './archive.ts'

/** The column that says whose a row is: an account's id, or a booking's, whose owner it is. */
const owned: ReadonlyMap<string, 'account_id' | 'booking_id'> = new Map([
  ...[
    ...['accounts', 'sessions', 'saved_passengers', 'password_resets', 'second_factors', 'guests'],
    ...['notice_preferences', 'draw_entries', 'erasures', 'tills', 'bookings', 'booking_stubs'],
  ].map((table) => [table, 'account_id'] as const),
  ...[
    ...[
      'customers',
      'voucher_uses',
      'payments',
      'cancelled_passengers',
      'refund_offers',
      'tickets',
    ],
    ...['waiting', 'exchanges', 'compensations', 'passenger_details', 'booking_products'],
    ...['booking_pools', 'seat_wishes', 'journey_changes', 'disrupted_bookings'],
  ].map((table) => [table, 'booking_id'] as const),
])
const columnOf = new Map(
  tables.flatMap(({ name, columns }) => {
    const column = owned.get(name)
    return column === undefined ? [] : [[name, columns.findIndex((it) => it.name === column)]]
  }),
)

/** As they are before an entry: who had what, and whose bookings the machine may change by itself. */
export interface Owners {
  readonly bookings: ReadonlyMap<number, number>
  readonly sessions: ReadonlyMap<string, number>
  /** What is opened just now is nobody else's. */
  readonly accounts: ReadonlySet<number>
  /** Who waits, or sits on half a berth, may get what somebody else gives back. */
  readonly inLine: ReadonlySet<number>
}

export function ownersIn(state: BookingState): Owners {
  const bookings = new Map(archivedOwners)
  const inLine = new Set(state.waiting.keys())
  for (const { bookingId, accountId, seats } of state.bookings.values()) {
    bookings.set(bookingId, accountId)
    if (isShared(seats)) inLine.add(bookingId)
  }
  const sessions = new Map([...state.sessions].map(([hash, { accountId }]) => [hash, accountId]))
  return { bookings, sessions, accounts: new Set(state.accounts.keys()), inLine }
}

/** The first row that is somebody else's, though who asked may not do that for others. */
export function foreignRow(
  state: BookingState,
  before: Owners,
  { actor, key, command }: Entry,
  changes: readonly RowChange[],
): string | undefined {
  const isCluster = actor === 0 && key?.principal?.startsWith?.('c:') !== true
  if (isCluster || isFor(state, actor, command?.type)) return undefined
  const foreign = changes.find((change) => {
    const owner = ownerOf(before, change)
    return owner !== undefined && owner !== actor
  })
  return foreign && `${foreign.table} ${JSON.stringify(foreign)}`
}

/** Staff do these for passengers, at the counter or on the train. */
const byStaff: ReadonlySet<string> = new Set([
  'issueTickets',
  'inspectTicket',
  'deleteAccount',
  'rebookFree',
  'takeRefund',
  'overrideRefund',
  'decideOverride',
  'payOut',
  'payRefund',
  'recordChargeback',
  'settleChargeback',
])
const byOperators: ReadonlySet<string> = new Set([
  'setRole',
  'setAccountOpen',
  'endSessions',
  'askSecondFactorReset',
  'approveSecondFactorReset',
])
/** Whoever has the secret that the door has seen, before anybody is logged in, or beside. */
const bySecret: ReadonlySet<string> = new Set([
  'openSession',
  'openSecuredSession',
  'openGuestLink',
  'closeSession',
  'requestPasswordReset',
  'resetPassword',
  'claimGuest',
])

/** The command is done for others, by such an account. */
export function isFor({ accounts }: BookingState, actor: number, type: string): boolean {
  const role = accounts.get(actor)?.role
  if (bySecret.has(type) || (byOperators.has(type) && role === 'operator')) return true
  return byStaff.has(type) && (role === 'staff' || role === 'operator')
}

function ownerOf(before: Owners, change: RowChange): number | undefined {
  const { table } = change
  const column = columnOf.get(table)
  if (column === undefined) return undefined
  const values: readonly Value[] = change.type === 'delete' ? change.key : change.values
  if (table === 'sessions') return before.sessions.get(values[0] as string) ?? accountOf(values[1])
  if (table !== 'bookings' && owned.get(table) === 'account_id') return accountOf(values[column])
  const bookingId = values[table === 'bookings' ? 0 : column] as number
  return before.inLine.has(bookingId) ? undefined : before.bookings.get(bookingId)

  function accountOf(value: Value | undefined): number | undefined {
    return before.accounts.has(value as number) ? (value as number) : undefined
  }
}
