import { rowsOf, tables } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { bookRows } from './book.ts'
import { Railway } from './railway.ts'

const columnsOf = (table: string) =>
  tables.find(({ name }) => name === table)?.columns.map(({ name }) => name) ?? []

test('a book says of no record or money that is not in it: nodes that look at their databases would miss it', () => {
  const rows = [...bookRows(50)]
  const kept = new Set(rowsOf(Railway.found().state).map(({ table }) => table))
  expect(kept).toContain('audit_head')
  expect(rows.map(({ table }) => table)).not.toContain('audit_head')
  const meta = rows.find(({ table }) => table === 'meta')
  for (const name of ['provider_clearing_minor', 'fare_revenue_minor', 'refunds_payable_minor'])
    expect(meta?.values[columnsOf('meta').indexOf(name)], name).toBe(0)
})

test('each booking has its payment, and an id behind which the counters stand', () => {
  const rows = [...bookRows(50)]
  const idsOf = (table: string) =>
    rows.filter((row) => row.table === table).map(({ values }) => Number(values[0]))
  expect(idsOf('bookings')).toEqual(Array.from({ length: 50 }, (_, i) => i + 1))
  expect(idsOf('payments')).toEqual(idsOf('bookings'))
  const meta = rows.find(({ table }) => table === 'meta')
  for (const name of ['next_booking_id', 'next_payment_id'])
    expect(meta?.values[columnsOf('meta').indexOf(name)], name).toBe(51)
})
