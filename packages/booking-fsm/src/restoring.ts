/** A state that is taken from a backup and goes on as another cluster's. */
import { addToCounter, sequenceCounters } from './counters.ts'
import type { RowChange } from './rows.ts'
import type { BookingState } from './state.ts'
import { deleteRow, type Work, writeRow } from './store.ts'

/**
 * How far every number is moved on. What the old cluster gave out after the backup was made (bookings,
 * references, tickets, the index that an answer named) is in people's hands: none of it may be given
 * out again for something else.
 */
export const RESTORE_JUMP = 1_000_000

/**
 * Gives the state its new cluster, in place: the rows that change, to be written with `info(state).appliedIndex`
 * as their index. `clusterId`: 32 hexadecimal digits, not the old one's. The same on every node.
 */
export function moveToCluster(state: BookingState, clusterId: string): readonly RowChange[] {
  const { meta } = state
  if (!/^[0-9a-f]{32}$/.test(clusterId)) throw new Error('a cluster id has 32 hexadecimal digits')
  if (clusterId === meta.clusterId) throw new Error('the state is of this very cluster')
  meta.clusterId = clusterId
  meta.appliedIndex += RESTORE_JUMP
  meta.nextAccountId += RESTORE_JUMP
  meta.nextStationId += RESTORE_JUMP
  meta.nextTrainId += RESTORE_JUMP
  meta.nextRunId += RESTORE_JUMP
  meta.nextImportId += RESTORE_JUMP
  meta.nextFareRuleId += RESTORE_JUMP
  meta.nextRefundRuleId += RESTORE_JUMP
  meta.nextBookingId += RESTORE_JUMP
  meta.nextPaymentId += RESTORE_JUMP
  meta.nextOutboxId += RESTORE_JUMP
  meta.nextLedgerLineId += RESTORE_JUMP
  const work: Work = {
    state,
    changes: [],
    index: meta.appliedIndex,
    actor: 0,
    cluster: true,
    requestKey: '',
    contentHash: '',
    effects: 0,
    subject: '',
    reason: '',
    recorded: false,
    freed: undefined,
    freedLists: 0,
  }
  for (const name of sequenceCounters) {
    // Also one that had given out nothing yet: it may have since.
    addToCounter(work, name, RESTORE_JUMP)
  }
  // Where the old cluster's nodes are reached is not where the new one's are.
  for (const node of state.nodes.values()) deleteRow(work, 'nodes', node, [node.name])
  state.nodes.clear()
  writeRow(work, 'meta', meta)
  return work.changes
}
