/** Planted bugs in what passengers are told. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

export const noticeMutants: readonly Mutant[] = [
  mutant(
    'a notice stays in the outbox when it has been sent, and is sent again',
    'notices.ts',
    '  state.notices.delete(noticeId)\n',
    '',
  ),
  foundBy(
    'notices.test.ts',
    mutant(
      'who does not want to know is told',
      'notices.ts',
      'if (state.noticePreferences.get(accountId)?.muted.includes(kind) === true) return',
      '',
    ),
  ),
  mutant(
    'what an account does not want is lost when rows are loaded',
    'loading/notices.ts',
    'state.noticePreferences.set(preference.accountId, preference)',
    '',
  ),
  mutant(
    'a notice is sent when it is no news any more',
    'notices.ts',
    'if (state.meta.nowMs < notice.queuedAtMs + NOTICE_LIFE_MS) return',
    'if (state.meta.nowMs < notice.queuedAtMs + 2 * NOTICE_LIFE_MS) return',
  ),
  mutant(
    'a payment that came too late is not told of',
    'handlers/record-outcome.ts',
    "queueNotice(work, booking, 'latePaymentVoided', { amountMinor })",
    '',
  ),
]
