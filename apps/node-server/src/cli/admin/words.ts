/** Values of the API as words, and words as values. */
import { type Timestamp, timestampDate } from '@bufbuild/protobuf/wkt'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AccountState } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'

export const roles = {
  passenger: AccountRole.PASSENGER,
  agent: AccountRole.AGENT,
  staff: AccountRole.STAFF,
  operator: AccountRole.OPERATOR,
  guest: AccountRole.GUEST,
} as const
export const states = {
  open: AccountState.OPEN,
  closed: AccountState.CLOSED,
  erased: AccountState.ERASED,
} as const

/** The value that a word stands for; refused with the words there are. */
export function meant<T>(words: Readonly<Record<string, T>>, word: string, what: string): T {
  const value = Object.hasOwn(words, word) ? words[word] : undefined
  if (value !== undefined) return value
  throw new UsageError(`${what} is one of ${Object.keys(words).join(', ')}; not "${word}".`)
}

export function wordOf(words: Readonly<Record<string, unknown>>, value: unknown): string {
  return Object.keys(words).find((word) => words[word] === value) ?? 'unknown'
}

/** As ISO 8601, in UTC; '' where there is none. */
export const instant = (at: Timestamp | undefined): string =>
  at === undefined ? '' : timestampDate(at).toISOString()

/** An account by its id or address. */
export async function accountIdOf(
  { accounts }: AdminContext,
  word: string | undefined,
): Promise<bigint> {
  if (word === undefined) throw new UsageError('Say the account: its id or its address.')
  if (/^\d{1,15}$/.test(word)) return BigInt(word)
  const { account } = await accounts.findAccount({ email: word })
  if (account === undefined) throw new Error(`Nobody has an account with ${word}.`)
  return account.accountId
}

export function none(words: readonly string[]): void {
  if (words.length > 0) throw new UsageError(`"${words.join(' ')}" is not understood here.`)
}
