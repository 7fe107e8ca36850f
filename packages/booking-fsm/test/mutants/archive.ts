/** Planted bugs in what leaves the memory when a run is long over. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const unit = 'handlers/archive-run.test.ts'

export const archiveMutants: readonly Mutant[] = [
  foundBy(
    unit,
    mutant(
      'what a booking was answered is forgotten when it is archived, and may be done again',
      'archive/archiving.ts',
      '.map(requestDigest)',
      ".map(() => '')",
    ),
  ),
  foundBy(
    unit,
    mutant(
      'a booking is archived while a refund is owed',
      'archive/family.ts',
      'unpaidMinor(state, booking) !== 0',
      'unpaidMinor(state, booking) < 0',
    ),
  ),
  foundBy(
    unit,
    mutant(
      'of an archived booking the whole fare may be paid back once more',
      'archive/complaints.ts',
      'keptMinor: fare.keptMinor - part }',
      'keptMinor: fare.keptMinor }',
    ),
  ),
  foundBy(
    unit,
    mutant(
      'a leg of a trip is archived before the last train has arrived',
      'handlers/archive-run.ts',
      'family.every((it) => mayLeave',
      'family.some((it) => mayLeave',
    ),
  ),
  foundBy(
    unit,
    mutant(
      'the names in the archive outlive the account',
      'erasing.ts',
      '      eraseArchived(work, id)\n',
      '',
    ),
  ),
  foundBy(
    'handlers/vouchers.test.ts',
    mutant(
      'what a voucher paid is forgotten with the archived booking, and it can be used again',
      'archive/leaving.ts',
      "return use?.status === 'released' ? use : undefined",
      'return use',
    ),
  ),
]
