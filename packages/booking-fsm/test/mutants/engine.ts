/** Planted bugs in the audit, the memory of requests, hold limits and the archive. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const engineMutants: readonly Mutant[] = [
  mutant(
    'a record of the audit is not linked to the one before it',
    'audit/keep.ts',
    'audit.link = linkOf(audit.link, record)',
    "audit.link = linkOf('', record)",
  ),
  mutant(
    'what was refused is recorded as done',
    'audit/keep.ts',
    "if (type === 'refused' || type === 'resolved' ||",
    "if (type === 'resolved' ||",
  ),
  foundBy(
    'audit/audit.test.ts',
    mutant(
      'what time does to money is not recorded',
      'apply.ts',
      '  else writeTimeAudit(work, mark, hashLow, hashHigh)\n',
      '',
    ),
  ),
  foundBy(
    'audit/audit.test.ts',
    mutant(
      'what time does to money is recorded in an old cluster',
      'audit/keep.ts',
      '  if (meta.featureLevel < FULL_LEVEL) return\n',
      '',
    ),
  ),
  foundBy(
    'audit/audit.test.ts',
    mutant(
      'a ticket is inspected without a record',
      'audit/keep.ts',
      'meta.featureLevel < FULL_LEVEL && UNRECORDED_BELOW_3',
      'UNRECORDED_BELOW_3',
    ),
  ),
  mutant(
    'the audit begins anew when rows are loaded',
    'loading/basics.ts',
    '  audit.count = int(row)\n',
    '  int(row)\n',
  ),
  foundBy(
    'handlers/sales-rule.test.ts',
    mutant(
      'a payment that is under way is no open hold',
      'sales-rules.ts',
      "(status === 'held' || status === 'paying') && expiresAtMs > nowMs",
      "status === 'held' && expiresAtMs > nowMs",
    ),
  ),
  foundBy(
    'handlers/sales-rule.test.ts',
    mutant(
      'each leg of a trip is a hold of its own',
      'sales-rules.ts',
      ' && leadOf(booking) === booking',
      '',
    ),
  ),
  foundBy(
    'handlers/sales-rule.test.ts',
    mutant(
      'the sale closes a millisecond late',
      'sales-rules.ts',
      'meta.nowMs >= departure - closesBeforeMs',
      'meta.nowMs > departure - closesBeforeMs',
    ),
  ),
  foundBy(
    'handlers/sales-rule.test.ts',
    mutant(
      'a hold is extended as often as one likes',
      'handlers/extend-hold.ts',
      'return extended || expiresAtMs !== heldUntilMs ?',
      'return extended ?',
    ),
  ),
]
