/** The rows of what stays of archived bookings. */
import { stubPaymentValues, stubValues } from '../archive/stub-rows.ts'
import type { RowValues } from '../row-values.ts'

export const archiveRows = {
  booking_stubs: stubValues,
  payment_stubs: stubPaymentValues,
} satisfies Partial<RowValues>
