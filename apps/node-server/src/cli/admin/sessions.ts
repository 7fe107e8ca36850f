import { newRequestId } from '@quorail/cluster-client'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { accountIdOf, instant, none } from './words.ts'

/** Where an account is logged in; with --end it is so nowhere any more. */
export async function adminSessions(
  context: AdminContext,
  [word, ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  const { admin, options } = context
  const accountId = await accountIdOf(context, word)
  if (options.end) await admin.endSessions({ requestId: newRequestId(), accountId })
  const page = await admin.getAccountPage({ accountId })
  const sessions = page.sessions.map((it) => ({
    id: it.sessionId,
    openedAt: instant(it.openedAt),
    expiresAt: instant(it.expiresAt),
  }))
  print(
    {
      headings: ['SESSION', 'OPENED', 'ENDS'],
      lines: sessions.map((it) => Object.values(it)),
      json: { id: Number(accountId), ended: options.end, sessions },
      nextPage: '',
    },
    options.json,
  )
}
