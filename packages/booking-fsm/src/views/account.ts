/** What queries give of accounts. */

import type { AccountRole } from '../commands.ts'

export interface AccountView {
  readonly accountId: number
  readonly email: string
  readonly displayName: string
  readonly role: AccountRole
  readonly passwordHash: string
  readonly registeredAtMs: number
  /** Nobody acts with it. */
  readonly isClosed: boolean
}
