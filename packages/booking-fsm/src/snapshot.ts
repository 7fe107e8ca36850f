/** The state as rows, and its hash. */
import { hashText } from './hash.ts'
import { rowValues, type StateTable, type Things } from './row-values.ts'
import type { Row, Value } from './rows.ts'
import type { BookingState } from './state.ts'
import { tables } from './tables.ts'

/** Every row of the `state` tables, sorted by table and key. */
export function rowsOf(state: BookingState): Row[] {
  const rows: Row[] = []
  for (const name of Object.keys(rowValues).sort() as StateTable[]) {
    const keyColumns = tables.find((table) => table.name === name)?.keyColumns ?? 1
    const ofTable = valuesOf(state, name).sort((a, b) => compareKeys(a, b, keyColumns))
    for (const values of ofTable) rows.push({ table: name, values })
  }
  return rows
}

/** 16 hexadecimal digits: equal on every node at the same index. */
export function stateHash(state: BookingState): string {
  return hashText(state.hashLow, state.hashHigh)
}

/** In no order. */
export function valuesOf(state: BookingState, table: StateTable): Value[][] {
  const collect = <T extends StateTable>(name: T, things: Iterable<Things[T]>) =>
    Array.from(things, (thing) => rowValues[name](thing))
  switch (table) {
    case 'meta':
      // Before the first entry there is no row at all.
      return state.meta.appliedIndex > 0 ? [rowValues.meta(state.meta)] : []
    case 'station_changes':
      return [...state.imports.values()].flatMap((it) => collect(table, it.staged.changes.values()))
    case 'accounts':
      return collect(table, state.accounts.values())
    case 'sessions':
      return collect(table, state.sessions.values())
    case 'password_resets':
      return collect(table, state.passwordResets.values())
    case 'second_factors':
      return collect(table, state.secondFactors.values())
    case 'second_factor_rules':
      return collect(table, state.secondFactorRules)
    case 'saved_passengers':
      return [...state.savedPassengers.values()].flatMap((it) => collect(table, it))
    case 'erasures':
      return collect(table, state.erasures)
    case 'guests':
      return collect(table, state.guests.values())
    case 'guest_rules':
      return collect(table, state.guestRules)
    case 'agent_rules':
      return collect(table, state.agentRules)
    case 'commissions':
      return collect(table, state.commissions.values())
    case 'customers':
      return collect(table, state.customers.values())
    case 'tills':
      return collect(table, state.tills.values())
    case 'companies':
      return collect(table, state.companies.values())
    case 'company_members':
      return [...state.companies.values()].flatMap((it) => collect(table, it.members.values()))
    case 'company_items':
      return collect(table, state.companyItems.values())
    case 'invoices':
      return collect(table, state.invoices.values())
    case 'imports':
      return collect(table, state.imports.values())
    case 'stations':
      return collect(table, state.stations.values())
    case 'trains':
      return collect(table, state.trains.values())
    case 'runs':
      return collect(table, state.runs.values())
    case 'fare_rules':
      return collect(table, state.fareRules.values())
    case 'refund_rules':
      return collect(table, state.refundRules.values())
    case 'vouchers':
      return collect(table, state.vouchers.values())
    case 'voucher_uses':
      return collect(table, state.voucherUses.values())
    case 'passenger_details':
      return [...state.passengerDetails.values()].flatMap((it) => collect(table, it))
    case 'fare_products':
      return collect(table, state.fareProducts)
    case 'booking_products':
      return collect(table, state.bookingProducts.values())
    case 'booking_pools':
      return collect(table, state.bookingPools.values())
    case 'seat_blocks':
      return collect(table, state.blocks.values())
    case 'quotas':
      return [...state.quotas.values()].flatMap((it) => collect(table, it))
    case 'compensation_rules':
      return collect(table, state.disruption.rules.values())
    case 'disruptions':
      return collect(table, state.disruption.disruptions.values())
    case 'overrides':
      return collect(table, state.disruption.overrides.values())
    case 'chargebacks':
      return collect(table, state.chargebacks.values())
    case 'disrupted_bookings':
      return collect(table, state.disruption.disrupted.values())
    case 'delays':
      return [...state.disruption.delays.values()].flatMap((it) => collect(table, it))
    case 'delay_compensations':
      return [...state.disruption.delayPays.values()].flatMap((it) => collect(table, it))
    case 'journey_changes':
      return [...state.disruption.changes.values()].flatMap((it) => collect(table, it))
    case 'run_consists':
      return collect(table, state.consist.own.values())
    case 'reseatings':
      return collect(table, state.consist.changing.values())
    case 'reseated_parties':
      return [...state.consist.changing.values()].flatMap((it) =>
        collect(table, it.parties.values()),
      )
    case 'seat_rules':
      return collect(table, state.seatRulesByTime)
    case 'seat_promise_rules':
      return collect(table, state.seatPromiseRules)
    case 'overbooking_rules':
      return collect(table, state.overbookingRules)
    case 'seat_wishes':
      return collect(table, state.seatWishes.values())
    case 'bookings':
      return [...state.bookings.bookingRows()]
    case 'payments':
      return [...state.bookings.paymentRows()]
    case 'outbox':
      return [
        ...collect(table, state.effects.values()),
        ...collect(table, state.archive.effects.values()),
      ]
    case 'booking_stubs':
      return [...state.archive.stubRows()]
    case 'payment_stubs':
      return [...state.archive.paymentRows()]
    case 'cancelled_passengers':
      return [...state.cancelled.values()].flatMap((it) => collect(table, it))
    case 'refund_offers':
      return collect(table, state.offers.values())
    case 'trips':
      return [...state.bookings.tripRows()]
    case 'draws':
      return collect(table, state.draws.values())
    case 'draw_entries':
      return [...state.draws.values()].flatMap((it) => collect(table, it.entries.values()))
    case 'waiting_rules':
      return collect(table, state.waitingRules.values())
    case 'charts':
      return collect(table, state.charts.values())
    case 'waiting':
      return collect(table, state.waiting.values())
    case 'exchanges':
      return collect(table, state.exchanges.values())
    case 'compensations':
      return [...state.compensations.values()].flatMap((it) => collect(table, it))
    case 'tickets':
      return [...state.tickets.values()].flatMap((it) => collect(table, it))
    case 'ticket_keys':
      return collect(table, state.ticketKeys.values())
    case 'nodes':
      return collect(table, state.nodes.values())
    case 'notices':
      return collect(table, state.notices.values())
    case 'notice_preferences':
      return collect(table, state.noticePreferences.values())
    case 'counters':
      return collect(table, state.counters.values())
    case 'sales_rules':
      return collect(table, state.salesRules)
    case 'audit_head':
      return state.audit.count > 0 ? [rowValues.audit_head(state.audit)] : []
    case 'requests':
      return collect(table, state.remembered.values())
  }
}

export function compareKeys(a: readonly Value[], b: readonly Value[], keyColumns: number): number {
  for (let i = 0; i < keyColumns; i++) {
    const left = a[i] as number | string
    const right = b[i] as number | string
    if (left < right) return -1
    if (left > right) return 1
  }
  return 0
}
