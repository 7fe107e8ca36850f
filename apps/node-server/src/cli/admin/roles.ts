import { newRequestId } from '@quorail/cluster-client'
import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { accountIdOf, meant, none, roles } from './words.ts'

/** Gives an account a role. */
export async function adminRoles(
  context: AdminContext,
  [word, role, ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  if (role === undefined) throw new UsageError('Say the account and its role.')
  const value = meant(roles, role, 'A role')
  const accountId = await accountIdOf(context, word)
  await context.accounts.setRole({ requestId: newRequestId(), accountId, role: value })
  print(
    {
      headings: ['ACCOUNT', 'ROLE'],
      lines: [[String(accountId), role]],
      json: { id: Number(accountId), role },
      nextPage: '',
    },
    context.options.json,
  )
}
