/** The rows of the log itself. */
import type { RowValues } from '../row-values.ts'
import type { Value } from '../rows.ts'
import type { Meta } from '../things.ts'

export const logRows = {
  meta: metaValues,
  nodes: (it) => [it.name, it.clientUrl, it.peerUrl, it.byOperator],
  counters: (it) => [it.name, it.value],
  audit_head: (it) => [1, it.count, it.link],
  requests: (it) => [it.requestKey, it.contentHash, it.replyJson, it.index, it.atMs],
} satisfies Partial<RowValues>

function metaValues(it: Meta): Value[] {
  return [
    1,
    it.appliedIndex,
    it.nowMs,
    it.featureLevel,
    it.clusterId,
    it.pnrKey.join(','),
    it.currency,
    it.holdMs,
    it.paymentWindowMs,
    it.nextAccountId,
    it.nextStationId,
    it.nextTrainId,
    it.nextRunId,
    it.nextImportId,
    it.nextFareRuleId,
    it.nextRefundRuleId,
    it.nextBookingId,
    it.nextPaymentId,
    it.nextOutboxId,
    it.nextLedgerLineId,
    it.providerClearing,
    it.fareRevenue,
    it.refundsPayable,
  ]
}
