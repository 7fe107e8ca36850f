import { createContextKey } from '@connectrpc/connect'
import type { AccountRole, AccountView } from '@quorail/booking-fsm'

/** Who is calling: an account, by a live session. */
export interface Principal {
  readonly account: AccountView
  readonly sessionHash: string
}

/** Set by the access interceptor; undefined for an anonymous caller. */
export const principalKey = createContextKey<Principal | undefined>(undefined, {
  description: 'who is calling',
})

/** The railway's own people; who sells for it is none of them. */
export function isStaff(role: AccountRole | undefined): boolean {
  return role === 'staff' || role === 'operator'
}
