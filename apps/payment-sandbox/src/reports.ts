import type { SandboxDatabase } from './database.ts'

export interface ReferenceSummary {
  readonly reference: string
  readonly authorizations: number
  readonly declined: number
  readonly captures: number
  readonly voids: number
  readonly refunds: number
  readonly authorizedMinor: number
  readonly capturedMinor: number
  readonly voidedMinor: number
  readonly refundedMinor: number
}

export function ledger(database: SandboxDatabase): readonly ReferenceSummary[] {
  return database
    .prepare<[], ReferenceSummary>(
      `with moved as (
         select authorization_id,
           sum(kind = 'capture') as captures, sum(kind = 'void') as voids, sum(kind = 'refund') as refunds,
           sum(iif(kind = 'capture', amount_minor, 0)) as captured,
           sum(iif(kind = 'void', amount_minor, 0)) as voided,
           sum(iif(kind = 'refund', amount_minor, 0)) as refunded
         from movement group by authorization_id)
       select reference,
         sum(state != 'declined') as authorizations, sum(state = 'declined') as declined,
         sum(coalesce(captures, 0)) as captures, sum(coalesce(voids, 0)) as voids,
         sum(coalesce(refunds, 0)) as refunds,
         sum(iif(state != 'declined', amount_minor, 0)) as authorizedMinor,
         sum(coalesce(captured, 0)) as capturedMinor, sum(coalesce(voided, 0)) as voidedMinor,
         sum(coalesce(refunded, 0)) as refundedMinor
       from authorization left join moved on moved.authorization_id = authorization.id
       group by reference order by reference`,
    )
    .all()
}

export function authorizationsOf(database: SandboxDatabase, reference: string): readonly object[] {
  return database
    .prepare<[string], object>(
      `select id, reference, amount_minor as amountMinor, currency, state,
         refunded_minor as refundedMinor, last4, brand, authorization.created_at as createdAtMs
       from authorization join token using (token) where reference = ? order by authorization.rowid`,
    )
    .all(reference)
}
