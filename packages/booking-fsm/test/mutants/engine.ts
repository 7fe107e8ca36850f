/** Planted bugs in the audit, the memory of requests, hold limits and the archive. */
import { type Mutant, mutant } from './mutant.ts'

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
  mutant(
    'the audit begins anew when rows are loaded',
    'loading/basics.ts',
    '  audit.count = int(row)\n',
    '  int(row)\n',
  ),
]
